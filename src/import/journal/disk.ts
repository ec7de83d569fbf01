import { constants as fs } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { OxhostError } from '../../errors.ts';
import { syncFolder, writePrivateFile } from '../../store/private-files.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an error',
  EROFS: 'the file system is read-only',
  EFBIG: 'the file may not grow any further',
  EACCES: 'it belongs to another user, or is closed to this one',
  EPERM: 'it belongs to another user, or is closed to this one',
  ELOOP: 'it is a symbolic link',
  ENOENT: 'it does not exist, or its folder does not',
  ENOTDIR: 'it does not exist, or its folder does not',
  EEXIST: 'it is there already and is not written over',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

const NOTHING_LOST =
  'Nothing that was recorded is lost. Fix this and run the same command again, or name another folder with --journal if no run has begun here.';

/** A sentence for what the system refused, with path and code; what has its words already is kept. */
export function diskError(action: string, path: string, cause: unknown): OxhostError {
  if (cause instanceof OxhostError) return cause;
  const message = `Cannot ${action} ${path}: ${meaningOf(cause)}.`;
  return new OxhostError('config_error', message, { hint: NOTHING_LOST });
}

/** `the disk is full (ENOSPC)`. */
export function meaningOf(cause: unknown): string {
  const code = codeOf(cause);
  return `${MEANINGS[code] ?? 'the system refused'} (${code})`;
}

/** Something is there that this program does not touch; `why` is a clause. */
export function unusable(path: string, why: string, hint = NOTHING_LOST): OxhostError {
  return new OxhostError('config_error', `${path} ${why}.`, { hint });
}

export function codeOf(error: unknown): string {
  const { code, errno } = Object(error) as NodeJS.ErrnoException;
  // Node has the number, but calls it "Unknown system error".
  if (errno !== undefined && errno === -constants.errno.EDQUOT) return 'EDQUOT';
  return code ?? String(error);
}

/** Opens a regular file, never through a symbolic link; undefined if there is none. */
export async function openPlain(path: string, flags: number): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    // Not blocking, or a FIFO in the file's place would be waited for.
    file = await open(path, flags | (fs.O_NOFOLLOW ?? 0) | (fs.O_NONBLOCK ?? 0));
    if (!(await file.stat()).isFile()) throw unusable(path, 'is not a regular file');
    return file;
  } catch (error) {
    await file?.close();
    if (codeOf(error) === 'ENOENT') return undefined;
    throw diskError('open', path, error);
  }
}

/**
 * Puts a new private file in the place of an old one, in one step and only when it is on disk: a
 * full disk or a kill leaves the old one as it was. @throws OxhostError
 */
export async function replaceFile(
  path: string,
  platform: NodeJS.Platform,
  content: string,
): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    await rm(unfinished, { force: true });
    await writePrivateFile(unfinished, content);
    await rename(unfinished, path).catch((error: unknown) => {
      // So says Windows of a file that a spreadsheet has open.
      const isOpen = platform === 'win32' && /^(?:EPERM|EBUSY|EACCES)$/.test(codeOf(error));
      throw isOpen ? unusable(path, `is in use (${codeOf(error)})`, CLOSE_IT) : error;
    });
    await syncFolder(dirname(resolve(path)));
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw diskError('replace', path, error);
  }
}

const CLOSE_IT = 'Close it in the program that has it open, and run the same command again.';
