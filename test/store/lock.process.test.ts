import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock, LockedError, type LockRequest } from '../../src/store/lock.ts';
import { type BundledChild, bundleChild } from '../bundle-child.ts';

let child: BundledChild;
let folder: string;
let started: ChildProcess[] = [];

beforeAll(async () => {
  child = await bundleChild(new URL('./lock.child.ts', import.meta.url));
});
afterAll(() => child.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oxhost-lock-'));
});
afterEach(async () => {
  await Promise.all(started.map(kill));
  started = [];
  await rm(folder, { recursive: true, force: true });
});

function start(parameters: string[], options: string[] = []): ChildProcess {
  const process_ = spawn(process.execPath, [...options, child.path, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(process_);
  return process_;
}

async function startHolder(...options: string[]): Promise<ChildProcess> {
  const holder = start(['hold', folder], options);
  if (holder.stdout === null) throw new Error('no stdout');
  await once(holder.stdout, 'data');
  return holder;
}

async function kill(process_: ChildProcess): Promise<void> {
  if (process_.exitCode !== null || process_.signalCode !== null) return;
  const ended = once(process_, 'exit');
  process_.kill('SIGKILL');
  await ended;
}

async function endedWell(process_: ChildProcess): Promise<void> {
  const [code] = await once(process_, 'exit');
  expect(code).toBe(0);
}

const request = (changes: Partial<LockRequest> = {}): LockRequest => ({
  folder,
  purpose: 'test',
  platform: process.platform,
  pid: process.pid,
  doing: 'testing',
  clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
  random: Math.random,
  ...changes,
});

describe('one process', () => {
  test('a second request is refused and hears who holds the lock and since when', async () => {
    const clock = { now: () => Date.UTC(2024, 0, 2, 3, 4, 5), sleep };
    const lock = await acquireLock(request({ clock, doing: 'plesk client import' }));
    const refusal = await acquireLock(request()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(LockedError);
    expect(refusal).toMatchObject({
      folder,
      holder: { pid: process.pid, since: clock.now(), doing: 'plesk client import' },
      message: `${folder} is in use by process ${process.pid} (plesk client import) since 2024-01-02T03:04:05.000Z`,
    });
    await lock.release();
  });

  test('released, it is free again, and nobody is named any more', async () => {
    const lock = await acquireLock(request());
    await Promise.all([lock.release(), lock.release()]);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe('');
    const next = await acquireLock(request());
    await lock.release();
    await expect(acquireLock(request())).rejects.toBeInstanceOf(LockedError);
    await next.release();
  });

  test('another folder and another purpose are other locks', async () => {
    const other = await mkdtemp(join(folder, 'other-'));
    const locks = await Promise.all([
      acquireLock(request()),
      acquireLock(request({ purpose: 'other' })),
      acquireLock(request({ folder: other })),
    ]);
    await Promise.all(locks.map((lock) => lock.release()));
  });

  test('the same folder by a symbolic link, or renamed meanwhile, is the same lock', async () => {
    const inner = await mkdtemp(join(folder, 'inner-'));
    const link = join(folder, 'link');
    await symlink(inner, link);
    const lock = await acquireLock(request({ folder: inner }));
    await expect(acquireLock(request({ folder: link }))).rejects.toBeInstanceOf(LockedError);
    const renamed = join(folder, 'renamed');
    await rename(inner, renamed);
    await expect(acquireLock(request({ folder: renamed }))).rejects.toBeInstanceOf(LockedError);
    await lock.release();
  });

  test.skipIf(process.platform !== 'linux')(
    'the socket name leaves no room for padding, which differs by Node version (Linux only)',
    async () => {
      const lock = await acquireLock(request());
      expect(await readFile('/proc/net/unix', 'utf8')).toMatch(/ @oxhost-[0-9a-f]{100}$/m);
      await lock.release();
    },
  );

  test('waits with growing, spread pauses no longer than it may', async () => {
    const lock = await acquireLock(request());
    const pauses: number[] = [];
    const clock = {
      now: Date.now,
      sleep: async (milliseconds: number) => {
        pauses.push(milliseconds);
      },
    };
    const waiting = acquireLock(request({ clock, random: () => 0.5, waitMilliseconds: 500 }));
    await expect(waiting).rejects.toBeInstanceOf(LockedError);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeCloseTo(500);
    expect(pauses.slice(0, 3)).toEqual([10, 15, 22.5]);
    expect(Math.max(...pauses)).toBe(100);
    await lock.release();
  });

  test.each([
    ['', 'empty'],
    ['{"pid":', 'cut'],
    ['[]', 'an array'],
    ['null', 'null'],
    ['{"pid":"1","since":0,"doing":"x"}', 'a pid that is no number'],
    ['{"pid":1,"since":9e15,"doing":"x"}', 'a time that does not exist'],
    ['{"pid":1,"since":1}', 'without its last field'],
  ])('a lock file %j (%s) names nobody and changes nothing else', async (content) => {
    const lock = await acquireLock(request());
    await writeFile(join(folder, 'lock'), content);
    const refusal = await acquireLock(request()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      holder: undefined,
      message: `${folder} is in use by another process`,
    });
    await lock.release();
  });

  test('the lock file is private even if it was not, and a symbolic link is left alone', async () => {
    const file = join(folder, 'lock');
    await writeFile(file, '', { mode: 0o644 });
    await chmod(file, 0o644);
    await (await acquireLock(request())).release();
    expect((await lstat(file)).mode & 0o777).toBe(0o600);

    await rm(file);
    const target = join(folder, 'target');
    await writeFile(target, 'precious');
    await symlink(target, file);
    await (await acquireLock(request())).release();
    expect(await readFile(target, 'utf8')).toBe('precious');
  });

  test('a file that no lock made is left as it is', async () => {
    const file = join(folder, 'lock');
    await writeFile(file, 'my own notes\n', { mode: 0o644 });
    await chmod(file, 0o644);
    await (await acquireLock(request())).release();
    expect(await readFile(file, 'utf8')).toBe('my own notes\n');
    expect((await lstat(file)).mode & 0o777).toBe(0o644);
  });

  test('a missing folder is an error of its own', async () => {
    const missing = acquireLock(request({ folder: join(folder, 'missing') }));
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('several processes', () => {
  test('kill -9 of the holder frees the lock at once', async () => {
    const holder = await startHolder();
    await expect(acquireLock(request())).rejects.toMatchObject({ holder: { pid: holder.pid } });
    await kill(holder);
    await (await acquireLock(request())).release();
  });

  test.skipIf(process.platform !== 'linux')(
    'a lock that nobody refers to any more keeps its folder open all the same (Linux only)',
    async () => {
      const holder = await startHolder('--expose-gc');
      await sleep(50);
      const open = `/proc/${holder.pid}/fd`;
      const names = await readdir(open);
      const targets = await Promise.all(names.map((name) => readlink(join(open, name))));
      expect(targets).toContain(folder);
    },
  );

  test('a suspended holder keeps the lock', async () => {
    const holder = await startHolder();
    holder.kill('SIGSTOP');
    const waiting = acquireLock(request({ waitMilliseconds: 300 }));
    await expect(waiting).rejects.toMatchObject({ holder: { pid: holder.pid } });
    holder.kill('SIGCONT');
    await expect(acquireLock(request())).rejects.toBeInstanceOf(LockedError);
  });

  test('a process that is done ends although it holds a lock', async () => {
    await endedWell(start(['leave', folder]));
    await (await acquireLock(request())).release();
  });

  const countWith = async (mode: string): Promise<number> => {
    await writeFile(join(folder, 'count'), '0');
    await Promise.all(Array.from({ length: 8 }, () => endedWell(start([mode, folder, '25']))));
    return Number(await readFile(join(folder, 'count'), 'utf8'));
  };

  test('eight processes that change one file in turn lose nothing', async () => {
    expect(await countWith('count')).toBe(200);
  });

  test('the same without the lock does lose, so that the test above means something', async () => {
    expect(await countWith('count-unlocked')).toBeLessThan(200);
  });
});
