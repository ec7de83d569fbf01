import type { JsonObject } from '../../api/operation.ts';
import { generatePassword } from '../../plesk/password.ts';
import type { System } from '../../system.ts';
import type { NewIntent, ReadJournal } from '../journal/journal.ts';
import { fingerprintOf, type PlannedRow, passwordFingerprintOf } from '../plan.ts';
import type { ClientRow } from '../row.ts';

/** A row on its way, over all its attempts in this run. */
export interface Task {
  readonly row: ClientRow;
  /** Of the latest intent in this run; 0 before the first. */
  attempt: number;
  password: string;
  readonly isGenerated: boolean;
  /** The password was generated, and another one may take its place. */
  mayReplacePassword: boolean;
}

interface PasswordSource {
  readonly passwordLength: number;
  readonly system: Pick<System, 'randomInteger'>;
}

type Known = Pick<ReadJournal, 'states' | 'hash'>;

export function startTask(
  { row, password, reason }: PlannedRow,
  options: PasswordSource & { readonly journal: Known },
): Task {
  const own = password === 'own' ? row.password : null;
  const kept =
    password === 'kept' ? options.journal.states.get(row.login)?.generated_password : null;
  return {
    row,
    attempt: 0,
    password: own ?? kept ?? newPassword(row, options),
    isGenerated: own === null,
    // The client of an unknown attempt may exist with the password that it has now.
    mayReplacePassword: own === null && reason !== 'unknown',
  };
}

/** The server found the generated password too weak: another one, but not a third. */
export function replacePassword(task: Task, passwords: PasswordSource): void {
  task.password = newPassword(task.row, passwords);
  task.mayReplacePassword = false;
}

function newPassword({ login, email }: ClientRow, { passwordLength, system }: PasswordSource) {
  return generatePassword({
    length: passwordLength,
    avoid: [login, email.split('@')[0] ?? ''],
    randomInteger: (maximum) => system.randomInteger(maximum),
  });
}

/** The fields of the request, in the documented order. */
export function valuesOf({ row: { name, login, email, company }, password }: Task): JsonObject {
  return { name, login, email, password, ...(company && { company }) };
}

/** The record of the attempt that is about to be made. */
export function intentOf({ row, password, isGenerated }: Task, { states, hash }: Known): NewIntent {
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
