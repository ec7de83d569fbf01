import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, OxhostError } from '../errors.ts';
import type { System } from '../system.ts';
import {
  asSettled,
  contentOf,
  hashOf,
  type OpenAttempt,
  readLog,
  readOpen,
  type Settled,
  type Subject,
} from './attempts.ts';
import { configFolder } from './folders.ts';
import { acquireLock, LockedError } from './lock.ts';
import {
  appendPrivateFile,
  makePrivateFolder,
  replacePrivateFile,
  writePrivateFile,
} from './private-files.ts';

export type { OpenAttempt, Settled, Subject };

/** The file of an attempt that is under way. */
export interface AttemptRecord {
  readonly number: number;
  readonly file: string;
  /** Other open attempts at the same, oldest first. */
  readonly earlier: readonly OpenAttempt[];
  /** Keeps what is known by now. */
  update(known: Pick<OpenAttempt, 'answer' | 'ids'> & { state?: 'created' }): Promise<void>;
  /** It is done and its result was shown: a line of the history. */
  settle(ids: Readonly<Record<string, string>>): Promise<void>;
  /** It certainly did nothing. */
  forget(): Promise<void>;
}

/**
 * What this machine has created and bought. Every method throws OxhostError `config_error` where the
 * disk fails.
 */
export interface History {
  /** Open attempts at the same, oldest first; damaged ones too. */
  findOpen(subject: Subject): Promise<readonly OpenAttempt[]>;
  /**
   * Puts an attempt on the disk before its request goes out.
   * @param consider given the open attempts at the same, with no other process in between; what it
   *   throws stops the attempt.
   */
  begin(
    subject: Subject,
    options: {
      generatedPassword?: string;
      consider?: (earlier: readonly OpenAttempt[]) => void;
    },
  ): Promise<AttemptRecord>;
  /** Notes what is done already, many at a time. */
  addSettled(entries: readonly Omit<Settled, 'number' | 'time' | 'state'>[]): Promise<void>;
  /** All of it, newest first, and how many lines cannot be read. */
  list(): Promise<{ entries: (Settled | OpenAttempt)[]; damagedLines: number }>;
  /**
   * A person's word on an open attempt.
   * @returns the attempt, or undefined when there is no open one of that number.
   */
  settle(number: number, exists: boolean): Promise<OpenAttempt | undefined>;
}

type HistorySystem = Pick<
  System,
  'platform' | 'pid' | 'now' | 'sleep' | 'random' | 'env' | 'homeFolder'
>;

const LOCK_WAIT_MILLISECONDS = 10_000;

export function openHistory(system: HistorySystem): History {
  const folder = configFolder(system);
  const place = path.join(folder, 'open');
  const log = path.join(folder, 'history.ndjson');

  const inWords = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof OxhostError ? error : failure(error, folder);
    }
  };
  /** Alone among all processes of this machine. */
  const alone = <Value>(work: () => Promise<Value>): Promise<Value> => inWords(() => locked(work));
  const locked = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    await makePrivateFolder(folder);
    await makePrivateFolder(place);
    const lock = await acquireLock({
      folder: place,
      purpose: 'history',
      ...{ platform: system.platform, pid: system.pid, doing: 'history' },
      clock: { now: () => system.now().getTime(), sleep: (time) => system.sleep(time) },
      random: () => system.random(),
      waitMilliseconds: LOCK_WAIT_MILLISECONDS,
    });
    try {
      return await work();
    } finally {
      await lock.release();
    }
  };

  const open = () => readOpen(place);
  const findOpen = async (subject: Subject) => {
    const hash = hashOf(subject);
    return (await open()).filter(({ file }) => path.basename(file).includes(`-${hash}.`));
  };
  const nextNumber = async () => {
    const numbers = (await open()).map(({ number }) => number);
    for (const [, number] of (await readLog(log)).matchAll(/^\{"number":(\d+)/gm)) {
      numbers.push(Number(number));
    }
    return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
  };
  const close = async (attempt: OpenAttempt, byHand: boolean) => {
    const { number, time, operation, origin, login, domain, ids = {} } = attempt;
    const line: Settled = {
      ...{ number, time, operation, origin },
      ...(login === undefined ? {} : { login }),
      ...(domain === undefined ? {} : { domain }),
      ...{ ids, state: 'created' },
      ...(byHand ? { by_hand: true } : {}),
    };
    await appendPrivateFile(log, `${JSON.stringify(line)}\n`);
    await fs.rm(attempt.file, { force: true });
  };

  return {
    findOpen: (subject) => inWords(() => findOpen(subject)),
    begin: (subject, { generatedPassword, consider }) =>
      alone(async () => {
        const earlier = await findOpen(subject);
        consider?.(earlier);
        const number = await nextNumber();
        const file = path.join(place, `${number}-${hashOf(subject)}.json`);
        let attempt: OpenAttempt = {
          ...{ number, time: system.now().toISOString(), ...subject, state: 'unknown', file },
          ...(generatedPassword === undefined ? {} : { generated_password: generatedPassword }),
        };
        await writePrivateFile(file, contentOf(attempt));
        return {
          ...{ number, file, earlier },
          update: (known) => {
            attempt = { ...attempt, ...known };
            return inWords(() => replacePrivateFile(file, contentOf(attempt)));
          },
          settle: (ids) => alone(() => close({ ...attempt, ids }, false)),
          forget: () => inWords(() => fs.rm(file, { force: true })),
        };
      }),
    addSettled: (entries) =>
      alone(async () => {
        const first = await nextNumber();
        const time = system.now().toISOString();
        const lines = entries.map((entry, index) => {
          return `${JSON.stringify({ number: first + index, time, ...entry, state: 'created' })}\n`;
        });
        await appendPrivateFile(log, lines.join(''));
      }),
    list: () =>
      inWords(async () => {
        const lines = (await readLog(log)).split('\n').filter((line) => line !== '');
        const settled = lines.map(asSettled).filter((entry) => entry !== null);
        const known = new Set(settled.map(({ number }) => number));
        // A kill between the line and the file's end leaves both.
        const opened = (await open()).filter(({ number }) => !known.has(number));
        const entries = [...settled, ...opened].sort((a, b) => b.number - a.number);
        return { entries, damagedLines: lines.length - settled.length };
      }),
    settle: (number, exists) =>
      alone(async () => {
        const attempt = (await open()).find((candidate) => candidate.number === number);
        if (attempt === undefined || attempt.state === 'damaged') return attempt;
        if (exists) await close(attempt, true);
        else await fs.rm(attempt.file, { force: true });
        return attempt;
      }),
  };
}

function failure(error: unknown, folder: string): OxhostError {
  const why =
    error instanceof LockedError
      ? error.message
      : ((error as NodeJS.ErrnoException).code ?? describe(error));
  return new OxhostError('config_error', `The history in ${folder} cannot be used (${why}).`, {
    hint: 'OXHOST_CONFIG_DIR names another folder for it.',
  });
}
