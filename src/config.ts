import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { System } from './context.ts';
import { OxhostError } from './errors.ts';
import { acquireLock, LockedError } from './lock.ts';
import { makePrivateFolder } from './private-files.ts';

/** A key and the origin that it may be sent to. */
export interface Profile {
  key: string;
  origin: string;
  /** The account's own user id, for operations that want one. */
  user?: string;
}

/** Everything that is stored. */
export interface Store {
  current: string | null;
  profiles: Record<string, Profile>;
}

/** The stored profiles; every change is one locked, verified write. */
export interface Configuration {
  readonly file: string;
  /** @throws OxhostError `config_error` for a damaged file, which is kept as it is. */
  read(): Promise<Store>;
  /**
   * Applies a change to the newest state, while no other process can.
   * @throws OxhostError `config_error` when it could not be stored; the old file is then in place.
   */
  change(edit: (store: Store) => void): Promise<void>;
}

const FILE_NAME = 'config';
const LARGEST_FILE = 1_048_576;
/** A file that is not there, or that belongs to somebody else. */
const NOT_OURS = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
const LOCK_WAIT_MILLISECONDS = 15_000;

export type ConfigurationSystem = Pick<
  System,
  'platform' | 'pid' | 'now' | 'monotonic' | 'sleep' | 'random'
>;

export function openConfiguration(folder: string, system: ConfigurationSystem): Configuration {
  const file = path.join(folder, `${FILE_NAME}.json`);
  const backup = path.join(folder, `${FILE_NAME}.json.kept`);
  return {
    file,
    async read() {
      await refuseSymbolicLinks(folder, file);
      return (await readStore(file)) ?? (await readStore(backup)) ?? emptyStore();
    },
    async change(edit) {
      await refuseSymbolicLinks(folder, file);
      await makePrivateFolder(folder).catch((error: unknown) => {
        throw storeError(folder, error);
      });
      const lock = await lockFolder(folder, system);
      try {
        await takeBackOldFile(file, backup);
        const store = (await readStore(file)) ?? emptyStore();
        edit(store);
        await replace(folder, file, backup, store);
      } finally {
        await lock.release();
      }
    },
  };
}

/** Puts the old file back if an earlier write was cut off before it could be compared. */
async function takeBackOldFile(file: string, backup: string): Promise<void> {
  if (!(await exists(backup))) return;
  const isWhole = await readStore(file).then(
    (store) => store !== null,
    () => false,
  );
  await (isWhole ? fs.unlink(backup) : fs.rename(backup, file));
}

/**
 * conf may leave a truncated file on a full disk and say nothing: so the old file keeps a second
 * name until the new one has been read back and found equal.
 */
async function replace(folder: string, file: string, backup: string, store: Store): Promise<void> {
  const hadFile = await exists(file);
  try {
    if (hadFile) await fs.link(file, backup);
    const { default: Conf } = await import('conf');
    const conf = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: FILE_NAME,
      projectName: 'oxhost',
      configFileMode: 0o600,
      clearInvalidConfig: false,
      deserialize: (text) => JSON.parse(withoutMark(text)),
      accessPropertiesByDotNotation: false,
    });
    conf.store = { ...store };
    await fs.chmod(file, 0o600);
    await flush(file);
    const written = await readStore(file);
    if (!isDeepStrictEqual(written, store))
      throw new Error('what was written could not be read back');
  } catch (error) {
    if (hadFile && (await exists(backup))) await fs.rename(backup, file);
    else if (!hadFile) await fs.rm(file, { force: true });
    throw storeError(file, error);
  }
  if (hadFile) await fs.unlink(backup);
}

async function flush(file: string): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The checked content, or null when there is no such file. */
async function readStore(file: string): Promise<Store | null> {
  let text: string;
  try {
    const handle = await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size, mode } = await handle.stat();
      if (size > LARGEST_FILE)
        throw damaged(file, 'it is far larger than any file that oxhost writes');
      if ((mode & 0o077) !== 0) await handle.chmod(0o600).catch(() => {});
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    if (error instanceof OxhostError) throw error;
    throw new OxhostError('config_error', `${file} cannot be read (${codeOf(error)}).`);
  }
  return parseStore(file, text);
}

function parseStore(file: string, text: string): Store {
  let value: unknown;
  try {
    value = JSON.parse(withoutMark(text));
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  if (!isRecord(value)) throw damaged(file, 'it is not a JSON object');
  const { current = null, profiles = {} } = value;
  if (current !== null && typeof current !== 'string')
    throw damaged(file, '"current" is not a name');
  if (!isRecord(profiles)) throw damaged(file, '"profiles" is not an object');
  const entries = Object.entries(profiles).map(([name, profile]): [string, Profile] => {
    if (!isProfile(profile))
      throw damaged(file, `the profile "${name}" lacks its key or its address`);
    return [name, profile];
  });
  return { current, profiles: Object.fromEntries(entries) };
}

/** Without the byte order mark that some editors put first. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProfile(value: unknown): value is Profile {
  return (
    isRecord(value) &&
    typeof value['key'] === 'string' &&
    typeof value['origin'] === 'string' &&
    (value['user'] === undefined || typeof value['user'] === 'string')
  );
}

function emptyStore(): Store {
  return { current: null, profiles: {} };
}

async function lockFolder(folder: string, system: ConfigurationSystem) {
  try {
    return await acquireLock({
      folder,
      purpose: 'config',
      platform: system.platform,
      pid: system.pid,
      doing: 'changing the settings',
      clock: {
        now: () => system.now().getTime(),
        sleep: (milliseconds) => system.sleep(milliseconds),
      },
      random: () => system.random(),
      waitMilliseconds: LOCK_WAIT_MILLISECONDS,
    });
  } catch (error) {
    if (!(error instanceof LockedError)) throw storeError(folder, error);
    throw new OxhostError('config_error', `${error.message}; nothing was changed.`, {
      retry: 'safe',
    });
  }
}

async function refuseSymbolicLinks(...paths: string[]): Promise<void> {
  for (const place of paths) {
    const status = await fs.lstat(place).catch(() => null);
    if (status?.isSymbolicLink() === true) {
      throw new OxhostError(
        'config_error',
        `${place} is a symbolic link; oxhost keeps keys in no place that a link can move.`,
        {
          hint: 'Name the real folder in OXHOST_CONFIG_DIR, or replace the link by what it points to.',
        },
      );
    }
  }
}

function damaged(file: string, why: string): OxhostError {
  return new OxhostError('config_error', `${file} is damaged: ${why}. It was left as it is.`, {
    hint: 'Mend it, or move it away and run oxhost auth login again.',
  });
}

function storeError(place: string, error: unknown): OxhostError {
  return new OxhostError(
    'config_error',
    `${place} could not be written (${codeOf(error)}); what was stored before is unchanged.`,
  );
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

async function exists(file: string): Promise<boolean> {
  return (await fs.lstat(file).catch(() => null)) !== null;
}
