import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAttempts, type PendingAttempt, recordAttempt } from '../../src/store/pending.ts';
import { canMountSmallDisk, mountSmallDisk } from '../support/small-disk.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const canMount = await canMountSmallDisk();
let temporary: TemporaryFolder;
let folder: string;
let count = 0;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.join('config');
  count = 0;
});
afterEach(() => temporary.close());

const attempt = (changes: Partial<PendingAttempt> = {}): PendingAttempt => ({
  origin: 'https://0xhost.com',
  login: 'client1',
  started_at: '2026-01-02T03:04:05.000Z',
  ...changes,
});
const begin = (changes: Partial<PendingAttempt> = {}) => {
  count += 1;
  return recordAttempt(folder, attempt(changes), `name${count}`);
};
const files = () => readdir(join(folder, 'pending'));

describe('one attempt', () => {
  test('is a private file in private folders under umask 000, with all that is known', async () => {
    const umask = process.umask(0);
    const record = await begin({ generated_password: 'pass-0123' }).finally(() =>
      process.umask(umask),
    );
    for (const place of [folder, join(folder, 'pending')]) {
      expect((await stat(place)).mode & 0o777).toBe(0o700);
    }
    expect((await stat(record.file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(record.file, 'utf8'))).toEqual(
      attempt({ generated_password: 'pass-0123' }),
    );
    expect(record.earlier).toEqual([]);
  });

  test('says nothing of the login in its name', async () => {
    const record = await begin({ login: '../../client' });
    expect(record.file).toMatch(/\/pending\/[0-9a-f]{24}-name1\.json$/);
    expect(await readdir(folder)).toEqual(['pending']);
  });

  test('has a name of its own, and a taken one is an error', async () => {
    await recordAttempt(folder, attempt(), 'same');
    await expect(recordAttempt(folder, attempt(), 'same')).rejects.toMatchObject({
      code: 'EEXIST',
    });
  });
});

describe('earlier attempts', () => {
  test('of the same login at the same origin are told, oldest first', async () => {
    const late = await begin({ started_at: '2026-01-03T00:00:00.000Z' });
    const early = await begin({ started_at: '2026-01-01T00:00:00.000Z', generated_password: 'p' });
    await begin({ login: 'client2' });
    await begin({ login: 'Client1' });
    await begin({ origin: 'http://127.0.0.1:1' });
    const record = await begin();
    expect(record.earlier).toEqual([
      { file: early.file, startedAt: '2026-01-01T00:00:00.000Z', hasPassword: true },
      { file: late.file, startedAt: '2026-01-03T00:00:00.000Z', hasPassword: false },
    ]);
  });

  test.each([
    ['empty', ''],
    ['torn', '{"login":"cl'],
    ['an array', '[]'],
    ['null', 'null'],
    ['with a time that is a number', '{"started_at":5}'],
  ])('%s: not told, not in the way, and gone when it is settled', async (_name, content) => {
    const first = await begin();
    await writeFile(first.file, content);
    const second = await begin();
    expect(second.earlier).toEqual([]);
    await second.settle();
    expect(await files()).toEqual([]);
  });
});

describe('the end', () => {
  test('forget takes this attempt alone', async () => {
    const first = await begin({ generated_password: 'p' });
    const second = await begin();
    await second.forget();
    await second.forget();
    expect(await files()).toEqual([first.file.slice(first.file.lastIndexOf('/') + 1)]);
  });

  test('settle takes every one of this login and no other', async () => {
    await begin();
    const other = await begin({ login: 'client2' });
    const last = await begin();
    const later = await begin();
    await last.settle();
    const left = (await files()).map((name) => join(folder, 'pending', name)).sort();
    // What began after it may be another process in the middle of its request.
    expect(left).toEqual([other.file, later.file].sort());
  });

  test('both are content when somebody has cleared up before', async () => {
    const record = await begin();
    await rm(folder, { recursive: true });
    await record.forget();
    await record.settle();
  });
});

describe('places that are not ours', () => {
  test.each(['folder', 'pending'])(
    'a linked %s is refused, its target unchanged',
    async (which) => {
      const target = temporary.join('target');
      await mkdir(target, { mode: 0o755 });
      if (which === 'pending') await mkdir(folder);
      await symlink(target, which === 'pending' ? join(folder, 'pending') : folder);
      await expect(begin()).rejects.toThrow('is a symbolic link');
      expect(await readdir(target)).toEqual([]);
      expect((await stat(target)).mode & 0o777).toBe(0o755);
    },
  );

  test.skipIf(!canMount)(
    'a full disk is an error, and no half a record stays (needs the right to mount, if skipped)',
    async () => {
      await using disk = await mountSmallDisk(4);
      const pending = join(disk.path, 'config', 'pending');
      await mkdir(pending, { recursive: true });
      await disk.fillUpTo(0);
      const write = recordAttempt(join(disk.path, 'config'), attempt(), 'name');
      await expect(write).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await readdir(pending)).toEqual([]);
    },
  );
});

describe('all of them', () => {
  test('none where there is no folder', async () => {
    expect(await listAttempts(folder)).toEqual({ attempts: [], unreadable: [] });
    await writeFile(folder, '');
    expect(await listAttempts(folder)).toEqual({ attempts: [], unreadable: [] });
  });

  test('oldest first, with what they were at and without passwords', async () => {
    const client = await begin({ generated_password: 'pass-0123' });
    const order = await recordAttempt(
      folder,
      {
        ...{ origin: 'https://0xhost.com', path: '/API/orders/create_order_plesk', fields: {} },
        started_at: '2025-12-31T00:00:00.000Z',
      },
      'order',
    );
    await writeFile(join(folder, 'pending', 'cut.json'), '{"started_at":"2026');
    const found = await listAttempts(folder);
    const origin = 'https://0xhost.com';
    expect(found).toEqual({
      attempts: [
        {
          ...{ file: order.file, startedAt: '2025-12-31T00:00:00.000Z', hasPassword: false },
          ...{ origin, login: null, path: '/API/orders/create_order_plesk' },
        },
        {
          ...{ file: client.file, startedAt: '2026-01-02T03:04:05.000Z', hasPassword: true },
          ...{ origin, login: 'client1', path: null },
        },
      ],
      unreadable: [join(folder, 'pending', 'cut.json')],
    });
    expect(JSON.stringify(found)).not.toContain('pass-0123');
  });
});
