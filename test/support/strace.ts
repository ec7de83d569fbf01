import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

export const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/** For the title of what is skipped without it. */
export const UNDER_STRACE = 'under strace (not installed or not permitted, if skipped)';

export interface Call {
  readonly name: string;
  /** The whole call, with the paths of its files, the bytes written and the result. */
  readonly text: string;
  /** Lines of the trace where it began and where it returned. */
  readonly began: number;
  readonly returned: number;
}

export interface TraceOptions {
  /** Where the trace goes. */
  readonly log: string;
  /** System calls as strace's `trace=` takes them. */
  readonly calls: string;
  /** Of each text, so many characters. */
  readonly length: number;
  /** Further options of strace. */
  readonly more?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Traced {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** In the order in which they returned. */
  readonly calls: readonly Call[];
}

/** Runs a script of Node's under strace. */
export async function traceNode(
  args: readonly string[],
  { log, calls, length, more = [], env = {} }: TraceOptions,
): Promise<Traced> {
  const own = ['-f', '-y', '-s', `${length}`, '-e', `trace=${calls}`, ...more, '-o', log];
  const run = spawn('strace', [...own, process.execPath, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(run, 'exit');
  const stdout = await text(run.stdout);
  const [exitCode] = (await ended) as [number | null];
  return { exitCode, stdout, calls: readCalls(await readFile(log, 'utf8')) };
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
    const begin = rest.startsWith('<... ') ? unfinished.get(thread) : undefined;
    const whole = begin === undefined ? rest : begin.text + rest;
    const name = /^(\w+)\(/.exec(whole)?.[1];
    if (name === undefined) continue;
    calls.push({ name, text: whole, began: begin?.began ?? line, returned: line });
  }
  return calls;
}
