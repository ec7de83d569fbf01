import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { OxhostError } from '../errors.ts';
import type { Output } from '../output/output.ts';
import { findPlace, othersCanWrite, type Place, unreadable, writable } from './private-files.ts';

/** A key, or the command that prints it, and the origin that it may be sent to. */
export interface Profile {
  key?: string;
  key_command?: string;
  origin: string;
  /** The account's own user id, for operations that want one. */
  user?: string;
}

/** Everything that is stored. */
export interface Store {
  current: string | null;
  profiles: Record<string, Profile>;
}

/** Hears of files that others could read. */
export type Notices = Pick<Output, 'note' | 'warning'>;

export const FILE_NAME = 'config.json';

const LARGEST_FILE = 1_048_576;

/**
 * The checked content of the file of settings, and where it really is; null when there is none.
 * What others could read or write is made private first.
 * @param notices null to change nothing and say nothing.
 * @throws OxhostError `config_error` for a damaged, unreadable or foreign file, which is left as
 *   it is.
 */
export async function readStore(
  folder: string,
  userId: number | null,
  notices: Notices | null,
): Promise<{ store: Store; place: Place } | null> {
  const around = await findPlace(folder, userId);
  if (around === null) return null;
  if (userId !== null && othersCanWrite(around.status) && notices !== null) {
    await fs.chmod(around.path, 0o700).catch(() => {
      throw writable(around.path);
    });
  }
  const place = await findPlace(path.join(around.path, FILE_NAME), userId);
  if (place === null) return null;
  try {
    // A named pipe must not keep us waiting for its other end.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await fs.open(place.path, flags);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw damaged(place.path, 'it is no ordinary file');
      if (status.size > LARGEST_FILE)
        throw damaged(place.path, 'it is far larger than any file that oxhost writes');
      if (userId !== null && notices !== null) await tighten(place, handle, notices);
      return { store: parseStore(place.path, await handle.readFile()), place };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OxhostError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(place.path, error);
  }
}

/** A file that is linked here is another program's to tighten. */
async function tighten(place: Place, handle: fs.FileHandle, notices: Notices): Promise<void> {
  if ((place.status.mode & 0o077) === 0) return;
  const isDone =
    !place.isLinked &&
    (await handle.chmod(0o600).then(
      () => true,
      () => false,
    ));
  if (isDone) {
    const message = `Others could read ${place.path}; now only you can (mode 0600).`;
    notices.note('config_tightened', message);
  } else if (othersCanWrite(place.status)) {
    throw writable(place.path);
  } else {
    notices.warning('config_readable', `Others can read ${place.path}, and the keys in it.`);
  }
}

function parseStore(file: string, content: Buffer): Store {
  const value = parseJson(file, content);
  if (!isRecord(value)) throw damaged(file, 'it is not a JSON object');
  const { current = null, profiles = {} } = value;
  if (current !== null && typeof current !== 'string')
    throw damaged(file, '"current" is not a name');
  if (!isRecord(profiles)) throw damaged(file, '"profiles" is not an object');
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isProfile(profile))
      throw damaged(file, `the profile "${name}" lacks its key or its address`);
  }
  return { current, profiles: profiles as Store['profiles'] };
}

function parseJson(file: string, content: Buffer): unknown {
  let text: string;
  try {
    // Text with a hole in it would be written back with the hole. A byte order mark is skipped.
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw damaged(file, 'it is not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file.
    throw damaged(file, 'it is not JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProfile(value: unknown): value is Profile {
  if (!isRecord(value)) return false;
  const { key, key_command: command, origin, user = '' } = value;
  const isOneKey = (typeof key === 'string') !== (typeof command === 'string');
  return isOneKey && typeof origin === 'string' && typeof user === 'string';
}

function damaged(file: string, why: string): OxhostError {
  return new OxhostError('config_error', `${file} is damaged: ${why}. It was left as it is.`, {
    hint: 'Correct it, or move it away and run oxhost auth login again.',
  });
}
