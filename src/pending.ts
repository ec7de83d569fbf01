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

function subjectHash(subject: AttemptSubject): string {
  const text =
    'login' in subject ? subject.login : `${subject.path}\n${JSON.stringify(subject.fields)}`;
  return createHash('sha256').update(`${subject.origin}\n${text}`).digest('hex').slice(0, 24);
}

async function readAttempts(place: string, names: readonly string[]): Promise<EarlierAttempt[]> {
  const found = await Promise.all(names.map((name) => readAttempt(path.join(place, name))));
  return found
    .filter((attempt) => attempt !== null)
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

async function readAttempt(file: string): Promise<EarlierAttempt | null> {
  try {
    const attempt = JSON.parse(await fs.readFile(file, 'utf8')) as Partial<PendingAttempt>;
    const { started_at: startedAt, generated_password: password } = attempt;
    return typeof startedAt === 'string'
      ? { file, startedAt, hasPassword: password !== undefined }
      : null;
  } catch {
    return null;
  }
}
