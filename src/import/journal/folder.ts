import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findForeignLockFile } from '../../store/lock-file.ts';
import { codeOf, diskError, syncFolder, unusable } from './disk.ts';

export const JOURNAL_NAME = 'journal.ndjson';

const PRIVATE_FOLDER = 0o700;
const OPEN_TO_OTHERS = 0o077;

/** Numbers of statfs(2) for NFS, SMB and CIFS: two machines there would not see each other's lock. */
const NETWORK_FILE_SYSTEMS: readonly number[] = [0x6969, 0x517b, 0xff534d42, 0xfe534d42];

export function isNetworkFileSystem(type: number): boolean {
  return NETWORK_FILE_SYSTEMS.includes(type >>> 0);
}

/**
 * Makes the journal's folder, or makes sure of the one that is there, and gives its full path.
 *
 * @param userId whose it has to be, root's own rights notwithstanding; null where users have no
 * numbers.
 * @throws OxhostError when it is a symbolic link, another user's, not ours to close, on a network
 * drive, or has a file `lock` that is not ours.
 */
export async function prepareFolder(
  folder: string,
  platform: NodeJS.Platform,
  userId: number | null,
): Promise<string> {
  const path = resolve(folder);
  try {
    const made = await makeFolder(path, platform);
    const found = await lstat(path);
    if (found.isSymbolicLink()) throw unusable(path, 'is a symbolic link');
    if (!found.isDirectory()) throw unusable(path, 'is not a folder');
    if (userId !== null && found.uid !== userId) {
      const why = `belongs to another user (number ${found.uid}), who could read and change the journal`;
      throw unusable(path, why, 'Name a folder of your own with --journal.');
    }
    if (platform !== 'win32') await closeToOthers(path, found, made);
    if (platform === 'linux' && isNetworkFileSystem((await statfs(path)).type)) {
      const why = 'is on a network drive, where a journal is not safe';
      throw unusable(path, why, 'Name a local folder with --journal.');
    }
    const foreign = await findForeignLockFile(path);
    if (foreign !== undefined) {
      const why = 'is not a file of oxhost, which would write over it';
      throw unusable(foreign, why, NEW_FOLDER);
    }
    return path;
  } catch (error) {
    throw diskError('use', path, error);
  }
}

const NEW_FOLDER = 'Name an empty or a new folder with --journal.';

/**
 * Makes the folder, and those above it that are missing, so that their names survive a power loss;
 * false if it is there already. Node's own recursive form reports a read-only disk as ENOENT.
 */
async function makeFolder(path: string, platform: NodeJS.Platform): Promise<boolean> {
  const above = dirname(path);
  try {
    await mkdir(path, PRIVATE_FOLDER);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    await makeFolder(above, platform);
    await mkdir(path, PRIVATE_FOLDER);
  }
  await syncFolder(above, platform);
  return true;
}

async function closeToOthers(path: string, found: Stats, made: boolean): Promise<void> {
  if (!made) {
    if ((found.mode & OPEN_TO_OTHERS) === 0) return;
    const names = await readdir(path);
    if (names.length > 0 && !names.includes(JOURNAL_NAME)) {
      throw unusable(path, 'holds other files and can be read by others', NEW_FOLDER);
    }
  }
  // Set here as well as made so, since the umask may have taken our own rights away.
  await chmod(path, PRIVATE_FOLDER);
}
