import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHistory, type Subject } from '../../src/store/history.ts';
import { systemOfProcess } from '../../src/system.ts';
import { asOrdinaryUser } from '../support/ordinary-user.ts';
import { canMountSmallDisk, mountSmallDisk } from '../support/small-disk.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const canMount = await canMountSmallDisk();
let temporary: TemporaryFolder;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.join('config');
});
afterEach(() => temporary.close());

const history = (place = folder) =>
  openHistory({ ...systemOfProcess(), env: { OXHOST_CONFIG_DIR: place } });
const client: Subject = {
  operation: 'plesk client create',
  origin: 'https://0xhost.com',
  fields: { login: 'client1' },
  login: 'client1',
};
const order: Subject = {
  operation: 'plesk order create',
  origin: 'https://0xhost.com',
  fields: { domain_name: 'example.com', months: '1' },
  domain: 'example.com',
};
const openFiles = () => readdir(join(folder, 'open')).then((names) => names.sort());
const lines = async () => (await readFile(join(folder, 'history.ndjson'), 'utf8')).split('\n');

describe('an attempt', () => {
  test('is a private file in private folders under umask 000, with all that is known', async () => {
    const umask = process.umask(0);
    const record = await history()
      .begin(client, { generatedPassword: 'pass-0123' })
      .finally(() => process.umask(umask));
    for (const place of [folder, join(folder, 'open')]) {
      expect((await stat(place)).mode & 0o777).toBe(0o700);
    }
    expect((await stat(record.file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(record.file, 'utf8'))).toEqual({
      ...client,
      ...{ number: 1, time: expect.any(String), state: 'unknown', generated_password: 'pass-0123' },
    });
    expect(record).toMatchObject({ number: 1, earlier: [] });
  });

  test.skipIf(process.getuid?.() !== 0)(
    "under sudo, in a user's home, is that user's (needs root, if skipped)",
    async () => {
      await chown(temporary.path, 1234, 1234);
      const { file } = await history().begin(client, {});
      await (await history().begin(order, {})).settle({});
      for (const place of [folder, join(folder, 'open'), join(folder, 'history.ndjson'), file]) {
        expect((await stat(place)).uid, place).toBe(1234);
      }
      expect(await history().findOpen(client)).toMatchObject([{ state: 'unknown' }]);
    },
  );

  test('becomes a line of the history, with ids and without the password', async () => {
    const record = await history().begin(client, { generatedPassword: 'pass-0123' });
    await record.settle({ client_id: 'id-1' });
    expect(await openFiles()).toEqual([]);
    const [line = '', end] = await lines();
    expect(JSON.parse(line)).toEqual({
      ...{ number: 1, time: expect.any(String), operation: client.operation },
      ...{ origin: client.origin, login: 'client1', ids: { client_id: 'id-1' }, state: 'created' },
    });
    expect(end).toBe('');
  });

  test('that did nothing is forgotten', async () => {
    await (await history().begin(client, {})).forget();
    expect((await history().list()).entries).toEqual([]);
  });

  test('keeps what the server said, and that it is made', async () => {
    const record = await history().begin(client, {});
    await record.update({ answer: '<h1>Bad gateway</h1>' });
    await record.update({ state: 'created', ids: { client_id: 'id-1' } });
    expect((await history().list()).entries).toEqual([
      expect.objectContaining({
        ...{ answer: '<h1>Bad gateway</h1>', state: 'created', ids: { client_id: 'id-1' } },
      }),
    ]);
  });

  test.each<[string, Partial<Subject>, number]>([
    ['the same', {}, 1],
    ['another origin', { origin: 'https://other.example' }, 0],
    ['another operation', { operation: 'storage order' }, 0],
    ['another field', { fields: { ...order.fields, months: '2' } }, 0],
    ['the same in another order', { fields: { months: '1', domain_name: 'example.com' } }, 1],
  ])('%s: earlier ones at the same', async (_what, changes, count) => {
    await history().begin(order, {});
    expect(await history().findOpen({ ...order, ...changes })).toHaveLength(count);
    expect((await history().begin({ ...order, ...changes }, {})).earlier).toHaveLength(count);
  });

  test('numbers go on from whatever is higher', async () => {
    await (await history().begin(client, {})).settle({});
    const second = await history().begin(order, {});
    await history().addSettled([
      { operation: 'plesk client import', origin: client.origin, login: 'a', ids: {} },
      { operation: 'plesk client import', origin: client.origin, login: 'b', ids: {} },
    ]);
    const fifth = await history().begin(client, {});
    expect([second.number, fifth.number]).toEqual([2, 5]);
    await second.settle({});
    expect((await history().list()).entries.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
  });

  test('many at once: each has its own number', async () => {
    const records = await Promise.all(Array.from({ length: 8 }, () => history().begin(client, {})));
    expect(new Set(records.map(({ number }) => number)).size).toBe(8);
  });

  test('many at once that refuse each other: one begins', async () => {
    const ends = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        history().begin(order, {
          consider: (earlier) => {
            if (earlier.length > 0) throw new Error('open');
          },
        }),
      ),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await openFiles()).toHaveLength(1);
  });
});

describe("a person's word", () => {
  test('yes makes it a line, by hand; no closes it; each number once', async () => {
    const yes = await history().begin(client, { generatedPassword: 'pass-0123' });
    const no = await history().begin(order, {});
    expect(await history().settle(yes.number, true)).toMatchObject({
      generated_password: 'pass-0123',
    });
    await history().settle(no.number, false);
    // Its number was shown: another attempt must not be settled by it.
    expect((await history().begin(order, {})).number).toBe(no.number + 1);
    await history().settle(no.number + 1, false);
    expect(await history().settle(yes.number, true)).toBeUndefined();
    const { entries } = await history().list();
    expect(entries).toMatchObject([
      { number: 1, login: 'client1', state: 'created', by_hand: true },
    ]);
    expect(JSON.stringify(entries)).not.toContain('pass-0123');
  });
});

describe('what is damaged', () => {
  test.each([
    ['empty', ''],
    ['cut', '{"number":1,"ti'],
    ['no object', 'null'],
    ['of another shape', '{"number":1}'],
  ])('an open file that is %s still counts, and is never deleted', async (_what, content) => {
    const { file } = await history().begin(order, {});
    await writeFile(file, content);
    expect(await history().findOpen(order)).toMatchObject([{ number: 1, state: 'damaged', file }]);
    expect(await history().findOpen(client)).toEqual([]);
    expect(await history().settle(1, true)).toMatchObject({ state: 'damaged' });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'an open file of somebody else counts, and is never deleted (needs root, if skipped)',
    async () => {
      const { file } = await history().begin(order, {});
      await chown(file, 1234, 1234);
      const damaged = [{ number: 1, state: 'damaged' }];
      expect(await history().findOpen(order)).toMatchObject(damaged);
      await chmod(file, 0o644);
      await asOrdinaryUser(temporary.path, async () => undefined);
      await chown(folder, 65_534, 65_534);
      await chown(join(folder, 'open'), 65_534, 65_534);
      await asOrdinaryUser(temporary.path, async () => {
        expect(await history().findOpen(order)).toMatchObject(damaged);
        expect(await history().settle(1, false)).toMatchObject({ state: 'damaged' });
        expect(await openFiles()).toHaveLength(1);
      });
    },
  );

  test('an open file that cannot be read counts', async () => {
    const { file } = await history().begin(order, {});
    await rm(file);
    await mkdir(file);
    expect(await history().findOpen(order)).toMatchObject([{ number: 1, state: 'damaged' }]);
  });

  test('a file that a kill left behind its line does not count; behind half a line it does', async () => {
    const { file, settle } = await history().begin(order, {});
    const content = await readFile(file);
    await settle({ order_id: 'id-1' });
    await writeFile(file, content);
    expect(await history().findOpen(order)).toEqual([]);
    expect((await history().list()).entries).toMatchObject([{ number: 1, state: 'created' }]);
    await (await history().begin(client, {})).forget();
    expect(await openFiles()).toEqual([]);
    await writeFile(file, content);
    const log = join(folder, 'history.ndjson');
    await writeFile(log, (await readFile(log, 'utf8')).slice(0, -20));
    expect(await history().findOpen(order)).toMatchObject([{ number: 1, state: 'unknown' }]);
    expect((await history().list()).entries).toMatchObject([{ number: 1, state: 'unknown' }]);
    expect((await history().begin(client, {})).number).toBe(2);
  });

  test('half a line of the history spoils no other', async () => {
    await (await history().begin(client, {})).settle({});
    const log = join(folder, 'history.ndjson');
    await writeFile(log, `${await readFile(log, 'utf8')}{"number":2,"ti`);
    const third = await history().begin(order, {});
    await third.settle({});
    const { entries, damagedLines } = await history().list();
    expect(entries.map(({ number }) => number)).toEqual([third.number, 1]);
    expect(damagedLines).toBe(1);
  });

  test.each([
    ['a link in place of the history', (log: string) => symlink('elsewhere', log), 'ELOOP'],
    ['a folder in place of the history', (log: string) => mkdir(log), 'EISDIR'],
  ])('%s: a sentence with path and code', async (_what, make, code) => {
    await mkdir(folder);
    await make(join(folder, 'history.ndjson'));
    const work = history().addSettled([{ ...client, ids: {} }]);
    await expect(work).rejects.toMatchObject({
      code: 'config_error',
      message: expect.stringMatching(new RegExp(`^The history in ${folder} .*\\(${code}\\)`)),
    });
  });

  test('a folder that nobody may write to', async () => {
    await mkdir(folder);
    await asOrdinaryUser(temporary.path, async () => {
      await chmod(folder, 0o500);
      const work = history(join(folder, 'below')).begin(client, {});
      await expect(work).rejects.toMatchObject({ code: 'config_error' });
    });
  });

  test.skipIf(!canMount)('a full disk leaves no half attempt', async () => {
    await using disk = await mountSmallDisk(64);
    const place = join(disk.path, 'config');
    const first = await history(place).begin(client, {});
    await disk.fillUpTo(0);
    await expect(history(place).begin(order, {})).rejects.toMatchObject({
      code: 'config_error',
      message: expect.stringContaining('ENOSPC'),
    });
    expect(await history(place).findOpen(client)).toMatchObject([{ number: first.number }]);
    expect(await history(place).findOpen(order)).toEqual([]);
  });
});
