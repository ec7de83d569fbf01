import { readdir, stat, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findForeignLockFile } from '../../store/lock-file.ts';
import { makePrivateFolder } from '../../store/private-files.ts';
import { diskError, unusable } from './disk.ts';

export const JOURNAL_NAME = 'journal.ndjson';

const OPEN_TO_OTHERS = 0o077;

/** Numbers of statfs(2) for NFS, SMB and CIFS: two machines there would not see each other's lock. */
const NETWORK_FILE_SYSTEMS: readonly number[] = [0x6969, 0x517b, 0xff534d42, 0xfe534d42];

export function isNetworkFileSystem(type: number): boolean {
  return NETWORK_FILE_SYSTEMS.includes(type >>> 0);
}

/**
 * Makes the journal's folder, or makes sure of the one that is there.
 * @param userId whose it has to be; null where users have no numbers.
 * @returns where it really is.
 * @throws OxhostError when it is another user's, open to others with other files in it, on a
 * network drive, or has a file `lock` that is not ours.
 */
export async function prepareFolder(
  folder: string,
  platform: NodeJS.Platform,
  userId: number | null,
): Promise<string> {
  const path = resolve(folder);
  try {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() === false) throw unusable(path, 'is not a folder');
    const isOpen = platform !== 'win32' && ((found?.mode ?? 0) & OPEN_TO_OTHERS) !== 0;
    const names = isOpen ? await readdir(path) : [];
    if (names.length > 0 && !names.includes(JOURNAL_NAME)) {
      throw unusable(path, 'holds other files and can be read by others', NEW_FOLDER);
    }
    const real = await makePrivateFolder(path, userId);
    if (platform === 'linux' && isNetworkFileSystem((await statfs(real)).type)) {
      const why = 'is on a network drive, where a journal is not safe';
      throw unusable(real, why, 'Name a local folder with --journal.');
    }
    const foreign = await findForeignLockFile(real);
    if (foreign !== undefined) {
      throw unusable(foreign, 'is not a file of oxhost, which would write over it', NEW_FOLDER);
    }
    return real;
  } catch (error) {
    throw diskError('use', path, error);
  }
}

const NEW_FOLDER = 'Name an empty or a new folder with --journal.';
