import { constants, fstatSync, statSync, writeSync } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import type { AppendableFile } from './appender.ts';
import { hasCode, JournalError, JournalFolderError, JournalWriteError } from './errors.ts';

const PRIVATE_FILE = 0o600;

/** Opens a regular file, never through a symbolic link; undefined if there is none. */
export async function openPlain(path: string, flags: number): Promise<FileHandle | undefined> {
  const { O_NOFOLLOW, O_NONBLOCK } = constants;
  let file: FileHandle;
  try {
    // Not blocking, or a FIFO in the file's place would be waited for.
    file = await open(path, flags | O_NOFOLLOW | O_NONBLOCK, PRIVATE_FILE);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw asFolderError(path, error);
  }
  try {
    if (!(await file.stat()).isFile()) {
      throw new JournalFolderError(path, `${path} is not a regular file`);
    }
    return file;
  } catch (error) {
    await file.close();
    throw asFolderError(path, error);
  }
}

/**
 * Makes a private file that nobody else can have open or own: never one that is there already.
 *
 * @param access constants.O_WRONLY or O_RDWR.
 */
export async function createPrivate(
  path: string,
  access: number,
  platform: NodeJS.Platform,
): Promise<FileHandle> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  let file: FileHandle;
  try {
    // Windows knows no O_NOFOLLOW; O_EXCL is enough there.
    file = await open(path, access | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), PRIVATE_FILE);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      throw new JournalFolderError(path, `the folder of ${path} is gone`, { cause: error });
    }
    if (!hasCode(error, 'EEXIST')) throw asFolderError(path, error);
    const isLink = await lstat(path).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    const what = isLink ? 'is a symbolic link' : 'is there already and is not written over';
    throw new JournalFolderError(path, `${path} ${what}`, { cause: error });
  }
  try {
    await makePrivate(file, platform);
    return file;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw asWriteError(path, error);
  }
}

/**
 * The file for appending. Size and write concern the kernel's memory alone and take microseconds,
 * less than a trip through the thread pool; only the flush waits for the disk.
 */
export function appendable(
  file: FileHandle,
  path: string,
  platform: NodeJS.Platform,
): AppendableFile {
  const own = fstatSync(file.fd, { bigint: true });
  return {
    stat: async () => fstatSync(file.fd),
    async isInPlace() {
      // Windows moves no folder with an open file in it, and numbers files by more than one method.
      if (platform === 'win32') return true;
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found?.dev === own.dev && found.ino === own.ino;
    },
    write: async (buffer, offset, length, position) => ({
      bytesWritten: writeSync(file.fd, buffer, offset, length, position),
    }),
    datasync: () => file.datasync(),
  };
}

/** Makes the name of a new file in the folder survive a power loss. */
export async function syncFolder(folder: string, platform: NodeJS.Platform): Promise<void> {
  // Windows opens no folder for that, and its file systems keep names in a log of their own.
  if (platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes a private file and has it on disk when this resolves.
 *
 * @throws JournalFolderError when there is one of that name; JournalWriteError when it could not be written; nothing of it is left then.
 */
export async function writeFileDurably(
  path: string,
  platform: NodeJS.Platform,
  fill: (file: FileHandle) => Promise<unknown>,
): Promise<void> {
  const file = await createPrivate(path, constants.O_WRONLY, platform);
  try {
    await fill(file);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw asWriteError(path, error);
  } finally {
    await file.close();
  }
}

export async function makePrivate(file: FileHandle, platform: NodeJS.Platform): Promise<void> {
  if (platform !== 'win32') await file.chmod(PRIVATE_FILE);
}

/** Words for what the system refused, unless they are found already. */
export function asFolderError(path: string, error: unknown): unknown {
  if (error instanceof JournalError) return error;
  if (hasCode(error, 'ELOOP')) {
    return new JournalFolderError(path, `${path} is a symbolic link`, { cause: error });
  }
  if (hasCode(error, 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS')) return new JournalWriteError(path, error);
  const words = error instanceof Error ? error.message : String(error);
  return new JournalFolderError(path, `cannot use ${path}: ${words}`, { cause: error });
}

export function asWriteError(path: string, error: unknown): JournalError {
  return error instanceof JournalError ? error : new JournalWriteError(path, error);
}
