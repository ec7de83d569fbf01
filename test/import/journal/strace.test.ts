import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { open, removeFolder, temporaryFolder } from './opening.ts';

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

let child: BundledChild;
let folder: string;

beforeAll(async () => {
  child = await bundleChild(new URL('./journal.child.ts', import.meta.url));
});
afterAll(() => child.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => removeFolder(folder));

interface Call {
  readonly name: string;
  readonly journal: boolean;
  readonly line: string;
}

interface Traced {
  readonly said: string[];
  /** System calls in the order in which they returned. */
  readonly calls: Call[];
}

/** One thread for file calls, so that strace can count them for `inject`. */
async function trace(count: number, lanes: number, ...options: string[]): Promise<Traced> {
  const log = join(folder, 'trace');
  const parameters = ['-f', '-y', '-s', '80', '-e', 'trace=write,pwrite64,fdatasync', ...options];
  const run = spawn(
    'strace',
    [
      ...parameters,
      '-o',
      log,
      process.execPath,
      child.path,
      'durable',
      folder,
      `${count}`,
      `${lanes}`,
    ],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '1' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(run, 'exit');
  const said = (await text(run.stdout)).trimEnd().split('\n');
  await ended;
  return { said, calls: readCalls(await readFile(log, 'utf8')) };
}

/** A call that another thread interrupted stands in two lines, and counts where it returned. */
function readCalls(log: string): Call[] {
  const unfinished = new Map<string, string>();
  const calls: Call[] = [];
  for (const line of log.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, rest);
      continue;
    }
    const full = rest.startsWith('<... ') ? `${unfinished.get(thread)}${rest}` : rest;
    const name = /^(\w+)\(/.exec(full)?.[1];
    if (name === undefined) continue;
    calls.push({ name, journal: full.includes('journal.ndjson>'), line: full });
  }
  return calls;
}

describe.skipIf(!canTrace)('under strace (not installed or not permitted, if skipped)', () => {
  test('each record is written and flushed before anything is done on the strength of it', async () => {
    const { said, calls } = await trace(3, 1);
    expect(said).toHaveLength(7);
    const steps = calls
      .filter(({ journal, line }) => journal || line.startsWith('write(1<'))
      .map(({ name, line }) => (name === 'write' ? 'say' : line.replace(/\(.*/s, '')));
    const record = ['pwrite64', 'fdatasync', 'say'];
    expect(steps).toEqual([...Array.from({ length: 6 }, () => record).flat(), 'say']);
  });

  test('requests in flight share a write and a flush', async () => {
    const { said, calls } = await trace(320, 32);
    expect(said).toHaveLength(641);
    const flushes = calls.filter(({ name, journal }) => name === 'fdatasync' && journal);
    const writes = calls.filter(({ name, journal }) => name === 'pwrite64' && journal);
    expect(writes).toHaveLength(flushes.length);
    expect(flushes.length).toBeLessThan(640 / 8);
  });

  test.each(['EIO', 'EDQUOT', 'ENOSPC'])(
    'a flush that fails with %s is the last thing that happens to the file',
    async (code) => {
      const { said, calls } = await trace(200, 8, '-e', `inject=fdatasync:error=${code}:when=5`);
      expect(said.slice(-2)).toEqual([
        `failed JournalWriteError ${code}`,
        'refused for the same reason',
      ]);
      const touched = calls.filter(({ journal }) => journal);
      expect(touched.filter(({ name }) => name === 'fdatasync')).toHaveLength(5);
      expect(touched.at(-1)?.line).toContain(code);
      const journal = await open(folder);
      for (const line of said.slice(0, -2)) {
        const [what, login = ''] = line.split(' ');
        expect(journal.state(login)).toBeDefined();
        if (what === 'created') expect(journal.state(login)?.status).toBe('created');
      }
      await journal.close();
    },
  );

  test('a write that fails is not followed by a flush', async () => {
    const { said, calls } = await trace(200, 8, '-e', 'inject=pwrite64:error=EIO:when=4');
    expect(said.at(-2)).toBe('failed JournalWriteError EIO');
    const touched = calls.filter(({ journal }) => journal);
    expect(touched.at(-1)?.name).toBe('pwrite64');
    expect(touched.filter(({ name }) => name === 'fdatasync')).toHaveLength(3);
  });
});
