import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OxhostError } from '../../errors.ts';
import { shorten } from '../../output/text.ts';
import { syncFolder } from '../../store/private-files.ts';
import { codeOf, diskError, replaceFile } from '../journal/disk.ts';
import type { Journal } from '../journal/journal.ts';
import type { LoginState, States } from '../journal/record.ts';
import type { Plan } from '../plan.ts';
import { readTable } from '../reader/table.ts';
import { csvText } from './results.ts';

export type Answers = ReadonlyMap<string, 'yes' | 'no'>;

const COLUMNS = ['row', 'login', 'name', 'email', 'answer', 'exists'];
const LONGEST_ANSWER = 200;
const LONGEST_WRONG = 20;

export function unknownPath(folder: string): string {
  return join(folder, 'unknown.csv');
}

/**
 * What a person wrote under `exists`; of rows that are no longer unknown it says nothing more.
 * @throws OxhostError `invalid_input` for what is no answer, or not to the row that it stands in.
 */
export async function readAnswers(folder: string, states: States): Promise<Answers> {
  const path = unknownPath(folder);
  const answers = new Map<string, 'yes' | 'no'>();
  // Of another journal, or of none: an embedded sandbox's run has nothing to do with it.
  if (states.size === 0) return answers;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return answers;
    throw diskError('read', path, error);
  }
  const table = readTable(bytes, { operand: path, format: 'csv' });
  const [rowAt, loginAt, existsAt] = ['row', 'login', 'exists'].map((name) =>
    table.columns.findIndex((column) => column.trim().toLowerCase() === name),
  ) as [number, number, number];
  const refuse = (problem: string) =>
    new OxhostError('invalid_input', `${path} ${problem}.`, {
      hint: 'Write yes or no under exists and change nothing else, or delete the file: the next run writes it again.',
      outcome: 'not_created',
    });
  if (Math.min(rowAt, loginAt, existsAt) === -1) {
    throw refuse('lacks one of the columns row, login and exists');
  }
  // A login that could be taken for a formula has an apostrophe before it.
  const byCell = new Map(
    [...states.values()].flatMap((state) => ['', "'"].map((sign) => [sign + state.login, state])),
  );
  for (const record of table.records) {
    if ('problem' in record) throw refuse(`line ${record.line} ${record.problem}`);
    const { line } = record;
    const [row, login, exists] = [rowAt, loginAt, existsAt].map((column) => {
      const cell = record.cells[column];
      return typeof cell === 'string' ? cell.trim() : '';
    }) as [string, string, string];
    if (exists === '') continue;
    const answer = ANSWERS[exists.toLowerCase()];
    if (answer === undefined) {
      const cell = JSON.stringify(shorten(exists, LONGEST_WRONG));
      throw refuse(`line ${line} has ${cell} under exists, which is neither yes nor no`);
    }
    const state = byCell.get(login);
    if (state === undefined || String(state.row) !== row) {
      throw refuse(`line ${line} has another login than the row that it names`);
    }
    if (state.status === 'unknown') answers.set(state.login, answer);
  }
  return answers;
}

const ANSWERS: Readonly<Record<string, 'yes' | 'no'>> = { yes: 'yes', y: 'yes', no: 'no', n: 'no' };

/**
 * Makes the answers part of the journal, and only then lets the file forget them: a "no" is about
 * the attempt that was made before, and must not be found again after the next one. So it is
 * written anew before anything is sent, also when an earlier run took the answers and then failed.
 * @returns those that could not be followed, and stay in the file.
 */
export async function takeAnswers(
  journal: Journal,
  answers: Answers,
  { skip }: Plan,
  folder: string,
  platform: NodeJS.Platform,
): Promise<Answers> {
  const kept = new Map<string, 'yes' | 'no'>();
  const held = new Set(
    skip.flatMap((each) => (each.reason === 'other_password' ? each.row.login : [])),
  );
  const records = [...answers].map(async ([login, answer]) => {
    const { attempt } = journal.states.get(login) ?? {};
    if (attempt === undefined) return;
    if (answer === 'no' && held.has(login)) {
      kept.set(login, answer);
      return;
    }
    const status = answer === 'yes' ? 'created' : 'not_sent';
    await journal.settle({ login, attempt, status, by_hand: true });
  });
  await Promise.all(records);
  await writeUnknown(folder, journal.states, kept, platform);
  return kept;
}

/** Writes the file anew, or takes it away when nothing is unknown. @throws OxhostError */
export async function writeUnknown(
  folder: string,
  states: States,
  kept: Answers,
  platform: NodeJS.Platform,
): Promise<void> {
  const path = unknownPath(folder);
  const unknown = [...states.values()].filter(({ status }) => status === 'unknown');
  unknown.sort((one, other) => one.row - other.row);
  if (unknown.length > 0) {
    const lines = unknown.map((state) => lineOf(state, kept.get(state.login) ?? ''));
    await replaceFile(path, platform, csvText([COLUMNS, ...lines]));
    return;
  }
  try {
    await rm(path, { force: true });
    await syncFolder(folder);
  } catch (error) {
    throw diskError('remove', path, error);
  }
}

function lineOf(state: LoginState, exists: string): string[] {
  const { row, login, name = '', email = '', error } = state;
  const said = error?.message ?? 'the run ended before the answer came';
  return [String(row), login, name, email, shorten(said, LONGEST_ANSWER), exists];
}
