import type { JsonObject } from '../../api/operation.ts';
import { generatePassword } from '../../plesk/password.ts';
import type { EngineJournal, EngineOptions, ImportRow, RowReport } from '../contract.ts';
import type { IntentRecord, OutcomeRecord } from '../journal/record.ts';
import { inputHash, OTHER_PASSWORD, passwordHash, type SendDecision } from './decision.ts';
import type { Meaning, Request } from './meaning.ts';

/** A row on its way, over all its attempts in this run. */
export interface Task extends Request {
  readonly source: ImportRow;
  /** Stands for the row in its intents. */
  readonly input: string;
  /** Stands for the row's own password; null where it is a generated one. */
  readonly givenPassword: string | null;
  readonly isGenerated: boolean;
  /** Attempts that the journal has, this run's included. */
  attempts: number;
  /** What came of the last attempt in this run; null before the first. */
  last: Meaning | null;
}

type PasswordSource = Pick<EngineOptions, 'passwordLength' | 'system'>;

export function startTask(
  source: ImportRow,
  decision: SendDecision,
  journal: Pick<EngineJournal, 'hashInput'>,
  passwords: PasswordSource,
): Task {
  const { attempts, earlierUnknown, password, generated } = decision;
  return {
    source,
    row: source.row,
    login: source.login,
    input: inputHash(source, journal),
    password: password ?? newPassword(source, passwords),
    givenPassword: generated || password === null ? null : passwordHash(password, journal),
    isGenerated: generated,
    // The client may exist with the password that it has now.
    mayReplacePassword: generated && !earlierUnknown,
    earlierUnknown,
    attempts,
    last: null,
  };
}

/** The server found the generated password too weak: another one, but not a third. */
export function replacePassword(task: Task, passwords: PasswordSource): void {
  task.password = newPassword(task.source, passwords);
  task.mayReplacePassword = false;
}

function newPassword({ login, email }: ImportRow, { passwordLength, system }: PasswordSource) {
  return generatePassword({
    length: passwordLength,
    avoid: [login, email.split('@')[0] ?? ''],
    randomInteger: (maximum) => system.randomInteger(maximum),
  });
}

/** The fields of the request, in the documented order. */
export function valuesOf({ source: { name, login, email, company }, password }: Task): JsonObject {
  return { name, login, email, password, ...(company && { company }) };
}

/** The record of the attempt that is about to be made. */
export function intentOf(task: Task): Omit<IntentRecord, 'time'> {
  return {
    kind: 'intent',
    row: task.row,
    login: task.login,
    attempt: task.attempts + 1,
    input: task.input,
    ...(task.isGenerated && { generated_password: task.password }),
    ...(task.givenPassword !== null && { given_password: task.givenPassword }),
  };
}

/** The record of what came of the latest attempt. */
export function outcomeOf(task: Task, meaning: Meaning): Omit<OutcomeRecord, 'time'> {
  return { kind: 'outcome', login: task.login, attempt: task.attempts, ...meaning.outcome };
}

/**
 * @param settled how the journal counts the row: an answer that refuses the repeat of an unknown
 * attempt says nothing about that attempt.
 */
export function reportOf(
  task: Task,
  { outcome, warnings }: Meaning,
  settled: RowReport['status'] = settledBy(task, outcome.status),
): RowReport {
  const stillUnknown = settled === 'unknown' && outcome.status !== 'unknown';
  const error = outcome.error ?? null;
  return {
    row: task.row,
    login: task.login,
    status: settled,
    id: outcome.id ?? null,
    plesk_client_id: outcome.plesk_client_id ?? null,
    error:
      stillUnknown && error !== null
        ? {
            code: 'outcome_unknown',
            message: `${error.message}; an earlier attempt got no usable answer and may have created it`,
          }
        : error,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** What the answer makes of the row, where the journal could not take it. */
function settledBy({ earlierUnknown }: Task, status: OutcomeRecord['status']) {
  const settles = status === 'created' || status === 'already_exists';
  return earlierUnknown && !settles ? 'unknown' : status;
}

/** The row cannot be sent again as it was sent. */
export function reportOtherPassword({ row, login }: ImportRow): RowReport {
  const error = { code: 'outcome_unknown', message: OTHER_PASSWORD };
  return { row, login, status: 'unknown', id: null, plesk_client_id: null, error };
}

/** What came of an attempt whose intent was written, but which the end of the run came before. */
export const HELD_BACK: Meaning = {
  outcome: {
    status: 'not_sent',
    error: { code: 'cancelled', message: 'the run ended before it was sent' },
  },
  warnings: [],
  next: 'end',
  stop: null,
};

/** The same, where only a pause came before it. */
export const PUT_OFF: Meaning = {
  outcome: {
    status: 'not_sent',
    error: { code: 'rate_limited', message: 'a pause began before it was sent' },
  },
  warnings: [],
  next: 'after_pause',
  stop: null,
};
