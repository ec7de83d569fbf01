import type { CheckedFile, ClientRow } from './check.ts';
import type { Finding, Place } from './findings.ts';
import type { LoginState } from './journal/record.ts';
import type { ImportSettings } from './settings.ts';

/** What the plan has to know of a login; the hashes are those of the functions at the end. */
export type KnownLogin = Pick<
  LoginState,
  'status' | 'earlierUnknown' | 'input' | 'given_password' | 'generated_password'
>;

/** A keyed hash of some fields, the same for any order of them; undefined ones count as left out. */
export type HashFields = (fields: Readonly<Record<string, string | undefined>>) => string;

export interface PlanOptions extends Pick<ImportSettings, 'retryUnknown' | 'retryRejected'> {
  readonly states: { get(login: string): KnownLogin | undefined };
  readonly hash: HashFields;
  /** What a person wrote into unknown.csv, by login. */
  readonly answers: ReadonlyMap<string, 'yes' | 'no'>;
}

export type SendReason = 'new' | 'not_sent' | 'edited' | 'refused' | 'unknown';

type Refused = 'already_exists' | 'rejected';
/** Unknown with another password in the file by now than the one that was sent is the last. */
export type SkipReason = 'created' | 'settled' | Refused | 'unknown' | 'other_password';

export interface PlannedRow {
  readonly row: ClientRow;
  /** The row's own, one to be generated, or the one that was generated for an earlier attempt. */
  readonly password: 'own' | 'new' | 'kept';
  readonly reason: SendReason;
}

export interface SkippedRow {
  readonly row: ClientRow;
  readonly reason: SkipReason;
  readonly isEdited: boolean;
}

/** What a run will do with the good rows of a file, each once, in their order. */
export interface Plan {
  readonly send: readonly PlannedRow[];
  readonly skip: readonly SkippedRow[];
}

/**
 * What is to be done with each row, from what the journal has of its login. Pure.
 * An attempt that may have created the client is repeated only where a person says so, and then
 * with the very password that it had: either of the two requests may be the one that worked.
 */
export function planRows(rows: readonly ClientRow[], options: PlanOptions): Plan {
  const send: PlannedRow[] = [];
  const skip: SkippedRow[] = [];
  for (const row of rows) {
    const planned = planRow(row, options.states.get(row.login), options);
    if ('password' in planned) send.push(planned);
    else skip.push(planned);
  }
  return { send, skip };
}

function planRow(
  row: ClientRow,
  known: KnownLogin | undefined,
  { hash, answers, retryUnknown, retryRejected }: PlanOptions,
): PlannedRow | SkippedRow {
  const password = row.password === null ? 'new' : 'own';
  if (known === undefined) return { row, password, reason: 'new' };
  const { status, generated_password } = known;
  const isEdited = known.input !== fingerprintOf(row, hash);
  if (status === 'created') return { row, reason: 'created', isEdited };
  if (status === 'already_exists' || status === 'rejected') {
    if (status === 'rejected' && isEdited) return { row, password, reason: 'edited' };
    const mayBeOurs = status === 'already_exists' && known.earlierUnknown;
    return retryRejected && !mayBeOurs
      ? { row, password, reason: 'refused' }
      : skipped(row, status);
  }
  const isKept = generated_password !== undefined;
  if (status === 'not_sent') {
    return { row, password: password === 'new' && isKept ? 'kept' : password, reason: 'not_sent' };
  }
  const answer = answers.get(row.login);
  if (answer === 'yes') return skipped(row, 'settled');
  if (answer === undefined && !retryUnknown) return skipped(row, 'unknown');
  if (isKept) return { row, password: 'kept', reason: 'unknown' };
  const isSame =
    row.password !== null && known.given_password === passwordFingerprintOf(row.password, hash);
  return isSame ? { row, password: 'own', reason: 'unknown' } : skipped(row, 'other_password');
}

/** What is found in the file as a whole, in the rows to be sent, and in those passed over. Pure. */
export function findingsOf(
  { findings }: Pick<CheckedFile, 'findings'>,
  { send, skip }: Plan,
): Finding[] {
  const sent = new Map(send.map(({ row, password }) => [row.row, password]));
  const found = findings.flatMap((finding) => {
    const places = finding.places.filter(({ row }) =>
      // A password that is kept from an earlier attempt is no new one.
      finding.code === 'password_generated' ? sent.get(row) === 'new' : sent.has(row),
    );
    return places.length > 0 || finding.places.length === 0 ? [{ ...finding, places }] : [];
  });
  const passedOver = (code: string, message: string, isMeant: (row: SkippedRow) => boolean) => {
    const places = skip.filter(isMeant).map(({ row }) => row);
    return places.length > 0 ? [{ code, message, places }] : [];
  };
  return [
    ...found,
    ...passedOver('created_row_edited', EDITED, ({ isEdited }) => isEdited),
    ...passedOver('password_changed', OTHER_PASSWORD, ({ reason }) => reason === 'other_password'),
  ];
}

const EDITED =
  'client is created already, with other values than the file has now; what was edited is not sent';
const OTHER_PASSWORD =
  'row is unknown and its password in the file is not the one that was sent; put that back to send it again';

function skipped(row: ClientRow, reason: SkipReason): SkippedRow {
  return { row, reason, isEdited: false };
}

export function fingerprintOf(row: Omit<ClientRow, keyof Place>, hash: HashFields): string {
  const { name, login, email, company, password } = row;
  return hash({ name, login, email, company, password: password ?? undefined });
}

/** Stands for the password alone: the rest of a row may be fixed before an attempt is repeated. */
export function passwordFingerprintOf(password: string, hash: HashFields): string {
  return hash({ password });
}
