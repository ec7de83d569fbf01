import { setTimeout as delay } from 'node:timers/promises';

export interface OutputStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
  /** Nobody gets what is written: it is closed, or leads to the null device. */
  isDiscarded?: boolean;
}

export interface InputStream extends NodeJS.ReadableStream {
  isTTY?: boolean;
}

/** What asks a run to end; a closed terminal (SIGHUP) counts as SIGTERM. */
export type SignalName = 'SIGINT' | 'SIGTERM';

/** All that the outside world gives; nothing else in `src` reaches for it. */
export interface System {
  /** Arguments after the program's name. */
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  platform: NodeJS.Platform;
  /** Of Node.js itself, such as 20.19.0. */
  nodeVersion: string;
  /** Null for a user who has none. */
  homeFolder: string | null;
  pid: number;
  /** Whose files this process makes; null where users have no numbers (Windows). */
  userId(): number | null;
  /** Wall clock, for records that people read. */
  now(): Date;
  /** Milliseconds that never go back, for waits. */
  monotonic(): number;
  /** Resolves after the time, or rejects at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Number in [0, 1): jitter only, never secrets. */
  random(): number;
  /** Integer in [0, maximum) from a cryptographic source. */
  randomInteger(maximum: number): number;
  randomUUID(): string;
  randomBytes(size: number): Buffer;
  /** Listens until the returned function is called. */
  onSignal(listener: (signal: SignalName) => void): () => void;
  /** Node's own warnings (for example of an unreadable NODE_EXTRA_CA_CERTS file). */
  onWarning(listener: (warning: Error) => void): () => void;
  /** What nothing caught; without a listener Node would print it whole, secrets included. */
  onCrash(listener: (thrown: unknown) => void): () => void;
}

/** Nobody is there to tell a closed terminal from a request to end. */
const SIGNALS = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' } as const;

/** Kernel and shell each tell of the same closed terminal. */
const SAME_HANG_UP_MILLISECONDS = 1_000;

/** Loaded on first use: crypto alone takes a tenth of a bare start. */
const crypto = () => process.getBuiltinModule('node:crypto');

/** A closed pipe is an answer to a write, not a crash. */
function withoutCrash<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

/** Whether a file descriptor is closed or leads to the null device, as Node makes of a closed one. */
export function isDiscarded(descriptor: number): boolean {
  const { fstatSync, statSync } = process.getBuiltinModule('node:fs');
  try {
    const found = fstatSync(descriptor);
    const { devNull } = process.getBuiltinModule('node:os');
    return found.isCharacterDevice() && found.rdev === statSync(devNull).rdev;
  } catch {
    return true;
  }
}

/** A HOME that is empty or relative counts for nothing, and not every user has an entry in passwd. */
function homeFolder(): string | null {
  const { homedir, userInfo } = process.getBuiltinModule('node:os');
  const { isAbsolute } = process.getBuiltinModule('node:path');
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const folder = find();
      if (isAbsolute(folder)) return folder;
    } catch {
      // The next one may know.
    }
  }
  return null;
}

/**
 * Node sets a terminal back when it ends, and aborts where that fails since the terminal is gone;
 * what is closed it leaves alone.
 */
function leaveLostTerminal(): void {
  const { isatty } = process.getBuiltinModule('node:tty');
  const { closeSync } = process.getBuiltinModule('node:fs');
  for (const descriptor of [0, 1, 2]) {
    try {
      if (!isatty(descriptor)) closeSync(descriptor);
    } catch {
      // It was closed from the beginning.
    }
  }
}

/** The outside world as this process has it. */
export function systemOfProcess(): System {
  const { env } = process;
  const seenEnvironment = { ...env };
  // Node would obey it in places that nobody thinks of; what it said is kept for the warning.
  delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
  return {
    args: process.argv.slice(2),
    env: seenEnvironment,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return Object.assign(withoutCrash(process.stdout), { isDiscarded: isDiscarded(1) });
    },
    get stderr() {
      return withoutCrash(process.stderr);
    },
    platform: process.platform,
    nodeVersion: process.versions.node,
    get homeFolder() {
      return homeFolder();
    },
    pid: process.pid,
    userId: () => process.geteuid?.() ?? null,
    now: () => new Date(),
    monotonic: () => Number(process.hrtime.bigint()) / 1e6,
    sleep: (milliseconds, signal) =>
      delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
    randomInteger: (maximum) => crypto().randomInt(maximum),
    randomUUID: () => crypto().randomUUID(),
    randomBytes: (size) => crypto().randomBytes(size),
    onSignal(listener) {
      let lastHangUp = Number.NEGATIVE_INFINITY;
      const listeners = Object.entries(SIGNALS).map(([name, meaning]) => {
        const onThis = () => {
          const isRepeat = performance.now() - lastHangUp < SAME_HANG_UP_MILLISECONDS;
          if (name === 'SIGHUP') {
            lastHangUp = performance.now();
            if (!process.listeners('exit').includes(leaveLostTerminal)) {
              process.on('exit', leaveLostTerminal);
            }
          }
          if (name !== 'SIGHUP' || !isRepeat) listener(meaning);
        };
        process.on(name, onThis);
        return () => process.off(name, onThis);
      });
      return () => {
        for (const stop of listeners) stop();
      };
    },
    onWarning(listener) {
      process.removeAllListeners('warning');
      process.on('warning', listener);
      return () => process.off('warning', listener);
    },
    onCrash(listener) {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
      return () => {
        process.off('uncaughtException', listener);
        process.off('unhandledRejection', listener);
      };
    },
  };
}
