import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { shellWord } from '../output/shell-word.ts';
import { error, type Finding, failure, ok, skipped } from './finding.ts';

/** What is at a path. */
export interface Place {
  path: string;
  kind: 'missing' | 'closed' | 'folder' | 'file' | 'link' | 'other';
  /** Permission bits, or null where the platform has none. */
  mode: number | null;
  /** For a folder that is missing: whether it could be made. */
  isReadable: boolean;
  isWritable: boolean;
}

/** Looks, and changes nothing. */
export async function lookAt(place: string, platform: NodeJS.Platform): Promise<Place> {
  const status = await fs.lstat(place).catch((error: NodeJS.ErrnoException) => error.code ?? '');
  if (status === 'EACCES') {
    return { path: place, kind: 'closed', mode: null, isReadable: false, isWritable: false };
  }
  if (typeof status === 'string') {
    const parent = await nearestFolder(path.dirname(place));
    const isWritable = await may(parent, constants.W_OK | constants.X_OK);
    return { path: place, kind: 'missing', mode: null, isReadable: isWritable, isWritable };
  }
  const kind = status.isSymbolicLink()
    ? 'link'
    : status.isDirectory()
      ? 'folder'
      : status.isFile()
        ? 'file'
        : 'other';
  const enter = kind === 'folder' ? constants.X_OK : 0;
  return {
    path: place,
    kind,
    mode: platform === 'win32' ? null : status.mode & 0o777,
    isReadable: await may(place, constants.R_OK | enter),
    isWritable: await may(place, constants.W_OK | enter),
  };
}

async function nearestFolder(folder: string): Promise<string> {
  const exists = await fs.stat(folder).catch(() => null);
  const parent = path.dirname(folder);
  return exists !== null || parent === folder ? folder : nearestFolder(parent);
}

async function may(place: string, mode: number): Promise<boolean> {
  return fs.access(place, mode).then(
    () => true,
    () => false,
  );
}

const ELSEWHERE = 'or name another folder in OXHOST_CONFIG_DIR';

/**
 * @param refusal why the settings in it cannot be read, or null. Pure.
 */
export function folderFinding(folder: Place, refusal: unknown): Finding {
  const { path: name, kind, mode, isReadable, isWritable } = folder;
  const chmod = `chmod 700 ${shellWord(name)}`;
  const bad = (message: string, hint: string) =>
    error('folder', 'config_error', `${name} ${message}.`, hint);
  if (kind === 'missing') {
    return isWritable
      ? ok('folder', `${name} does not exist yet and is made when something is stored.`)
      : bad(
          'does not exist and cannot be made, so no key and no generated password can be kept',
          `Make it for yourself alone, ${ELSEWHERE}.`,
        );
  }
  if (kind === 'link' && refusal !== null) return failure('folder', refusal);
  if (kind !== 'folder' && kind !== 'closed')
    return bad('is no folder', `Move it away, ${ELSEWHERE}.`);
  if (!isReadable)
    return bad('is closed to you', `Make it your own and run ${chmod}, ${ELSEWHERE}.`);
  if (mode !== null && (mode & 0o077) !== 0) {
    return bad(`is open to others (mode ${octal(mode)})`, `Run ${chmod}`);
  }
  return isWritable
    ? ok('folder', `${name} is open to you alone.`)
    : bad(
        'cannot be written to, so no key and no generated password can be kept',
        `Make it your own and run ${chmod}, ${ELSEWHERE}.`,
      );
}

/**
 * @param stored how many profiles there are, or why they cannot be read. Pure.
 */
export function fileFinding(
  file: Place,
  stored: { profiles: number } | { refusal: unknown },
): Finding {
  const { path: name, kind, mode } = file;
  const chmod = `chmod 600 ${shellWord(name)}`;
  if ('refusal' in stored) {
    return failure('settings', stored.refusal, `Make it your own and run ${chmod}`);
  }
  if (kind === 'closed') return skipped('settings', 'Not looked at, because of folder.');
  if (kind === 'missing') return ok('settings', 'Nothing is stored yet.');
  if (mode !== null && (mode & 0o077) !== 0) {
    return error(
      'settings',
      'config_error',
      `${name} could be read by others (mode ${octal(mode)}).`,
      `Run ${chmod}`,
    );
  }
  const { profiles } = stored;
  return ok('settings', `${name} has ${profiles} ${profiles === 1 ? 'profile' : 'profiles'}.`);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
