import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, OxhostError } from '../errors.ts';
import type { System } from '../system.ts';
import {
  contentOf,
  hashOf,
  type OpenAttempt,
  parseLines,
  readOpen,
  type Settled,
  type Subject,
} from './attempts.ts';
import { lockSettings } from './lock.ts';
import {
  appendPrivateFile,
  configFolder,
  findPlace,
  makePrivateFolder,
  needFolder,
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
  'platform' | 'pid' | 'userId' | 'now' | 'sleep' | 'random' | 'env' | 'homeFolder'
>;

export function openHistory(system: HistorySystem): History {
  const named = configFolder(system);
  const userId = system.userId();

  const look = <Value>(work: (files: Files) => Promise<Value>): Promise<Value> =>
    inWords(named, async (folder) => {
      const real = (await findPlace(folder, userId))?.path ?? folder;
      const files = filesIn(real);
      await findPlace(files.place, userId);
      return work(files);
    });
  /** Alone among all processes of this machine. */
  const alone = <Value>(work: (files: Files) => Promise<Value>): Promise<Value> =>
    inWords(named, async (folder) => {
      const real = await makePrivateFolder(folder, userId);
      const files = filesIn(real);
      await makePrivateFolder(files.place, userId);
      const lock = await lockSettings(real, 'history', system);
      try {
        return await work(files);
      } finally {
        await lock.release();
      }
    });

  /** A kill between the line and the end of the file leaves both: then the line says what is. */
  const open = async ({ place, log }: Files, mayClean = false) => {
    const found = await readOpen(place, userId);
    if (found.length === 0) return found;
    const lines = parseLines(await readIfThere(log));
    const known = new Set(lines.map((line) => line?.number));
    const isLeft = ({ number, state }: OpenAttempt) => state !== 'damaged' && known.has(number);
    if (mayClean) await Promise.all(found.filter(isLeft).map(({ file }) => removeOpen(file)));
    return found.filter((attempt) => !isLeft(attempt));
  };
  const openAt = async (files: Files, subject: Subject) => {
    const hash = hashOf(subject);
    return (await open(files)).filter(({ file }) => path.basename(file).includes(`-${hash}.`));
  };
  const nextNumber = async (files: Files) => {
    const numbers = (await open(files, true)).map(({ number }) => number);
    for (const [, number] of (await readIfThere(files.log)).matchAll(/^\{"number":(\d+)/gm)) {
      numbers.push(Number(number));
    }
    return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
  };
  const close = async ({ log }: Files, attempt: OpenAttempt, end: object) => {
    const { number, time, operation, origin, login, domain } = attempt;
    const line = { number, time, operation, origin, login, domain, ...end };
    await appendPrivateFile(log, `${JSON.stringify(line)}\n`);
    await removeOpen(attempt.file);
  };

  return {
    findOpen: (subject) => look((files) => openAt(files, subject)),
    begin: (subject, { generatedPassword, consider }) =>
      alone(async (files) => {
        const earlier = await openAt(files, subject);
        consider?.(earlier);
        const number = await nextNumber(files);
        const file = path.join(files.place, `${number}-${hashOf(subject)}.json`);
        let attempt: OpenAttempt = {
          ...{ number, time: system.now().toISOString(), ...subject, state: 'unknown', file },
          ...(generatedPassword === undefined ? {} : { generated_password: generatedPassword }),
        };
        await writePrivateFile(file, contentOf(attempt));
        return {
          ...{ number, file, earlier },
          update: (known) => {
            attempt = { ...attempt, ...known };
            return inWords(named, () => replacePrivateFile(file, contentOf(attempt)));
          },
          settle: (ids) => alone((now) => close(now, attempt, { ids, state: 'created' })),
          forget: () => inWords(named, () => removeOpen(file)),
        };
      }),
    addSettled: (entries) =>
      alone(async (files) => {
        const first = await nextNumber(files);
        const time = system.now().toISOString();
        const lines = entries.map((entry, index) => {
          return `${JSON.stringify({ number: first + index, time, ...entry, state: 'created' })}\n`;
        });
        await appendPrivateFile(files.log, lines.join(''));
      }),
    list: () =>
      look(async (files) => {
        const lines = parseLines(await readIfThere(files.log));
        const settled = lines.filter((line) => line?.state === 'created');
        const entries = [...settled, ...(await open(files))].sort((a, b) => b.number - a.number);
        return { entries, damagedLines: lines.filter((line) => line === null).length };
      }),
    settle: (number, exists) =>
      alone(async (files) => {
        const attempt = (await open(files)).find((candidate) => candidate.number === number);
        if (attempt === undefined || attempt.state === 'damaged') return attempt;
        const { ids = {} } = attempt;
        // A number that was shown is not given again: somebody may still settle it.
        const end = exists ? { ids, state: 'created', by_hand: true } : { state: 'closed' };
        await close(files, attempt, end);
        return attempt;
      }),
  };
}

interface Files {
  /** The folder of open attempts. */
  place: string;
  log: string;
}

function filesIn(folder: string): Files {
  return { place: path.join(folder, 'open'), log: path.join(folder, 'history.ndjson') };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** With what a kill in the middle of an update left. */
async function removeOpen(file: string): Promise<void> {
  await fs.rm(`${file}.new`, { force: true });
  await fs.rm(file, { force: true });
}

async function inWords<Value>(
  named: string | null,
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = needFolder(named);
  try {
    return await work(folder);
  } catch (error) {
    if (error instanceof OxhostError) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? describe(error);
    throw new OxhostError('config_error', `The history in ${folder} cannot be used (${why}).`, {
      hint: 'OXHOST_CONFIG_DIR names another folder for it.',
    });
  }
}
