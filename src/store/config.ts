import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OxhostError } from '../errors.ts';
import { variable } from '../settings.ts';
import type { System } from '../system.ts';
import {
  exists,
  FILE_NAME,
  makePrivate,
  type OnLoose,
  readStore,
  type Store,
  withoutMark,
} from './config-file.ts';
import { acquireLock, LockedError } from './lock.ts';
import { makePrivateFolder } from './private-files.ts';

export type { Profile, Store } from './config-file.ts';

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

const LOCK_WAIT_MILLISECONDS = 15_000;

export type ConfigurationSystem = Pick<
  System,
  'env' | 'platform' | 'pid' | 'now' | 'monotonic' | 'sleep' | 'random'
>;

/** @param warn told when the file could be read by others, and no longer can. */
export function openConfiguration(
  folder: string,
  system: ConfigurationSystem,
  warn: (code: string, message: string) => void = () => {},
): Configuration {
  const { file, backup } = namesIn(folder);
  const tighten = makePrivate(() => {
    // Modes say nothing on Windows, where the folders of a user are the user's own.
    if (system.platform === 'win32') return;
    warn('config_tightened', `Others could read ${file}; now only you can (mode 0600).`);
  });
  return {
    file,
    read: () => readFolder(folder, tighten),
    async change(edit) {
      await refuseSymbolicLinks(folder, file);
      await makePrivateFolder(folder).catch((error: unknown) => {
        throw storeError(folder, error);
      });
      const lock = await lockFolder(folder, system);
      try {
        await clearUp(folder, file, backup);
        const store = (await readStore(file, tighten)) ?? emptyStore();
        edit(store);
        await replace(folder, file, backup, store, system);
      } finally {
        await lock.release();
      }
    },
  };
}

function namesIn(folder: string) {
  const file = path.join(folder, `${FILE_NAME}.json`);
  return { file, backup: `${file}.kept` };
}

async function readFolder(folder: string, onLoose: OnLoose): Promise<Store> {
  const { file, backup } = namesIn(folder);
  await refuseSymbolicLinks(folder, file);
  return (await readEither(file, backup, onLoose)) ?? emptyStore();
}

/** A write that was cut off, or is under way, leaves a whole file under one of its two names. */
async function readEither(file: string, backup: string, onLoose: OnLoose): Promise<Store | null> {
  const store = await readStore(file, onLoose).catch(() => null);
  const whole = store ?? (await readStore(backup, onLoose).catch(() => null));
  // Between the two looks another process may have finished its write.
  return whole ?? readStore(file, onLoose);
}

/** Puts the old file back if an earlier write was cut off before it could be compared. */
async function clearUp(folder: string, file: string, backup: string): Promise<void> {
  const isWhole = async (place: string) => (await readStore(place).catch(() => null)) !== null;
  try {
    if (await exists(backup)) {
      if (await isWhole(file)) await fs.unlink(backup);
      else if (await isWhole(backup)) await putBack(backup, file);
    }
    await removeUnfinished(folder);
  } catch (error) {
    throw storeError(file, error);
  }
}

/** What conf was writing when the process was killed has keys in it, and nobody else removes it. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = await fs.readdir(folder);
  const unfinished = names.filter((name) => name.startsWith(`${FILE_NAME}.json.tmp-`));
  await Promise.all(unfinished.map((name) => fs.rm(path.join(folder, name), { force: true })));
}

/**
 * conf may leave a truncated file on a full disk and say nothing: so the old file keeps a second
 * name until the new one has been read back and found equal.
 */
async function replace(
  folder: string,
  file: string,
  backup: string,
  store: Store,
  system: ConfigurationSystem,
): Promise<void> {
  const hadFile = await exists(file);
  try {
    // There conf may write over the file instead of replacing it, under whichever name.
    const writesInPlace = system.platform === 'win32' || variable(system.env, 'SNAP') !== undefined;
    if (hadFile) await (writesInPlace ? fs.rename(file, backup) : fs.link(file, backup));
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
    const written = await readStore(file).catch(() => null);
    if (!isDeepStrictEqual(written, store))
      throw new Error('the disk may be full: what was written is not what can be read');
  } catch (error) {
    if (hadFile && (await exists(backup))) await putBack(backup, file);
    else if (!hadFile) await fs.rm(file, { force: true });
    await removeUnfinished(folder);
    throw storeError(file, error);
  }
  if (hadFile) await fs.unlink(backup);
}

/** A rename does nothing if both are names of one file, and then leaves both. */
async function putBack(backup: string, file: string): Promise<void> {
  await fs.rename(backup, file);
  await fs.rm(backup, { force: true });
}

async function flush(file: string): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
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
