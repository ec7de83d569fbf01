import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../../src/errors.ts';
import { append, intent, ORIGIN, open, outcome, removeFolder, temporaryFolder } from './opening.ts';

let parent: string;
let folder: string;
let file: string;

beforeEach(async () => {
  parent = await temporaryFolder();
  folder = join(parent, 'clients.csv.oxhost');
  file = join(folder, 'journal.ndjson');
});
afterEach(() => removeFolder(parent));

describe('what is written', () => {
  test('the header, then records, each JSON with the CRC of the line without it', async () => {
    const clock = { now: () => Date.UTC(2024, 0, 2), sleep: async () => undefined };
    const lock = { platform: process.platform, pid: 1, doing: 'x', clock, random: () => 0 };
    const journal = await open(folder, { lock, randomBytes: (size) => Buffer.alloc(size, 7) });
    await append(journal, intent('client1', { generated_password: 'secret' }));
    await append(journal, outcome('client1', 'created', { id: '9', plesk_client_id: '12' }));
    await journal.rememberKey('the-key');
    await journal.close();

    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    const time = '2024-01-02T00:00:00.000Z';
    const records = [
      {
        kind: 'header',
        format: 1,
        tool_version: '1.2.3',
        origin: ORIGIN,
        mapping: { login: 'username', name: ['first', 'last'] },
        created: time,
        input_key: Buffer.alloc(32, 7).toString('base64'),
      },
      { ...intent('client1', { generated_password: 'secret' }), time },
      { ...outcome('client1', 'created', { id: '9', plesk_client_id: '12' }), time },
      { kind: 'note', code: 'api_key_mark', message: expect.stringMatching(/^[\w-]{6}$/), time },
    ];
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      records.map((record) => ({ ...record, crc: expect.stringMatching(/^[0-9a-f]{8}$/) })),
    );
    for (const line of lines) {
      const { crc, ...rest } = JSON.parse(line);
      expect(crc32(JSON.stringify(rest)).toString(16).padStart(8, '0')).toBe(crc);
    }
  });

  test.skipIf(process.platform === 'win32')(
    'the folder is 0700 and its files 0600 whatever the umask (no modes on Windows)',
    async () => {
      for (const mask of [0, 0o077]) {
        const before = process.umask(mask);
        try {
          await (await open(folder)).close();
        } finally {
          process.umask(before);
        }
        expect((await stat(folder)).mode & 0o777).toBe(0o700);
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        expect((await stat(join(folder, 'lock'))).mode & 0o777).toBe(0o600);
        await removeFolder(folder);
      }
    },
  );

  test.skipIf(process.platform === 'win32')(
    'a folder and a journal that others could read are closed to them (no modes on Windows)',
    async () => {
      await (await open(folder)).close();
      await chmod(folder, 0o755);
      await chmod(file, 0o644);
      await (await open(folder)).close();
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'a shared folder with other things in it is refused and left as it is (no modes on Windows)',
    async () => {
      await mkdir(folder);
      await chmod(folder, 0o755);
      await writeFile(join(folder, 'photo'), '');
      await expect(open(folder)).rejects.toThrow('can be read by others');
      expect((await stat(folder)).mode & 0o777).toBe(0o755);
    },
  );

  test.each([
    ['an outcome without an intent', [], outcome('client1')],
    [
      'an outcome of another attempt',
      [intent('client1')],
      outcome('client1', 'created', { attempt: 2 }),
    ],
    ['a second outcome', [intent('client1'), outcome('client1', 'rejected')], outcome('client1')],
    [
      'an intent after it is created',
      [intent('client1'), outcome('client1')],
      intent('client1', { attempt: 2 }),
    ],
    [
      'an intent with the number of an earlier one',
      [intent('client1'), outcome('client1', 'rejected')],
      intent('client1'),
    ],
  ])('%s is refused and harms nothing', async (_, before, record) => {
    const journal = await open(folder);
    for (const earlier of before) await append(journal, earlier);
    const { size } = await stat(file);
    await expect(append(journal, record)).rejects.toBeInstanceOf(RangeError);
    expect((await stat(file)).size).toBe(size);
    await append(journal, intent('client2'));
    await journal.close();
  });
});

describe('another writer', () => {
  const moved = () => join(parent, 'moved');
  test.skipIf(process.platform === 'win32').each([
    ['with nothing in its place', async () => rename(folder, moved())],
    [
      'with another run in its place',
      async () => {
        await rename(folder, moved());
        const second = await open(folder);
        await append(second, intent('client2'));
        await second.close();
      },
    ],
    [
      'with a copy in its place',
      async () => {
        await rename(folder, moved());
        await cp(moved(), folder, { recursive: true });
      },
    ],
  ])(
    'a folder moved away %s ends all writing (Windows moves none with open files)',
    async (_, move) => {
      const journal = await open(folder);
      await append(journal, intent('client1'));
      await move();
      const others = await readFile(file, 'utf8').catch(() => undefined);
      const own = await readFile(join(moved(), 'journal.ndjson'), 'utf8');
      await expect(append(journal, intent('client2'))).rejects.toBeInstanceOf(OxhostError);
      expect(journal.failure?.message).toContain('was moved, deleted or replaced');
      expect(journal.states.get('client2')).toBeUndefined();
      await journal.close();
      expect(await readFile(file, 'utf8').catch(() => undefined)).toBe(others);
      expect(await readFile(join(moved(), 'journal.ndjson'), 'utf8')).toBe(own);
    },
  );

  test('is found without a record to write, and ends all writing', async () => {
    const journal = await open(folder);
    journal.check();
    await append(journal, intent('client1'));
    journal.check();
    expect(journal.isForeign).toBe(false);
    await appendFile(file, '\n');
    expect(() => journal.check()).toThrow('changed by another program');
    expect(journal.isForeign).toBe(true);
    await expect(append(journal, intent('client2'))).rejects.toBe(journal.failure);
    await journal.close();
  });

  test.each([
    ['appends', () => appendFile(file, '\n'), 'changed by another program'],
    ['shortens it', () => truncate(file, 10), 'changed by another program'],
    ['deletes it', () => rm(file), 'deleted or replaced'],
    [
      'replaces it',
      async () => {
        await writeFile(`${file}.edited`, await readFile(file));
        await rename(`${file}.edited`, file);
      },
      'deleted or replaced',
    ],
  ])('that %s ends all writing', async (_, interfere, words) => {
    const journal = await open(folder);
    await append(journal, intent('client1'));
    await interfere();
    const changed = await readFile(file).catch(() => undefined);
    const refused = await Promise.allSettled([
      append(journal, outcome('client1')),
      append(journal, intent('client2')),
    ]);
    for (const result of refused) {
      expect(result).toMatchObject({ status: 'rejected', reason: journal.failure });
    }
    expect(journal.isForeign).toBe(true);
    expect(journal.failure?.message).toContain(words);
    await expect(append(journal, intent('client3'))).rejects.toBe(journal.failure);
    // What was answered is known, though it could not be written.
    expect(journal.states.get('client1')).toMatchObject({ status: 'created', answered: true });
    expect(journal.states.get('client2')).toBeUndefined();
    await journal.close();
    expect(await readFile(file).catch(() => undefined)).toEqual(changed);
  });
});
