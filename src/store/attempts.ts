import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isOwn } from './private-files.ts';

/** What an attempt is at. Two with the same operation, origin and fields are at the same. */
export interface Subject {
  /** Path of the command: `plesk client create`. */
  operation: string;
  origin: string;
  /** No secret, and not the way of payment. */
  fields: Readonly<Record<string, string>>;
  login?: string;
  domain?: string;
}

/** A create or purchase that is known to have been made; a line of `history.ndjson`. */
export interface Settled {
  number: number;
  /** ISO 8601. */
  time: string;
  operation: string;
  origin: string;
  login?: string;
  domain?: string;
  ids: Readonly<Record<string, string>>;
  state: 'created';
  /** A person said so, after a look in the panel. */
  by_hand?: true;
}

/** One whose end is not known yet, or whose password nobody has seen; a file in `open/`. */
export interface OpenAttempt extends Subject {
  number: number;
  time: string;
  /** `damaged`: the file cannot be read, and only its name says what it is. */
  state: 'unknown' | 'created' | 'damaged';
  ids?: Readonly<Record<string, string>>;
  /** One that oxhost generated: nobody else knows it. */
  generated_password?: string;
  /** What the server said. */
  answer?: string;
  /** Where it is on this disk. */
  file: string;
}

export function contentOf({ file: _file, ...attempt }: OpenAttempt): string {
  return `${JSON.stringify(attempt, null, 2)}\n`;
}

/** In the file's name, so that a damaged file still says what it is about. */
export function hashOf({ operation, origin, fields }: Subject): string {
  const named = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([operation, origin, named]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** An attempt that made nothing, as a person said: its number is not given again. */
export interface Closed {
  number: number;
  state: 'closed';
}

/** Lines of the history; null for one that is cut or damaged. */
export function parseLines(log: string): (Settled | Closed | null)[] {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    try {
      const entry = JSON.parse(line) as Partial<Settled> | null;
      const isWhole = Number.isSafeInteger(entry?.number) && typeof entry?.operation === 'string';
      return isWhole ? ({ ids: {}, ...entry } as Settled | Closed) : null;
    } catch {
      return null;
    }
  });
}

/**
 * Oldest first.
 * @param userId what belongs to somebody else counts as damaged; null where users have no numbers.
 */
export async function readOpen(place: string, userId: number | null): Promise<OpenAttempt[]> {
  const names = await fs.readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = names.flatMap((name) => {
    const number = /^(\d+)-[0-9a-f]{16}\.json$/.exec(name)?.[1];
    if (number === undefined) return [];
    return [readAttempt(path.join(place, name), Number(number), userId)];
  });
  return (await Promise.all(found))
    .filter((attempt) => attempt !== null)
    .sort((a, b) => a.number - b.number);
}

/** Null when it went meanwhile. */
async function readAttempt(
  file: string,
  number: number,
  userId: number | null,
): Promise<OpenAttempt | null> {
  const damaged: OpenAttempt = {
    ...{ number, time: '', operation: '', origin: '', fields: {}, state: 'damaged', file },
  };
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const handle = await fs.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      if (!(await isOwn(file, await handle.stat(), userId))) return damaged;
      const attempt = JSON.parse(await handle.readFile('utf8')) as Partial<OpenAttempt> | null;
      const { time, operation, origin, state } = attempt ?? {};
      const isWhole =
        [time, operation, origin].every((value) => typeof value === 'string') &&
        (state === 'unknown' || state === 'created');
      return isWhole ? { ...damaged, ...attempt, number, file } : damaged;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : damaged;
  }
}
