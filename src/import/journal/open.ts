import { constants } from 'node:fs';
import { type FileHandle, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OxhostError } from '../../errors.ts';
import { acquireLock, type Lock, LockedError, type LockRequest } from '../../store/lock.ts';
import { findForeignLockFile } from '../../store/lock-file.ts';
import { makePrivateFolder, syncFolder, writePrivateFile } from '../../store/private-files.ts';
import { diskError, openPlain, unusable } from './disk.ts';
import { formatTime, Journal, type ReadJournal, readJournal } from './journal.ts';
import { encodeLine, type HeaderRecord } from './record.ts';
import { FORMAT, repairEnd, replay } from './replay.ts';

export const JOURNAL_NAME = 'journal.ndjson';

export interface JournalOptions {
  /** Made if it is not there; holds `journal.ndjson`, `lock` and torn ends. */
  readonly folder: string;
  readonly origin: string;
  readonly toolVersion: string;
  readonly mapping: HeaderRecord['mapping'];
  /** Whose the folder has to be; null where users have no numbers. */
  readonly userId: number | null;
  randomBytes(size: number): Buffer;
  readonly lock: Omit<LockRequest, 'folder' | 'purpose'>;
}

const INPUT_KEY_LENGTH = 32;

/**
 * Opens the folder's journal and repairs its end, or begins a new one, under the folder's lock.
 * @throws OxhostError; nothing was changed then, but for a folder made or closed to others.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { platform } = options.lock;
  const folder = await prepareFolder(options.folder, platform, options.userId);
  const path = join(folder, JOURNAL_NAME);
  const lock = await lockFolder(folder, options);
  let file: FileHandle | undefined;
  try {
    file = await openPlain(path, constants.O_RDWR);
    if (file === undefined) {
      await beginJournal(path, options);
      file = await openPlain(path, constants.O_RDWR);
    }
    if (file === undefined) throw unusable(path, 'was deleted');
    const read = await replay(path, file, options.origin);
    await file.chmod(0o600);
    const tornFile = await repairEnd(path, file, read);
    // A run that was killed may have named a file, or made the folder, and not flushed that.
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    const parts = { path, file, read, lock, ...(tornFile !== undefined && { tornFile }) };
    return new Journal(parts, { platform, now: options.lock.clock.now });
  } catch (error) {
    await file?.close();
    await lock.release();
    throw diskError('open', path, error);
  }
}

/**
 * Looks at a journal without changing or locking it, for a dry run; undefined if there is none.
 * @throws OxhostError
 */
export async function viewJournal(
  folder: string,
  origin: string,
): Promise<ReadJournal | undefined> {
  const path = join(resolve(folder), JOURNAL_NAME);
  const file = await openPlain(path, constants.O_RDONLY);
  try {
    return file && readJournal(path, await replay(path, file, origin));
  } finally {
    await file?.close();
  }
}

async function lockFolder(folder: string, { lock }: JournalOptions): Promise<Lock> {
  try {
    return await acquireLock({ ...lock, folder, purpose: 'import' });
  } catch (error) {
    if (!(error instanceof LockedError)) throw diskError('lock', folder, error);
    const message = `Another run works with this journal: ${error.message}.`;
    const hint = 'Wait for its end, or stop it, and run this again.';
    throw new OxhostError('config_error', message, { hint, retry: 'safe' });
  }
}

/**
 * Makes a journal of one line. It gets its name only when that line is on disk: a journal without
 * a whole header has therefore been damaged, and never is one that was about to begin.
 */
async function beginJournal(
  path: string,
  { origin, toolVersion, mapping, randomBytes, lock: { clock } }: JournalOptions,
): Promise<void> {
  const header: HeaderRecord = {
    kind: 'header',
    format: FORMAT,
    tool_version: toolVersion,
    origin,
    mapping,
    created: formatTime(clock.now()),
    input_key: randomBytes(INPUT_KEY_LENGTH).toString('base64'),
  };
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writePrivateFile(unfinished, encodeLine(header));
  await rename(unfinished, path);
}

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
async function prepareFolder(
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
