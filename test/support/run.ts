import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { main } from '../../src/main.ts';
import type { SignalName, System } from '../../src/system.ts';
import { seededFractions, seededIntegers } from '../plesk/seeded-random.ts';
import { MemoryInput, MemoryOutput } from './memory-streams.ts';
import { type Environment, environment } from './process.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

export interface OxhostOptions {
  /**
   * On top of PATH and of HOME and OXHOST_CONFIG_DIR, which are fresh folders unless given. Nothing
   * else of this machine's environment is seen.
   */
  readonly env?: Environment;
  /** All of stdin, then its end; empty when left out. `MemoryInput` to feed it by hand. */
  readonly stdin?: string | MemoryInput;
  /** Whether the streams are terminals; all of them, or one by one. Default false. */
  readonly isTTY?: boolean | { readonly [Stream in 'stdin' | 'stdout' | 'stderr']?: boolean };
  /** Of stdout and stderr. Default 80. */
  readonly columns?: number;
  /** What the wall clock shows at the start. Default 2026-01-02T03:04:05Z. */
  readonly now?: Date;
  /** For `random`, `randomInteger`, `randomUUID` and `randomBytes`; the same seed, the same run. */
  readonly seed?: number;
  readonly platform?: NodeJS.Platform;
  /** Anything else of the outside world to be replaced, for example a stdout that fails. */
  readonly system?: Partial<System>;
}

/** The one object that stands on a line of stderr with `--json`. */
export type StderrLine = Readonly<Record<string, Record<string, unknown>>>;

export interface OxhostResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** With `--json`: every line of stderr, parsed (`{error}`, `{warning}`, `{note}`, …); else empty. */
  readonly errors: readonly StderrLine[];
  /** The `error` object among them, or `undefined`. */
  readonly error: StderrLine[string] | undefined;
  /** OXHOST_CONFIG_DIR of the run; removed when the test file is done. */
  readonly configFolder: string;
  /** Every pause that the program asked for, in milliseconds; none of them took time. */
  readonly pauses: readonly number[];
  /** Whether every listener for signals, warnings and crashes was taken away again. */
  readonly released: boolean;
}

/** A command line that is being run. */
export interface RunningOxhost {
  readonly stdin: MemoryInput;
  readonly stdout: MemoryOutput;
  readonly stderr: MemoryOutput;
  /** Never rejects on account of the program: `main` gives an exit code whatever happens. */
  readonly finished: Promise<OxhostResult>;
  /** As Ctrl-C and kill; waits for the program to listen, if it does not yet. */
  signal(name: SignalName): void;
  /** An exception that nothing caught. */
  crash(thrown: unknown): void;
}

const folders: TemporaryFolder[] = [];
afterAll(() => Promise.all(folders.splice(0).map((folder) => folder.close())));

/** Runs `main` in this process until it has an exit code. */
export async function runOxhost(
  args: readonly string[],
  options: OxhostOptions = {},
): Promise<OxhostResult> {
  return (await startOxhost(args, options)).finished;
}

/** Starts `main` in this process; resolves as soon as it runs. */
export async function startOxhost(
  args: readonly string[],
  options: OxhostOptions = {},
): Promise<RunningOxhost> {
  const given = options.env ?? {};
  const home = await temporaryFolder();
  folders.push(home);
  const configFolder = given['OXHOST_CONFIG_DIR'] ?? home.join('config');
  const env = environment({ HOME: home.path, OXHOST_CONFIG_DIR: configFolder, ...given });

  const isTTY = (stream: 'stdin' | 'stdout' | 'stderr') =>
    typeof options.isTTY === 'object' ? (options.isTTY[stream] ?? false) : (options.isTTY ?? false);
  const { columns = 80 } = options;
  const stdin =
    options.stdin instanceof MemoryInput
      ? options.stdin
      : new MemoryInput(options.stdin ?? '', { isTTY: isTTY('stdin') });
  const stdout = new MemoryOutput({ isTTY: isTTY('stdout'), columns });
  const stderr = new MemoryOutput({ isTTY: isTTY('stderr'), columns });

  const clock = simulatedClock(options.now ?? new Date('2026-01-02T03:04:05Z'));
  const signals = listeners<SignalName>();
  const warnings = listeners<Error>();
  const crashes = listeners<unknown>();
  const system: System = {
    ...{ args, env, stdin, stdout, stderr },
    platform: options.platform ?? process.platform,
    nodeVersion: process.versions.node,
    homeFolder: home.path,
    pid: process.pid,
    userId: () => process.geteuid?.() ?? null,
    ...{ now: clock.now, monotonic: clock.monotonic, sleep: clock.sleep },
    ...seededSources(options.seed ?? 1),
    onSignal: signals.add,
    onWarning: warnings.add,
    onCrash: crashes.add,
    ...options.system,
  };

  const finished = main(system).then((exitCode): OxhostResult => {
    const isJson = args.includes('--json') || env['OXHOST_OUTPUT'] === 'json';
    const errors = isJson ? stderr.lines.map(parseLine) : [];
    return {
      exitCode,
      stdout: stdout.text,
      stderr: stderr.text,
      errors,
      error: errors.find((line) => line['error'] !== undefined)?.['error'],
      configFolder,
      pauses: clock.pauses,
      released: signals.count() + warnings.count() + crashes.count() === 0,
    };
  });
  // Whoever awaits it still sees a rejection.
  finished.catch(() => undefined);
  return { stdin, stdout, stderr, finished, signal: signals.tell, crash: crashes.tell };
}

/** Real time goes on in it; pauses add to it at once what they would have taken. */
function simulatedClock(start: Date) {
  const pauses: number[] = [];
  let slept = 0;
  const began = performance.now();
  const elapsed = () => performance.now() - began + slept;
  return {
    pauses,
    now: () => new Date(start.getTime() + elapsed()),
    monotonic: elapsed,
    async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
      signal?.throwIfAborted();
      pauses.push(milliseconds);
      slept += milliseconds;
      // Other work goes on during a pause, however short.
      await setImmediate(undefined, signal === undefined ? {} : { signal });
    },
  };
}

function seededSources(seed: number) {
  const random = seededFractions(seed);
  const randomInteger = seededIntegers(seed + 1);
  const randomByte = seededIntegers(seed + 2);
  let count = 0;
  return {
    random,
    randomInteger,
    randomUUID() {
      count += 1;
      const hex = createHash('sha256').update(`${seed}:${count}`).digest('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    randomBytes: (size: number) => Buffer.from(Array.from({ length: size }, () => randomByte(256))),
  };
}

/** Keeps what comes before the first listener, so that a test need not know when there is one. */
function listeners<Event>() {
  const added = new Set<(event: Event) => void>();
  let waiting: Event[] = [];
  return {
    count: () => added.size,
    add(listener: (event: Event) => void) {
      added.add(listener);
      for (const event of waiting.splice(0)) listener(event);
      return () => {
        added.delete(listener);
      };
    },
    tell(event: Event) {
      if (added.size === 0) waiting = [...waiting, event];
      else for (const listener of added) listener(event);
    },
  };
}

function parseLine(line: string): StderrLine {
  try {
    return JSON.parse(line) as StderrLine;
  } catch {
    throw new Error(`with --json, stderr has a line that is not JSON: ${line}`);
  }
}
