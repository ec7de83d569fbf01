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
  /** Then the process is killed and the run rejects, with what it wrote so far. Default `SECONDS_TO_WAIT`. */
  readonly timeoutSeconds?: number;
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
  waitForStdout(text: string | RegExp, seconds?: number): Promise<void>;
  waitForStderr(text: string | RegExp, seconds?: number): Promise<void>;
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
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const textOf = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A program may end without reading its input; its result is what a test looks at.
  child.stdin.on('error', () => {});

  const exited = new Promise<ProcessResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) =>
      resolve({ exitCode, signal, stdout: textOf(stdout), stderr: textOf(stderr) }),
    );
  });
  // Whoever awaits it still sees a rejection.
  exited.catch(() => {});

  function waitFor(chunks: readonly Buffer[], wanted: string | RegExp, seconds: number) {
    return new Promise<void>((resolve, reject) => {
      const fail = (why: string) =>
        finish(
          new Error(`${wanted} did not appear: ${why}\n${report(textOf(stdout), textOf(stderr))}`),
        );
      const look = () => {
        if (occurs(textOf(chunks), wanted)) finish();
      };
      const timer = setTimeout(() => fail(`${seconds} s are over`), seconds * 1000);
      const stream = chunks === stdout ? child.stdout : child.stderr;
      function finish(error?: Error): void {
        clearTimeout(timer);
        stream.off('data', look);
        if (error === undefined) resolve();
        else reject(error);
      }
      stream.on('data', look);
      exited.then(
        () => fail('the process has ended'),
        (error) => fail(String(error)),
      );
      look();
    });
  }

  async function close(): Promise<void> {
    child.kill('SIGKILL');
    child.stdin.destroy();
    // A grandchild may hold the other ends open for ever.
    child.stdout.destroy();
    child.stderr.destroy();
    await exited.catch(() => undefined);
  }
  return {
    pid: child.pid ?? -1,
    get stdout() {
      return textOf(stdout);
    },
    get stderr() {
      return textOf(stderr);
    },
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
    writeInput: (text) => {
      child.stdin.write(text);
    },
    endInput: () => {
      child.stdin.end();
    },
    waitForStdout: (text, seconds = SECONDS_TO_WAIT) => waitFor(stdout, text, seconds),
    waitForStderr: (text, seconds = SECONDS_TO_WAIT) => waitFor(stderr, text, seconds),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Runs a program without a terminal until it ends. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProcessResult> {
  const { input = '', timeoutSeconds = SECONDS_TO_WAIT, ...rest } = options;
  await using running = startProcess(command, args, rest);
  if (input !== '') running.writeInput(input);
  running.endInput();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const wrote = report(running.stdout, running.stderr);
      reject(new Error(`${command} still runs after ${timeoutSeconds} s\n${wrote}`));
    }, timeoutSeconds * 1000);
  });
  try {
    return await Promise.race([running.exited, tooLate]);
  } finally {
    clearTimeout(timer);
  }
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

function report(stdout: string, stderr: string): string {
  return `--- stdout\n${stdout}\n--- stderr\n${stderr}`;
}
