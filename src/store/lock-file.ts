import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritOwner } from './private-files.ts';

/** What is known of a lock's holder: information for people, never the proof of a lock. */
export interface LockHolder {
  readonly pid: number;
  /** When the lock was taken, milliseconds since 1970. */
  readonly since: number;
  /** What the holder does with it, in a few words: "plesk client import". */
  readonly doing: string;
}

/** In the folder that is locked. */
export const LOCK_FILE = 'lock';
const SAFE_OPEN = constants.O_NOFOLLOW | constants.O_NONBLOCK;
export const MAY_MAKE = SAFE_OPEN | constants.O_RDWR | constants.O_CREAT;
/**
 * Writes over no file that is not one of ours. The lock is held with or without its holder's name;
 * whoever needs the folder to be writable finds out by its own, more telling failure.
 */
export async function changeHolderFile(folder: string, content: string): Promise<void> {
  const change = async (file: FileHandle) => {
    if (!isHolder(await beginningOf(file))) return;
    await file.chmod(0o600);
    await inheritOwner(file, folder);
    await file.truncate();
    await file.write(content, 0);
  };
  await withLockFile(folder, MAY_MAKE, change).catch(() => {});
}

/** What says nothing of the file that was to be opened. */
const NOT_ITS_FAULT = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO']);

/**
 * The folder's file `lock` if it is not one that a lock made; it is left as it is.
 * @throws the system's error when that cannot be seen.
 */
export async function findForeignLockFile(folder: string): Promise<string | undefined> {
  const isOurs = async (file: FileHandle) => isHolder(await beginningOf(file));
  const found = await withLockFile(folder, SAFE_OPEN, isOurs).catch(
    (error: NodeJS.ErrnoException) => {
      if (NOT_ITS_FAULT.has(error.code)) throw error;
      return error.code === 'ENOENT';
    },
  );
  return found ? undefined : join(folder, LOCK_FILE);
}

/** Who wrote its name into the folder's `lock` file last; undefined if that cannot be seen. */
export async function readHolder(folder: string): Promise<LockHolder | undefined> {
  try {
    const holder = JSON.parse(await withLockFile(folder, SAFE_OPEN, beginningOf));
    const { pid, since, doing } = holder;
    const isWhole = Number.isSafeInteger(pid) && typeof doing === 'string';
    // Of a number that is no time this throws.
    return isWhole && new Date(since).toISOString() !== '' ? { pid, since, doing } : undefined;
  } catch {
    return undefined;
  }
}

async function withLockFile<Value>(
  folder: string,
  flags: number,
  use: (file: FileHandle) => Promise<Value>,
): Promise<Value> {
  const file = await open(join(folder, LOCK_FILE), flags, 0o600);
  return use(file).finally(() => file.close());
}

const LONGEST_HOLDER = 4096;
const HOLDER_BEGINNING = '{"pid":';

async function beginningOf(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc(LONGEST_HOLDER),
    position: 0,
  });
  return buffer.toString('utf8', 0, bytesRead);
}

/** Empty, or with a holder in it, which a full disk or a power cut may have cut short. */
function isHolder(text: string): boolean {
  return HOLDER_BEGINNING.startsWith(text.slice(0, HOLDER_BEGINNING.length).replace(/\0+$/, ''));
}
