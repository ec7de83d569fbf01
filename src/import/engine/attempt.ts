import type { Warning } from '../../api/accept.ts';
import type { ApiClient } from '../../api/client.ts';
import type { JsonObject } from '../../api/operation.ts';
import type { Redactor } from '../../output/masking.ts';
import { generatePassword } from '../../plesk/password.ts';
import type { System } from '../../system.ts';
import type { ClientRow } from '../check.ts';
import type { Journal, NewIntent } from '../journal/journal.ts';
import type { LoginState } from '../journal/record.ts';
import { fingerprintOf, type PlannedRow, passwordFingerprintOf } from '../plan.ts';
import type { ImportSettings } from '../settings.ts';

export type EngineJournal = Pick<
  Journal,
  'states' | 'hash' | 'intend' | 'settle' | 'check' | 'failure'
>;

export interface EngineOptions
  extends Pick<ImportSettings, 'concurrency' | 'rate' | 'maxErrors' | 'passwordLength'> {
  readonly rows: readonly PlannedRow[];
  readonly journal: EngineJournal;
  readonly client: ApiClient;
  /**
   * Seconds that waits on 429 may take together, as long as the server handles no request between
   * them, before the run stops.
   */
  readonly maxWaitSeconds: number;
  readonly retries: number;
  /** Aborts on the first Ctrl-C: no new requests, wait for those that are out. */
  readonly drain: AbortSignal;
  readonly system: Pick<System, 'now' | 'monotonic' | 'sleep' | 'random' | 'randomInteger'>;
  /** Called for each row that was settled in this run, once that is on the disk or cannot get there. */
  readonly onRow: (state: LoginState, warnings: readonly Warning[]) => void | Promise<void>;
  readonly onInFlight: (count: number) => void;
  /** Called for each pause: "the server asks for a pause", in seconds. */
  readonly onPause: (seconds: number, reason: string) => void;
  /** Masks the secrets of this run; knows each row's password while its request is under way. */
  readonly redactor: Redactor;
}

export interface EngineResult {
  readonly attempts: number;
  /** Logins whose answer is known now, but that the journal will have as unknown. */
  readonly unrecorded: readonly string[];
  /** Null when every row was taken; else what stopped the run. */
  readonly stop: Error | null;
}

/** A row on its way, over all its attempts in this run. */
export interface Task {
  readonly row: ClientRow;
  /** Of the latest intent in this run; 0 before the first. */
  attempt: number;
  password: string;
  readonly isGenerated: boolean;
  mayReplacePassword: boolean;
}

export function startTask({ row, password, reason }: PlannedRow, options: EngineOptions): Task {
  const own = password === 'own' ? row.password : null;
  const known = options.journal.states.get(row.login);
  const kept = password === 'kept' ? known?.generated_password : null;
  return {
    row,
    attempt: 0,
    password: own ?? kept ?? newPassword(row, options),
    isGenerated: own === null,
    // The client of an unknown attempt may exist with the password that it has now.
    mayReplacePassword: own === null && reason !== 'unknown',
  };
}

export function newPassword(
  { login, email }: ClientRow,
  { passwordLength, system }: EngineOptions,
) {
  return generatePassword({
    length: passwordLength,
    avoid: [login, email.split('@')[0] ?? ''],
    randomInteger: (maximum) => system.randomInteger(maximum),
  });
}

export function valuesOf({ row: { name, login, email, company }, password }: Task): JsonObject {
  return { name, login, email, password, ...(company && { company }) };
}

export function intentOf(
  { row, password, isGenerated }: Task,
  { states, hash }: EngineJournal,
): NewIntent {
  const { line, login, name, email, company } = row;
  return {
    ...{ row: row.row, line, login, name, email },
    ...(company !== undefined && { company }),
    attempt: 1 + (states.get(login)?.attempt ?? 0),
    input: fingerprintOf(row, hash),
    ...(isGenerated
      ? { generated_password: password }
      : { given_password: passwordFingerprintOf(password, hash) }),
  };
}
