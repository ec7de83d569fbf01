import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** What is told of the process that holds a lock. Information for people, never the proof of a lock. */
export interface LockHolder {
  readonly pid: number;
  /** When the lock was taken, milliseconds since 1970. */
  readonly since: number;
  /** What the holder does with it, in a few words: "plesk client import". */
  readonly doing: string;
}

/** In the folder that is locked. */
export const LOCK_FILE = 'lock';
const LONGEST_HOLDER_FILE = 4096;
const LATEST_TIME = 8.64e15;

/** Writes over no file that is not one of ours. */
export async function changeHolderFile(folder: string, content: string): Promise<void> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  let file: FileHandle | undefined;
  try {
    file = await open(join(folder, LOCK_FILE), flags, 0o600);
    if (!(await isHolderFile(file))) return;
    await file.chmod(0o600);
    await file.truncate();
    await file.write(content, 0);
  } catch {
    // The lock is held with or without its holder's name; whoever needs the folder to be
    // writable finds out by its own, more telling failure.
  } finally {
    await file?.close();
  }
}

const HOLDER_BEGINNING = '{"pid":';

/** Empty, or with a holder in it, which a full disk or a power cut may have cut short. */
async function isHolderFile(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc(HOLDER_BEGINNING.length),
    position: 0,
  });
  const beginning = buffer.toString('latin1', 0, bytesRead).replace(/\0+$/, '');
  return HOLDER_BEGINNING.startsWith(beginning);
}

/** What says nothing of the file that was to be opened. */
const NOT_ITS_FAULT = new Set<unknown>(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO']);

/**
 * The folder's file `lock` if it is not one that a lock made; it is left as it is.
 * @throws the system's error when that cannot be told.
 */
export async function findForeignLockFile(folder: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const path = join(folder, LOCK_FILE);
  let file: FileHandle | undefined;
  try {
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return (await isHolderFile(file)) ? undefined : path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (NOT_ITS_FAULT.has(code)) throw error;
    return code === 'ENOENT' ? undefined : path;
  } finally {
    await file?.close();
  }
}

/** Who wrote its name into the folder's `lock` file last; undefined if that cannot be told. */
export async function readHolder(folder: string): Promise<LockHolder | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: FileHandle | undefined;
  try {
    file = await open(join(folder, LOCK_FILE), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HOLDER_FILE));
    return asHolder(JSON.parse(buffer.toString('utf8', 0, bytesRead)));
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

function asHolder(value: unknown): LockHolder | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, since, doing } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(pid) || typeof doing !== 'string') return undefined;
  if (typeof since !== 'number' || Math.abs(since) > LATEST_TIME) return undefined;
  return { pid: pid as number, since, doing };
}
