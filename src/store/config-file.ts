import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { OxhostError } from '../errors.ts';

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

/** Of the file of settings, without its ending. */
export const FILE_NAME = 'config';

const LARGEST_FILE = 1_048_576;

/** What to do with a file that others can read. */
export type OnLoose = (handle: fs.FileHandle) => Promise<void>;

/** @param onTightened told when it could be done. */
export function makePrivate(onTightened = () => {}): OnLoose {
  return (handle) => handle.chmod(0o600).then(onTightened, () => {});
}

/**
 * The checked content of the file of settings, or null when there is no such file or its folder is
 * closed to us. A file that others could read is made private first, unless told otherwise.
 * @throws OxhostError `config_error` for a damaged or unreadable file, which is left as it is.
 */
export async function readStore(file: string, onLoose = makePrivate()): Promise<Store | null> {
  try {
    // A named pipe must not keep us waiting for its other end.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await fs.open(file, flags);
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw damaged(file, 'it is no ordinary file');
      if (status.size > LARGEST_FILE)
        throw damaged(file, 'it is far larger than any file that oxhost writes');
      if ((status.mode & 0o077) !== 0) await onLoose(handle);
      return parseStore(file, await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof OxhostError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' && !(await exists(file))) return null;
    throw new OxhostError('config_error', `${file} cannot be read (${code ?? message}).`);
  }
}

/** Whether something has this name, be it a link that leads nowhere. */
export async function exists(file: string): Promise<boolean> {
  return (await fs.lstat(file).catch(() => null)) !== null;
}

/** Without the byte order mark that some editors put first. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

function parseStore(file: string, content: Buffer): Store {
  const value = parseJson(file, content);
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

function parseJson(file: string, content: Buffer): unknown {
  let text: string;
  try {
    // Text with a hole in it would be written back with the hole.
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw damaged(file, 'it is not UTF-8 text');
  }
  try {
    return JSON.parse(withoutMark(text));
  } catch {
    // The parser's own words would quote the file.
    throw damaged(file, 'it is not JSON');
  }
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

function damaged(file: string, why: string): OxhostError {
  return new OxhostError('config_error', `${file} is damaged: ${why}. It was left as it is.`, {
    hint: 'Mend it, or move it away and run oxhost auth login again.',
  });
}
