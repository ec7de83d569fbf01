import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { findPlace, othersCanWrite, writable } from './ownership.ts';

const { O_WRONLY, O_RDWR, O_RDONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;

/**
 * Makes a folder that only its owner can enter, whatever the umask, and returns when it is on the
 * disk; tightens one that is there.
 * @param userId the caller; null where users have no numbers (Windows).
 * @returns where it really is: a link to a safe place is followed.
 * @throws the system's error; OxhostError for what is somebody else's, or open to others.
 */
export async function makePrivateFolder(folder: string, userId: number | null): Promise<string> {
  const found = await findPlace(folder, userId);
  if (found === null) {
    await makeFolders(folder);
    return folder;
  }
  const { path: real, status, isLinked } = found;
  if (userId !== null && !isLinked && status.isDirectory() && (status.mode & 0o077) !== 0) {
    await fs.chmod(real, 0o700).catch(() => {
      if (othersCanWrite(status)) throw writable(real);
    });
  }
  return real;
}

/**
 * Level by level, each tried twice at most: Node's own recursive way never ends where a folder
 * cannot be made and the system says ENOENT (below /proc, for one).
 */
async function makeFolders(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  try {
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await fs.stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent);
    await fs.mkdir(folder, { mode: 0o700 });
  }
  const owner = await newOwner(await fs.stat(folder), parent);
  if (owner !== null) await fs.chown(folder, owner.uid, owner.gid);
  await syncFolder(parent);
}

/** Under sudo what is made in a user's folder is that user's. */
export async function inheritOwner(handle: fs.FileHandle, folder: string): Promise<void> {
  const owner = await newOwner(await handle.stat(), folder);
  if (owner !== null) await handle.chown(owner.uid, owner.gid);
}

async function newOwner(made: Stats, parent: string): Promise<Stats | null> {
  if (made.uid !== 0) return null;
  const above = await fs.stat(parent);
  return above.uid === 0 ? null : above;
}

/** Whether Windows has a device of this name, as it has in every folder. Pure. */
export function isDevice(file: string, platform: NodeJS.Platform): boolean {
  const device = /(?:^|[\\/])(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:[ .:][^\\/]*)?$/i;
  return platform === 'win32' && device.test(file);
}

/**
 * Writes a new file that only its owner can read, and returns when it is on the disk.
 * Never overwrites, never follows a link.
 * @throws the system's error; then no file is left behind, unless one was there (`EEXIST`).
 */
export async function writePrivateFile(file: string, content: string | Buffer): Promise<void> {
  const folder = path.dirname(file);
  const handle = await fs.open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await handle.chmod(0o600);
    await inheritOwner(handle, folder);
    await handle.writeFile(content);
    await handle.sync();
    await syncFolder(folder);
  } catch (error) {
    await fs.rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Puts a file in the place of another at once, so that a reader finds either whole.
 * @throws the system's error; then the old one is as it was.
 */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
  const next = `${file}.new`;
  await fs.rm(next, { force: true });
  await writePrivateFile(next, content);
  await fs.rename(next, file);
  await syncFolder(path.dirname(file));
}

/** Adds to the end of a file that only its owner can read. @throws the system's error. */
export async function appendPrivateFile(file: string, content: string): Promise<void> {
  const handle = await fs.open(file, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  try {
    const { size, mode } = await handle.stat();
    if ((mode & 0o077) !== 0) await handle.chmod(0o600);
    await inheritOwner(handle, path.dirname(file));
    const last = Buffer.alloc(1, '\n');
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // A power cut may have left half a line.
    await handle.writeFile(last.toString() === '\n' ? content : `\n${content}`);
    await handle.sync();
    if (size === 0) await syncFolder(path.dirname(file));
  } finally {
    await handle.close();
  }
}

/** Where a folder cannot be synced at all; any other failure is one. */
const CANNOT_SYNC = new Set(['EPERM', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EACCES']);

/** Makes the folder's list of names durable. @throws the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
