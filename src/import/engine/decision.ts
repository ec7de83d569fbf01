import type { EngineJournal, EngineOptions, ImportRow, Skip } from '../contract.ts';

/** What is to be done with a row, from what the journal has of its login. */
export type Decision =
  | SendDecision
  | ({ kind: 'skip' } & Skip)
  /** To be repeated, but with another password than it had: it stays unknown. */
  | { kind: 'other_password' };

/** Why a row that is unknown is not sent once more. */
export const OTHER_PASSWORD =
  'its password in the file is not the one that was sent; put that back to send it again';

export interface SendDecision {
  kind: 'send';
  /** Attempts that the journal has already. */
  attempts: number;
  /** An earlier attempt may have created the client. */
  earlierUnknown: boolean;
  /** Null when one is to be generated now. */
  password: string | null;
  /** Whether the password is, or is to be, a generated one. */
  generated: boolean;
}

type Wishes = Pick<EngineOptions, 'retryUnknown' | 'retryRejected'>;

/**
 * An attempt that may have created the client is repeated only where that is asked for, and then
 * with the very password that it had: either of the two requests may be the one that worked.
 */
export function decide(
  row: ImportRow,
  journal: Pick<EngineJournal, 'state' | 'readIntent' | 'hashInput'>,
  wishes: Wishes,
): Decision {
  const state = journal.state(row.login);
  if (state === undefined) return send(0, false, row.password, row.password === null);
  const { status, attempt } = state;
  switch (status) {
    case 'created':
      return { kind: 'skip', because: 'created', ...(isEdited(row, journal) && { edited: true }) };
    case 'already_exists':
    case 'rejected': {
      const isOurs = state.earlierUnknown && status === 'already_exists';
      const isWorthIt = status === 'rejected' && isEdited(row, journal);
      const asked = !isOurs && (wishes.retryRejected || isWorthIt);
      if (!asked) return { kind: 'skip', because: status };
      return send(attempt, false, row.password, row.password === null);
    }
    case 'not_sent': {
      if (row.password !== null) return send(attempt, false, row.password, false);
      const kept = journal.readIntent(row.login)?.generated_password;
      return send(attempt, false, kept ?? null, true);
    }
    case 'unknown': {
      if (!wishes.retryUnknown) return { kind: 'skip', because: 'unknown' };
      const intent = journal.readIntent(row.login);
      const kept = intent?.generated_password;
      if (kept !== undefined) return send(attempt, true, kept, true);
      const given = row.password;
      const isSame = given !== null && intent?.given_password === passwordHash(given, journal);
      return isSame ? send(attempt, true, given, false) : { kind: 'other_password' };
    }
  }
}

/** Stands for the row as it is in the input; written into its intents. */
export function inputHash(row: ImportRow, journal: Pick<EngineJournal, 'hashInput'>): string {
  const { name, login, email, company, password } = row;
  return journal.hashInput({ name, login, email, company, password: password ?? undefined });
}

/** Stands for the password alone: the rest of a row may be mended before an attempt is repeated. */
export function passwordHash(password: string, journal: Pick<EngineJournal, 'hashInput'>): string {
  return journal.hashInput({ password });
}

function isEdited(
  row: ImportRow,
  journal: Pick<EngineJournal, 'readIntent' | 'hashInput'>,
): boolean {
  const intent = journal.readIntent(row.login);
  return intent?.input !== inputHash(row, journal);
}

function send(
  attempts: number,
  earlierUnknown: boolean,
  password: string | null,
  generated: boolean,
): SendDecision {
  return { kind: 'send', attempts, earlierUnknown, password, generated };
}
