import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { OxhostError } from '../errors.ts';
import { shellWord } from '../output/text.ts';
import { variable } from '../settings.ts';
import type { System } from '../system.ts';

const { O_WRONLY, O_RDWR, O_RDONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;

/**
 * Makes a folder that only its owner can enter, whatever the umask, and returns when it is on the
 * disk; tightens one that is there.
 * @param userId the caller; null where users have no numbers (Windows).
 * @returns where it really is: a link to a safe place is followed.
 * @throws the system's error; OxhostError for what is somebody else's, or open to others.
 */
export async function makePrivateFolder(folder: string, userId: number | null): Promise<string> {
  const found = await findPlace(folder, userId);
  if (found === null) {
    await makeFolders(folder);
    return folder;
  }
  const { path: real, status, isLinked } = found;
  if (userId !== null && !isLinked && status.isDirectory() && (status.mode & 0o077) !== 0) {
    await fs.chmod(real, 0o700).catch(() => {
      if (othersCanWrite(status)) throw writable(real);
    });
  }
  return real;
}

/**
 * Level by level, each tried twice at most: Node's own recursive way never ends where a folder
 * cannot be made and the system says ENOENT (below /proc, for one).
 */
async function makeFolders(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  try {
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await fs.stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent);
    await fs.mkdir(folder, { mode: 0o700 });
  }
  const owner = await newOwner(await fs.stat(folder), parent);
  if (owner !== null) await fs.chown(folder, owner.uid, owner.gid);
  await syncFolder(parent);
}

/** Under sudo what is made in a user's folder is that user's. */
export async function inheritOwner(handle: fs.FileHandle, folder: string): Promise<void> {
  const owner = await newOwner(await handle.stat(), folder);
  if (owner !== null) await handle.chown(owner.uid, owner.gid);
}

async function newOwner(made: Stats, parent: string): Promise<Stats | null> {
  if (made.uid !== 0) return null;
  const above = await fs.stat(parent);
  return above.uid === 0 ? null : above;
}

/** Whether Windows has a device of this name, as it has in every folder. Pure. */
export function isDevice(file: string, platform: NodeJS.Platform): boolean {
  const device = /(?:^|[\\/])(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:[ .:][^\\/]*)?$/i;
  return platform === 'win32' && device.test(file);
}

/**
 * Writes a new file that only its owner can read, and returns when it is on the disk.
 * Never overwrites, never follows a link.
 * @throws the system's error; then no file is left behind, unless one was there (`EEXIST`).
 */
export async function writePrivateFile(file: string, content: string | Buffer): Promise<void> {
  const folder = path.dirname(file);
  const handle = await fs.open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await handle.chmod(0o600);
    await inheritOwner(handle, folder);
    await handle.writeFile(content);
    await handle.sync();
    await syncFolder(folder);
  } catch (error) {
    await fs.rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Puts a file in the place of another at once, so that a reader finds either whole.
 * @throws the system's error; then the old one is as it was.
 */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
  const next = `${file}.new`;
  await fs.rm(next, { force: true });
  await writePrivateFile(next, content);
  await fs.rename(next, file);
  await syncFolder(path.dirname(file));
}

/** Adds to the end of a file that only its owner can read. @throws the system's error. */
export async function appendPrivateFile(file: string, content: string): Promise<void> {
  const handle = await fs.open(file, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  try {
    const { size, mode } = await handle.stat();
    if ((mode & 0o077) !== 0) await handle.chmod(0o600);
    await inheritOwner(handle, path.dirname(file));
    const last = Buffer.alloc(1, '\n');
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // A power cut may have left half a line.
    await handle.writeFile(last.toString() === '\n' ? content : `\n${content}`);
    await handle.sync();
    if (size === 0) await syncFolder(path.dirname(file));
  } finally {
    await handle.close();
  }
}

/** Where a folder cannot be synced at all; any other failure is one. */
const CANNOT_SYNC = new Set(['EPERM', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EACCES']);

/** Makes the folder's list of names durable. @throws the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await fs.open(folder, O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** A file or folder, where it really is. */
export interface Place {
  path: string;
  status: Stats;
  isLinked: boolean;
}

/**
 * Where a file or folder of settings really is. A link is followed when it and what it leads to are
 * the caller's or root's, and nobody else can write there.
 * @param userId the caller; null where users have no numbers (Windows), and nothing is refused.
 * @returns null when there is nothing, or the folder above is closed to us.
 * @throws OxhostError `config_error` for what somebody else owns or could change.
 */
export async function findPlace(name: string, userId: number | null): Promise<Place | null> {
  const named = await fs.lstat(name).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code ?? '')) return null;
    throw unreadable(name, error);
  });
  if (named === null) return null;
  try {
    await refuseForeign(name, named, userId);
    if (!named.isSymbolicLink()) return { path: name, status: named, isLinked: false };
    const real = await fs.realpath(name);
    const status = await fs.stat(real);
    for (const each of [real, path.dirname(real)]) {
      const found = await fs.stat(each);
      await refuseForeign(each, found, userId);
      if (userId !== null && othersCanWrite(found)) throw writable(each);
    }
    return { path: real, status, isLinked: true };
  } catch (error) {
    throw error instanceof OxhostError ? error : unreadable(name, error);
  }
}

/** In a sticky folder nobody can replace what is another's. */
export function othersCanWrite(status: Stats): boolean {
  return (status.mode & 0o022) !== 0 && !(status.isDirectory() && (status.mode & 0o1000) !== 0);
}

/** Under sudo, what lies in a user's folder is that user's. */
export async function isOwn(name: string, { uid }: Stats, userId: number | null): Promise<boolean> {
  if (userId === null || uid === userId || uid === 0) return true;
  return userId === 0 && uid === (await fs.stat(path.dirname(name))).uid;
}

async function refuseForeign(name: string, status: Stats, userId: number | null): Promise<void> {
  if (await isOwn(name, status, userId)) return;
  throw new OxhostError(
    'config_error',
    `${name} belongs to another user (${status.uid}), so it is not used.`,
    { hint: `If it should be yours: sudo chown -R ${userId} ${shellWord(name)}` },
  );
}

/** The error of what somebody else could change, and we cannot tighten. */
export function writable(name: string): OxhostError {
  return new OxhostError('config_error', `Others can write to ${name}, so it is not used.`, {
    hint: `Its owner can change that: chmod go-w ${shellWord(name)}`,
  });
}

/** A disk's refusal, as a sentence. */
export function unreadable(name: string, error: unknown): OxhostError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new OxhostError('config_error', `${name} cannot be read (${code ?? message}).`);
}

/**
 * The folder of settings: `OXHOST_CONFIG_DIR`, else the usual place of the platform (XDG base
 * directory specification on Linux, Library/Preferences on macOS, APPDATA on Windows). Null for a
 * user without a home.
 * @throws OxhostError `usage` for a relative `OXHOST_CONFIG_DIR`: nothing is kept in the working
 *   directory.
 */
export function configFolder({
  env,
  platform,
  homeFolder,
}: Pick<System, 'env' | 'platform' | 'homeFolder'>): string | null {
  const below = (...names: string[]) =>
    homeFolder === null ? null : path.join(homeFolder, ...names);
  const absolute = (name: string) => {
    const value = variable(env, name);
    return value !== undefined && path.isAbsolute(value) ? value : null;
  };
  const chosen = variable(env, 'OXHOST_CONFIG_DIR');
  if (chosen !== undefined) {
    if (/^~(?:[\\/]|$)/.test(chosen)) return below(chosen.slice(1));
    if (path.isAbsolute(chosen)) return path.normalize(path.join(chosen, '.'));
    throw new OxhostError('usage', 'OXHOST_CONFIG_DIR must be a whole path, or begin with ~/.');
  }
  if (platform === 'darwin') return below('Library', 'Preferences', 'oxhost');
  const base =
    platform === 'win32'
      ? (absolute('APPDATA') ?? below('AppData', 'Roaming'))
      : (absolute('XDG_CONFIG_HOME') ?? below('.config'));
  if (base === null) return null;
  return platform === 'win32' ? path.join(base, 'oxhost', 'Config') : path.join(base, 'oxhost');
}

/** @throws OxhostError `config_error` where there is no folder. */
export function needFolder(folder: string | null): string {
  if (folder !== null) return folder;
  throw new OxhostError('config_error', 'This user has no home folder to keep anything in.', {
    hint: 'Name a folder in OXHOST_CONFIG_DIR.',
  });
}
