import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Longer than a busy machine needs for anything that a test waits for. */
export const SECONDS_TO_WAIT = 120;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProcessOptions {
  /** The whole environment but for PATH and HOME, which come from this machine unless given. */
  readonly env?: Environment;
  readonly cwd?: string;
}

export interface RunOptions extends ProcessOptions {
  /** All of stdin, a pipe; empty when left out. */
  readonly input?: string;
}

export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when it has ended and its streams are closed; rejects when it could not be started. */
  readonly exited: Promise<ProcessResult>;
  kill(signal: NodeJS.Signals): void;
  writeInput(text: string): void;
  endInput(): void;
  /** Rejects, with what it wrote, when the time is over or it ends without having written that. */
  waitForStdout(text: string | RegExp): Promise<void>;
  waitForStderr(text: string | RegExp): Promise<void>;
  /** Kills it if it still runs. */
  close(): Promise<void>;
}

/** PATH, HOME and what is given: settings of the machine that runs the tests do not reach a child. */
export function environment(given: Environment = {}): Record<string, string> {
  const all = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...given };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): RunningProcess {
  const child: ChildProcessWithoutNullStreams = spawn(command, [...args], {
    env: environment(options.env),
    cwd: options.cwd,
    stdio: 'pipe',
  });
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const textOf = (name: keyof typeof written) => Buffer.concat(written[name]).toString('utf8');
  child.stdout.on('data', (chunk: Buffer) => written.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => written.stderr.push(chunk));
  // A program may end without reading its input; its result is what a test looks at.
  child.stdin.on('error', () => {});

  const exited = new Promise<ProcessResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout: textOf('stdout'), stderr: textOf('stderr') }),
    );
  });
  // Whoever awaits it still sees a rejection.
  exited.catch(() => {});

  const waitFor = (name: keyof typeof written) => (wanted: string | RegExp) =>
    waitUntil(() => occurs(textOf(name), wanted), {
      watch: (look) => child[name].on('data', look),
      unwatch: (look) => child[name].off('data', look),
      ended: exited.then(() => 'the process has ended', String),
      report: (why) =>
        `${wanted} did not appear: ${why}\n--- stdout\n${textOf('stdout')}\n--- stderr\n${textOf('stderr')}`,
    });

  async function close(): Promise<void> {
    child.kill('SIGKILL');
    // A grandchild may hold the other ends open for ever.
    for (const stream of child.stdio) stream?.destroy();
    await exited.catch(() => undefined);
  }
  return {
    pid: child.pid ?? -1,
    get stdout() {
      return textOf('stdout');
    },
    get stderr() {
      return textOf('stderr');
    },
    exited,
    kill: (signal) => void child.kill(signal),
    writeInput: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    waitForStdout: waitFor('stdout'),
    waitForStderr: waitFor('stderr'),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export interface Waiting {
  /** Asks again at each change. */
  watch(look: () => void): void;
  unwatch(look: () => void): void;
  /** Why nothing more comes. */
  readonly ended: Promise<string>;
  /** The error's message. */
  report(why: string): string;
}

export async function waitUntil(isThere: () => boolean, waiting: Waiting): Promise<void> {
  let look = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(waiting.report(why)));
      look = () => {
        if (isThere()) resolve();
      };
      timer = setTimeout(fail, SECONDS_TO_WAIT * 1000, `${SECONDS_TO_WAIT} s are over`);
      waiting.watch(look);
      void waiting.ended.then((why) => {
        look();
        fail(why);
      });
      look();
    });
  } finally {
    clearTimeout(timer);
    waiting.unwatch(look);
  }
}

/** Runs a program without a terminal until it ends; one that hangs is killed. */
export async function runProcess(
  command: string,
  args: readonly string[],
  { input = '', ...options }: RunOptions = {},
): Promise<ProcessResult> {
  await using running = startProcess(command, args, options);
  if (input !== '') running.writeInput(input);
  running.endInput();
  const timer = setTimeout(() => running.kill('SIGKILL'), SECONDS_TO_WAIT * 1000);
  return await running.exited.finally(() => clearTimeout(timer));
}

/** Arguments of a running process as every user of the machine can read them; Linux only. */
export async function commandLineOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  return text.replace(/\0$/, '').split('\0');
}

/** Unlike `test`, a pattern with the flag `g` can be asked twice. */
export function occurs(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : text.search(wanted) >= 0;
}
