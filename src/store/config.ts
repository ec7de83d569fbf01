import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, OxhostError } from '../errors.ts';
import type { System } from '../system.ts';
import { FILE_NAME, type Notices, readStore, type Store } from './config-file.ts';
import { LockedError, lockSettings } from './lock.ts';
import { inheritOwner, makePrivateFolder, needFolder, syncFolder } from './private-files.ts';

export type { Notices, Profile, Store } from './config-file.ts';

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

export type ConfigurationSystem = Pick<
  System,
  'platform' | 'pid' | 'now' | 'sleep' | 'random' | 'userId'
>;

/** @param folder null for a user without a home, who has nothing stored and can store nothing. */
export function openConfiguration(
  folder: string | null,
  system: ConfigurationSystem,
  notices: Notices,
): Configuration {
  const userId = system.userId();
  return {
    get file() {
      return path.join(needFolder(folder), FILE_NAME);
    },
    async read() {
      const found = folder === null ? null : await readStore(folder, userId, notices);
      return found?.store ?? emptyStore();
    },
    async change(edit) {
      const named = needFolder(folder);
      const real = await orUnchanged(named, () => makePrivateFolder(named, userId));
      const lock = await orUnchanged(named, () => lockSettings(real, 'settings', system));
      try {
        const found = await readStore(real, userId, notices);
        const store = found?.store ?? emptyStore();
        edit(store);
        const file = found?.place.path ?? path.join(real, FILE_NAME);
        await orUnchanged(file, () => replace(file, store));
      } finally {
        await lock.release();
      }
    },
  };
}

function emptyStore(): Store {
  return { current: null, profiles: {} };
}

/**
 * On a full disk conf may write half a file and say nothing. So it writes to a name of its own,
 * which takes the place of the old file only when it has been read back and found equal.
 */
async function replace(file: string, store: Store): Promise<void> {
  const { dir, name } = path.parse(file);
  const configName = `${name}.new`;
  const next = path.join(dir, `${configName}.json`);
  await removeUnfinished(next);
  try {
    const { default: Conf } = await import('conf');
    const conf = new Conf<Record<string, unknown>>({
      ...{ cwd: dir, configName, projectName: 'oxhost', configFileMode: 0o600 },
      accessPropertiesByDotNotation: false,
    });
    conf.store = { ...store };
    const handle = await fs.open(next, 'r+');
    try {
      await handle.chmod(0o600);
      await inheritOwner(handle, dir);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const written = await fs.readFile(next, 'utf8');
    if (!isEqual(written, store))
      throw new Error('the disk may be full: what was written is not what can be read');
    await fs.rename(next, file);
    await syncFolder(dir);
  } catch (error) {
    await removeUnfinished(next);
    throw error;
  }
}

function isEqual(text: string, store: Store): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), store);
  } catch {
    return false;
  }
}

/** What conf was writing when a process was killed has keys in it, and nobody else removes it. */
async function removeUnfinished(next: string): Promise<void> {
  const { dir, base } = path.parse(next);
  const names = (await fs.readdir(dir)).filter((name) => name.startsWith(base));
  await Promise.all(names.map((name) => fs.rm(path.join(dir, name), { force: true })));
}

async function orUnchanged<Value>(place: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OxhostError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? describe(error);
    throw new OxhostError(
      'config_error',
      `${place} could not be written (${why}); what was stored before is unchanged.`,
      error instanceof LockedError ? { retry: 'safe' } : {},
    );
  }
}
