import {
  appendFile,
  chown,
  mkdir,
  open as openHandle,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OxhostError } from '../../../src/errors.ts';
import { isNetworkFileSystem } from '../../../src/import/journal/open.ts';
import { encodeLine } from '../../../src/import/journal/record.ts';
import { append, intent, open, outcome, removeFolder, temporaryFolder } from './opening.ts';

let parent: string;
let folder: string;
let file: string;

beforeEach(async () => {
  parent = await temporaryFolder();
  folder = join(parent, 'clients.csv.oxhost');
  file = join(folder, 'journal.ndjson');
});
afterEach(() => removeFolder(parent));

describe('what is refused', () => {
  test('a second run, naming the first', async () => {
    const journal = await open(folder);
    await expect(open(folder)).rejects.toThrow('Another run works with this journal');
    await expect(open(folder)).rejects.toThrow(`process ${process.pid}`);
    await journal.close();
    await (await open(folder)).close();
  });

  test('a journal of another origin, and the lock is free again', async () => {
    await (await open(folder)).close();
    const other = open(folder, { origin: 'https://other.example.com' });
    await expect(other).rejects.toMatchObject({ code: 'usage' });
    await (await open(folder)).close();
  });

  test('a format that is not known yet', async () => {
    await (await open(folder)).close();
    const { crc, ...header } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, encodeLine({ ...header, format: 2, tool_version: '9.0.0' }));
    await expect(open(folder)).rejects.toMatchObject({ code: 'config_error' });
    await expect(open(folder)).rejects.toThrow('format 2, written by oxhost 9.0.0');
  });

  test.each([
    ['missing', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['edited', (text: string) => text.replace('api.example.com', 'api.example.org')],
    ['edited, and alone', (text: string) => `${text.split('\n')[0]?.replace('1.2.3', '1.2.4')}\n`],
    ['without its newline', (text: string) => text.split('\n')[0] ?? ''],
    ['empty', () => ''],
    ['something else', () => '{}\n'],
  ])('a journal whose first line is %s', async (_, change) => {
    const journal = await open(folder);
    await append(journal, intent('client1'));
    await journal.close();
    const changed = change(await readFile(file, 'utf8'));
    await writeFile(file, changed);
    await expect(open(folder)).rejects.toThrow('damaged at byte 0:');
    expect(await readFile(file, 'utf8')).toBe(changed);
  });

  test('whole lines that cannot follow each other: the offset of the first one', async () => {
    const journal = await open(folder);
    await append(journal, intent('client1'));
    const { size } = await stat(file);
    await append(journal, outcome('client1'));
    await journal.close();
    const text = await readFile(file);
    await appendFile(file, text.subarray(size));
    await expect(open(folder)).rejects.toThrow(`damaged at byte ${text.length}:`);
    await writeFile(file, Buffer.concat([text, text.subarray(0, text.indexOf('\n') + 1)]));
    await expect(open(folder)).rejects.toThrow(`at byte ${text.length}: the line cannot follow`);
  });

  test('a journal that is a symbolic link, leaving what it leads to as it was', async () => {
    await mkdir(folder, { mode: 0o700 });
    const precious = join(parent, 'precious');
    await writeFile(precious, 'precious');
    for (const target of [precious, join(parent, 'nowhere')]) {
      await symlink(target, file);
      await expect(open(folder)).rejects.toThrow('journal.ndjson: it is a symbolic link');
      await rm(file);
    }
    expect(await readFile(precious, 'utf8')).toBe('precious');
  });

  test.skipIf(process.geteuid?.() !== 0).each([
    ['empty', async () => mkdir(folder, { mode: 0o700 })],
    ['with a journal', async () => (await open(folder)).close()],
  ])('a folder of another user, %s (needs root to give one away)', async (_, prepare) => {
    await prepare();
    await chown(folder, 65_534, 65_534);
    const before = await readdir(folder);
    const refusal = open(folder);
    await expect(refusal).rejects.toBeInstanceOf(OxhostError);
    await expect(refusal).rejects.toThrow(`${folder} belongs to another user (65534)`);
    await expect(refusal).rejects.toMatchObject({
      details: { hint: expect.stringContaining('sudo chown') },
    });
    expect(await readdir(folder)).toEqual(before);
    await chown(folder, 0, 0);
    await (await open(folder)).close();
  });

  test('a header that a killed run left half-written is written anew', async () => {
    await mkdir(folder, { mode: 0o700 });
    const left = join(folder, 'journal.ndjson.new');
    await writeFile(left, '{"kind":"hea');
    const { ino } = await stat(left);
    const holder = await openHandle(left, 'r');
    await (await open(folder)).close();
    expect((await stat(file)).ino).not.toBe(ino);
    expect(await holder.readFile('utf8')).toBe('{"kind":"hea');
    await holder.close();
  });

  test.each([
    ['a file in place of the folder', async () => writeFile(folder, ''), 'is not a folder'],
    [
      'a file in place of the folder above',
      async () => {
        folder = join(parent, 'file', 'journal');
        await writeFile(join(parent, 'file'), '');
      },
      'Cannot use',
    ],
    [
      'a folder in place of the journal',
      async () => mkdir(file, { recursive: true, mode: 0o700 }),
      'journal.ndjson',
    ],
  ])('%s', async (_, prepare, words) => {
    await prepare();
    const refusal = open(folder);
    await expect(refusal).rejects.toBeInstanceOf(OxhostError);
    await expect(refusal).rejects.toThrow(words);
  });
});

/** Numbers from statfs(2); the last is how some systems give that of CIFS. */
test.each([
  ['NFS', 0x6969, true],
  ['SMB 1', 0x517b, true],
  ['SMB 2', 0xfe534d42, true],
  ['CIFS', 0xff534d42 | 0, true],
  ['ext4', 0xef53, false],
  ['tmpfs', 0x01021994, false],
])('%s is a network drive: %#x, %s', (_, type, expected) => {
  expect(isNetworkFileSystem(type)).toBe(expected);
});
