import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { System } from '../system.ts';
import { asFolderError } from './journal/file.ts';

export type TemporaryNames = Pick<System, 'platform' | 'randomUUID' | 'userId'>;

/** Few, since file systems allow names of 255 bytes; nothing is written through a name in use anyway. */
const DIGITS = 8;
const ENDING = /^\.[0-9a-f]{8}\.oxhost-(?:tmp|unsorted)$/;

/** A name beside the file that nobody can have prepared. */
export function temporaryPath(
  path: string,
  purpose: 'tmp' | 'unsorted',
  { randomUUID }: Pick<TemporaryNames, 'randomUUID'>,
): string {
  return `${path}.${randomUUID().slice(0, DIGITS)}.oxhost-${purpose}`;
}

/**
 * Takes away what killed runs left beside the file, unless it is another user's.
 * @throws JournalFolderError
 */
export async function removeLeftTemporaries(
  path: string,
  { userId }: Pick<TemporaryNames, 'userId'>,
): Promise<void> {
  const folder = dirname(resolve(path));
  const name = basename(path);
  const own = userId();
  try {
    for (const other of await readdir(folder)) {
      if (!other.startsWith(name) || !ENDING.test(other.slice(name.length))) continue;
      const left = join(folder, other);
      const found = await lstat(left);
      const isOurs = found.isFile() && (own === null || found.uid === own);
      if (isOurs) await rm(left, { force: true });
    }
  } catch (error) {
    throw asFolderError(path, error);
  }
}
