import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder, writePrivateFile } from './private-files.ts';

/** What an attempt is at: one client's login, or all that an order says. */
export type AttemptSubject =
  | { origin: string; login: string }
  | { origin: string; path: string; fields: Readonly<Record<string, string>> };

/** A call that was begun and whose end is not known. */
export type PendingAttempt = AttemptSubject & {
  /** ISO 8601. */
  started_at: string;
  /** Only a password that oxhost made itself: nobody else knows it. */
  generated_password?: string;
};

/** An earlier attempt at the same whose end is not known. */
export interface EarlierAttempt {
  file: string;
  /** ISO 8601. */
  startedAt: string;
  hasPassword: boolean;
}

/** The record of one call on the disk, written before its request goes out. */
export interface PendingRecord {
  readonly file: string;
  /** Oldest first. */
  readonly earlier: readonly EarlierAttempt[];
  /** This attempt certainly did nothing: forget it alone. */
  forget(): Promise<void>;
  /**
   * It is done and its password is safe: forget every attempt at the same, but for those whose
   * generated password is known to nobody else. Should two exist after all, each has its own.
   */
  settle(): Promise<void>;
}

/**
 * Puts the attempt on the disk, so that even a kill -9 between request and answer loses neither
 * the fact of it nor a generated password.
 * @throws the system's error when it cannot be stored.
 */
export async function recordAttempt(
  folder: string,
  attempt: PendingAttempt,
  uniqueName: string,
): Promise<PendingRecord> {
  const place = path.join(folder, 'pending');
  await makePrivateFolder(folder);
  await makePrivateFolder(place);
  const prefix = subjectHash(attempt);
  const names = (await fs.readdir(place)).filter((name) => name.startsWith(prefix)).sort();
  const earlier = await readAttempts(place, names);
  const file = path.join(place, `${prefix}-${uniqueName}.json`);
  await writePrivateFile(file, `${JSON.stringify(attempt, null, 2)}\n`);
  const remove = async (files: readonly string[]) => {
    await Promise.all(files.map((name) => fs.rm(name, { force: true })));
  };
  return {
    file,
    earlier,
    forget: () => remove([file]),
    settle: () => {
      const kept = earlier.filter(({ hasPassword }) => hasPassword).map((found) => found.file);
      const files = names.map((name) => path.join(place, name));
      return remove([file, ...files.filter((name) => !kept.includes(name))]);
    },
  };
}

/** Earlier attempts at the same whose end is not known, oldest first. */
export async function findAttempts(
  folder: string,
  subject: AttemptSubject,
): Promise<readonly EarlierAttempt[]> {
  const place = path.join(folder, 'pending');
  const prefix = subjectHash(subject);
  const names = await fs.readdir(place).catch(() => []);
  return readAttempts(
    place,
    names.filter((name) => name.startsWith(prefix)),
  );
}

/** An attempt whose end is not known, whatever it was at. */
export interface OpenAttempt extends EarlierAttempt {
  origin: string;
  /** The login that a create was for, or null. */
  login: string | null;
  /** The path of any other call, or null. */
  path: string | null;
}

/**
 * All attempts whose end is not known, oldest first, and the files that do not say what they are.
 * @throws the system's error when there is a folder of them that cannot be read.
 */
export async function listAttempts(
  folder: string,
): Promise<{ attempts: readonly OpenAttempt[]; unreadable: readonly string[] }> {
  const place = path.join(folder, 'pending');
  const names = await fs.readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const attempts: OpenAttempt[] = [];
  const unreadable: string[] = [];
  for (const name of names.sort()) {
    const file = path.join(place, name);
    const attempt = await readAttempt(file);
    if (attempt === null) unreadable.push(file);
    else attempts.push(attempt);
  }
  return { attempts: attempts.sort(byStart), unreadable };
}

function subjectHash(subject: AttemptSubject): string {
  const text =
    'login' in subject ? subject.login : `${subject.path}\n${JSON.stringify(subject.fields)}`;
  return createHash('sha256').update(`${subject.origin}\n${text}`).digest('hex').slice(0, 24);
}

async function readAttempts(place: string, names: readonly string[]): Promise<EarlierAttempt[]> {
  const found = await Promise.all(names.map((name) => readAttempt(path.join(place, name))));
  return found
    .filter((attempt) => attempt !== null)
    .sort(byStart)
    .map(({ file, startedAt, hasPassword }) => ({ file, startedAt, hasPassword }));
}

function byStart(a: EarlierAttempt, b: EarlierAttempt): number {
  return a.startedAt.localeCompare(b.startedAt);
}

async function readAttempt(file: string): Promise<OpenAttempt | null> {
  try {
    const attempt = JSON.parse(await fs.readFile(file, 'utf8')) as Record<string, unknown>;
    const { started_at: startedAt, generated_password: password } = attempt;
    if (typeof startedAt !== 'string') return null;
    const text = (name: string) => (typeof attempt[name] === 'string' ? attempt[name] : null);
    return {
      file,
      startedAt,
      hasPassword: password !== undefined,
      origin: text('origin') ?? '',
      login: text('login'),
      path: text('path'),
    };
  } catch {
    return null;
  }
}
