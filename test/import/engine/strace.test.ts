import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { createdClient, startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { loginOf } from './driving.ts';
import type { ChildTask } from './engine.child.ts';
import type { Variant } from './variants.ts';

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
const ROWS = 12;

let child: BundledChild;

beforeAll(async () => {
  child = await bundleChild(new URL('./engine.child.ts', import.meta.url));
});
afterAll(() => child.remove());

interface Call {
  readonly name: string;
  /** What was called, with the file's path and the bytes written. */
  readonly text: string;
  /** Lines of the trace where it began and where it returned. */
  readonly began: number;
  readonly returned: number;
}

/** The calls of all threads; one that another thread interrupted stands in two lines. */
function readCalls(trace: string): Call[] {
  const unfinished = new Map<string, { text: string; began: number }>();
  const calls: Call[] = [];
  for (const [line, content] of trace.split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(content) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, { text: rest, began: line });
      continue;
    }
    const { text, began } = rest.startsWith('<... ')
      ? (unfinished.get(thread) ?? { text: '', began: line })
      : { text: rest, began: line };
    const name = /^(\w+)\(/.exec(text)?.[1];
    if (name !== undefined) calls.push({ name, text, began, returned: line });
  }
  return calls;
}

async function trace(concurrency: number, variant: Variant): Promise<Call[]> {
  await using server = await startServer(createdClient);
  await using folder = await temporaryFolder();
  const log = folder.join('trace');
  const task: ChildTask = {
    folder: folder.join('job'),
    url: server.url,
    rows: ROWS,
    concurrency,
    timeoutSeconds: 20,
    speed: 1,
    variant,
  };
  const calls = 'trace=write,writev,sendto,sendmsg,pwrite64,pwritev,fdatasync';
  const parameters = ['-f', '-y', '-s', '65536', '-e', calls, '-o', log];
  const run = spawn('strace', [...parameters, process.execPath, child.path, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(run, 'exit')).toEqual([0, null]);
  expect(server.requests).toHaveLength(ROWS);
  return readCalls(await readFile(log, 'utf8'));
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

describe.skipIf(!canTrace)('under strace (not installed or not permitted, if skipped)', () => {
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
