import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder that only its owner can enter, whatever the umask; tightens one that is there.
 * @throws an error, the system's or our own, also when the name is a symbolic link.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolders(folder);
  const status = await fs.lstat(folder);
  if (!status.isDirectory()) throw new Error(`${folder} is a symbolic link`);
  if ((status.mode & 0o077) !== 0) await fs.chmod(folder, 0o700);
}

/**
 * Level by level, each tried twice at most: Node's own recursive way never ends where a folder
 * cannot be made and the system says ENOENT (below /proc, for one).
 */
async function makeFolders(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && !(await fs.lstat(folder)).isFile()) return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolders(path.dirname(folder));
    await fs.mkdir(folder, { mode: 0o700 });
  }
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

/** Makes the folder's list of names durable; platforms that cannot are content without. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {}
}
