import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { type Call, canTrace, traceNode, UNDER_STRACE } from '../../support/strace.ts';
import { open, removeFolder, temporaryFolder } from './opening.ts';

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

/** One thread for file calls, so that strace can count them for `inject`. */
async function trace(count: number, lanes: number, ...more: string[]) {
  const { stdout, calls } = await traceNode(
    [child.path, 'durable', folder, `${count}`, `${lanes}`],
    {
      log: join(folder, 'trace'),
      calls: 'write,pwrite64,fdatasync',
      length: 80,
      more,
      env: { UV_THREADPOOL_SIZE: '1' },
    },
  );
  return { said: stdout.trimEnd().split('\n'), calls };
}

const isOnJournal = ({ text }: Call) => text.includes('journal.ndjson>');

describe.skipIf(!canTrace)(UNDER_STRACE, () => {
  test('each record is written and flushed before anything is done on the strength of it', async () => {
    const { said, calls } = await trace(3, 1);
    expect(said).toHaveLength(7);
    const steps = calls
      .filter((call) => isOnJournal(call) || call.text.startsWith('write(1<'))
      .map(({ name }) => (name === 'write' ? 'say' : name));
    const record = ['pwrite64', 'fdatasync', 'say'];
    expect(steps).toEqual([...Array.from({ length: 6 }, () => record).flat(), 'say']);
  });

  test('requests in flight share a write and a flush', async () => {
    const { said, calls } = await trace(320, 32);
    expect(said).toHaveLength(641);
    const onJournal = calls.filter(isOnJournal);
    const flushes = onJournal.filter(({ name }) => name === 'fdatasync');
    const writes = onJournal.filter(({ name }) => name === 'pwrite64');
    expect(writes).toHaveLength(flushes.length);
    expect(flushes.length).toBeLessThan(640 / 8);
  });

  test.each(['EIO', 'EDQUOT', 'ENOSPC'])(
    'a flush that fails with %s is the last thing that happens to the file',
    async (code) => {
      const { said, calls } = await trace(200, 8, '-e', `inject=fdatasync:error=${code}:when=5`);
      expect(said.slice(-2)).toEqual([
        expect.stringMatching(
          new RegExp(`^failed Cannot write .*journal.ndjson: .*\\(${code}\\)\\.$`),
        ),
        'refused for the same reason',
      ]);
      const touched = calls.filter(isOnJournal);
      expect(touched.filter(({ name }) => name === 'fdatasync')).toHaveLength(5);
      expect(touched.at(-1)?.text).toContain(code);
      const journal = await open(folder);
      for (const line of said.slice(0, -2)) {
        const [what, login = ''] = line.split(' ');
        expect(journal.states.get(login)).toBeDefined();
        if (what === 'created') expect(journal.states.get(login)?.status).toBe('created');
      }
      await journal.close();
    },
  );

  test('a write that fails is not followed by a flush', async () => {
    const { said, calls } = await trace(200, 8, '-e', 'inject=pwrite64:error=EIO:when=4');
    expect(said.at(-2)).toMatch(/^failed Cannot write .*: the disk reports an error \(EIO\)\.$/);
    const touched = calls.filter(isOnJournal);
    expect(touched.at(-1)?.name).toBe('pwrite64');
    expect(touched.filter(({ name }) => name === 'fdatasync')).toHaveLength(3);
  });
});
