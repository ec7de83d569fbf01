import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { System } from '../system.ts';
import { changeHolderFile, LOCK_FILE, type LockHolder, MAY_MAKE, readHolder } from './lock-file.ts';

export interface LockClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface LockRequest {
  /** An existing folder. A file `lock` that names the holder is kept in it. */
  readonly folder: string;
  /** Distinguishes this lock from others; one purpose per folder, since the file `lock` is shared. */
  readonly purpose: string;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly doing: string;
  readonly clock: LockClock;
  /** A number from 0 up to, not including, 1; spreads the waits of several processes. */
  random(): number;
  /** How long to wait for another holder; 0, the default, asks once. */
  readonly waitMilliseconds?: number;
}

/**
 * An exclusive lock that the kernel drops when the process dies, however it dies.
 *
 * Linux: the name of an abstract Unix socket, made from the folder's device and inode, so that
 * a renamed or linked folder is still the same one. It holds within one machine and one network
 * namespace: containers that share a folder, or machines that share a network drive, do not see
 * each other's locks. Any local user can take the name first, which refuses us the lock but
 * never gives it to two.
 *
 * macOS and BSD: `O_EXLOCK` on the file `lock`. Windows: the first instance of a named pipe.
 * Neither has been tried on a real system yet.
 */
export interface Lock {
  /** Gives the lock up; a second call does nothing more. */
  release(): Promise<void>;
}

/** Another process holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly folder: string;
  /** Undefined when the holder could not, or not yet, write who it is. */
  readonly holder: LockHolder | undefined;

  constructor(folder: string, holder: LockHolder | undefined) {
    super(
      holder === undefined
        ? `${folder} is in use by another process`
        : `${folder} is in use by process ${holder.pid} (${holder.doing}) since ${new Date(holder.since).toISOString()}`,
    );
    this.folder = folder;
    this.holder = holder;
  }
}

const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 100;
const SETTINGS_WAIT = 15_000;

/** The lock of a folder of settings, waited for as long as any change of them takes. */
export function lockSettings(
  folder: string,
  doing: string,
  system: Pick<System, 'platform' | 'pid' | 'now' | 'sleep' | 'random'>,
): Promise<Lock> {
  const request = { ...lockBy(system, doing), folder, purpose: 'settings' };
  return acquireLock({ ...request, waitMilliseconds: SETTINGS_WAIT });
}

/** The part of a request that is the same for every lock of this process. */
export function lockBy(
  system: Pick<System, 'platform' | 'pid' | 'now' | 'sleep' | 'random'>,
  doing: string,
): Omit<LockRequest, 'folder' | 'purpose'> {
  return {
    ...{ doing, platform: system.platform, pid: system.pid },
    clock: { now: () => system.now().getTime(), sleep: (time) => system.sleep(time) },
    random: () => system.random(),
  };
}

/**
 * Takes the lock, or waits for it.
 *
 * @throws LockedError when another process still holds it after `waitMilliseconds`.
 */
export async function acquireLock(request: LockRequest): Promise<Lock> {
  const { folder, pid, doing, clock, waitMilliseconds: limit = 0 } = request;
  let waited = 0;
  let pause = FIRST_PAUSE;
  for (;;) {
    const letGo = await tryToHold(request);
    if (letGo !== undefined) {
      const holder: LockHolder = { pid, since: clock.now(), doing };
      await changeHolderFile(folder, `${JSON.stringify(holder)}\n`);
      let released: Promise<void> | undefined;
      return {
        release() {
          // Emptied and not deleted: where the file itself is the lock, deleting it would let two in.
          released ??= changeHolderFile(folder, '').then(letGo);
          return released;
        },
      };
    }
    if (waited >= limit) throw new LockedError(folder, await readHolder(folder));
    const milliseconds = Math.min(limit - waited, pause * (0.5 + request.random()));
    await clock.sleep(milliseconds);
    waited += milliseconds;
    pause = Math.min(LONGEST_PAUSE, pause * 1.5);
  }
}

type LetGo = () => Promise<void>;

/** Undefined when another process holds it. */
function tryToHold(request: LockRequest): Promise<LetGo | undefined> {
  switch (request.platform) {
    case 'linux':
    case 'android':
      return holdAbstractSocket(request);
    case 'win32':
      return holdNamedPipe(request);
    case 'darwin':
    case 'freebsd':
    case 'openbsd':
    case 'netbsd':
      return holdLockedFile(request);
    default:
      throw new Error(`no lock that the kernel drops is known for ${request.platform}`);
  }
}

/**
 * Fills the name up to the 108 bytes that Linux has for it: Node 20 pads a shorter one with NULs,
 * Node 24 does not, and so the two would not see each other's locks.
 */
const ABSTRACT_NAME_DIGITS = 100;

async function holdAbstractSocket({ folder, purpose }: LockRequest): Promise<LetGo | undefined> {
  // Kept open, since some file systems number a folder anew once nothing uses it. A bare number,
  // since a FileHandle that nobody refers to is closed by the garbage collection.
  const opened = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  let server: Server | undefined;
  try {
    const name = nameOf(fstatSync(opened, { bigint: true }), purpose);
    server = await listenAlone(`\0oxhost-${name.slice(0, ABSTRACT_NAME_DIGITS)}`);
  } finally {
    if (server === undefined) closeSync(opened);
  }
  const listening = server;
  return listening && (() => closeServer(listening).then(() => closeSync(opened)));
}

async function holdNamedPipe({ folder, purpose }: LockRequest): Promise<LetGo | undefined> {
  const name = nameOf(await stat(folder, { bigint: true }), purpose);
  const server = await listenAlone(`\\\\.\\pipe\\oxhost-${name}`);
  return server && (() => closeServer(server));
}

function nameOf({ dev, ino }: { dev: bigint; ino: bigint }, purpose: string): string {
  return createHash('sha512').update(`${dev}:${ino}:${purpose}`).digest('hex');
}

function listenAlone(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    // `exclusive`, or a cluster's workers would be handed one shared socket.
    server.listen({ path, exclusive: true }, () => resolve(server.unref()));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** The same number on macOS and all BSDs; Node does not name it. */
const O_EXLOCK = 0x20;

async function holdLockedFile({ folder }: LockRequest): Promise<LetGo | undefined> {
  try {
    const file = openSync(join(folder, LOCK_FILE), MAY_MAKE | O_EXLOCK, 0o600);
    return async () => closeSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return undefined;
    throw error;
  }
}
