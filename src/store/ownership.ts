import type { Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { OxhostError } from '../errors.ts';
import { shellWord } from '../output/shell-word.ts';

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
