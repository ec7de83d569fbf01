import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder that only its owner can enter, whatever the umask, and returns when it is on the
 * disk; tightens one that is there.
 * @throws the system's error, or our own where the name is a symbolic link or no folder.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolders(folder);
  const status = await fs.lstat(folder);
  if (!status.isDirectory()) throw new Error(`${folder} is not a folder of its own`);
  if ((status.mode & 0o077) !== 0) await fs.chmod(folder, 0o700);
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
    if (code === 'EEXIST' && !(await fs.lstat(folder)).isFile()) return;
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent);
    await fs.mkdir(folder, { mode: 0o700 });
  }
  const owner = await newOwner(await fs.stat(folder), parent);
  if (owner !== null) await fs.chown(folder, owner.uid, owner.gid);
  await syncFolder(parent);
}

/** Under sudo what is made in a user's folder is that user's. */
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
export async function writePrivateFile(file: string, content: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await fs.open(file, flags, 0o600);
  try {
    await handle.chmod(0o600);
    const owner = await newOwner(await handle.stat(), path.dirname(file));
    if (owner !== null) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await fs.rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await syncFolder(path.dirname(file));
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
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const handle = await fs.open(file, flags, 0o600);
  try {
    const status = await handle.stat();
    if ((status.mode & 0o077) !== 0) await handle.chmod(0o600);
    const owner = await newOwner(status, path.dirname(file));
    if (owner !== null) await handle.chown(owner.uid, owner.gid);
    const last = Buffer.alloc(1);
    if (status.size > 0) await handle.read(last, 0, 1, status.size - 1);
    // A power cut may have left half a line.
    const isWhole = status.size === 0 || last.toString() === '\n';
    await handle.writeFile(isWhole ? content : `\n${content}`);
    await handle.sync();
    if (status.size === 0) await syncFolder(path.dirname(file));
  } finally {
    await handle.close();
  }
}

/** Where a folder cannot be synced at all; any other failure is one. */
const CANNOT_SYNC = new Set(['EPERM', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EACCES']);

/** Makes the folder's list of names durable. @throws the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
