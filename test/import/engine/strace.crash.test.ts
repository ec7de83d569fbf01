import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { createdClient, startServer } from '../../support/server.ts';
import { type Call, canTrace, traceNode, UNDER_STRACE } from '../../support/strace.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { loginOf } from './driving.ts';
import type { ChildTask } from './engine.child.ts';
import type { Variant } from './variants.ts';

const ROWS = 12;

let child: BundledChild;

beforeAll(async () => {
  child = await bundleChild(new URL('./engine.child.ts', import.meta.url));
});
afterAll(() => child.remove());

async function trace(concurrency: number, variant: Variant): Promise<readonly Call[]> {
  await using server = await startServer(createdClient);
  await using folder = await temporaryFolder();
  const task: ChildTask = {
    folder: folder.join('job'),
    url: server.url,
    rows: ROWS,
    concurrency,
    timeoutSeconds: 20,
    speed: 1,
    variant,
  };
  const { exitCode, calls } = await traceNode([child.path, JSON.stringify(task)], {
    log: folder.join('trace'),
    calls: 'write,writev,sendto,sendmsg,pwrite64,pwritev,fdatasync',
    length: 65536,
  });
  expect(exitCode).toBe(0);
  expect(server.requests).toHaveLength(ROWS);
  return calls;
}

/** Logins whose request began to be written before their intent had been written and flushed. */
function tooEarly(calls: readonly Call[]): string[] {
  const onJournal = calls.filter(({ text }) => text.includes('journal.ndjson>'));
  const logins = Array.from({ length: ROWS }, (_, index) => loginOf(index + 1));
  return logins.filter((login) => {
    const named = `"login":"${login}"`.replaceAll('"', '\\"');
    const request = calls.find(
      ({ text }) => text.includes(named) && /^\w+\(\d+<(?:socket|TCP)/.test(text),
    );
    const intent = onJournal.find(
      ({ text, name }) => name.startsWith('pwrite') && text.includes(named),
    );
    const flush = onJournal.find(
      ({ name, began }) => name === 'fdatasync' && intent !== undefined && began > intent.returned,
    );
    if (request === undefined) throw new Error(`no request for ${login} in the trace`);
    return flush === undefined || flush.returned > request.began;
  });
}

describe.skipIf(!canTrace)(UNDER_STRACE, () => {
  test.each([1, 4])(
    'with %i in flight each intent is written and flushed before its request goes out',
    async (concurrency) => {
      expect(tooEarly(await trace(concurrency, 'whole'))).toEqual([]);
    },
  );

  test('an engine that does not wait for the disk is found out', async () => {
    expect(tooEarly(await trace(4, 'hasty'))).not.toEqual([]);
  });
});
