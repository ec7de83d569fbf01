import type { OutcomeStatus } from '../journal/record.ts';
import type { LoginState, States } from '../journal/states.ts';
import type { BadRow, CheckedFile, ClientRow } from '../row.ts';

export type RowStatus = OutcomeStatus | 'invalid';

/** What became of a row, or of a login of an earlier run that the file has no longer. */
export interface FinalRow {
  /** Null where the file does not have it. */
  readonly row: number | null;
  readonly line: number | null;
  readonly status: RowStatus;
  /** The one that exists at the server, or would. */
  readonly login: string;
  readonly id: string;
  readonly plesk_client_id: string;
  readonly generated_password: string;
  readonly name: string;
  readonly email: string;
  readonly company: string;
  readonly message: string;
}

export interface FinalRows {
  /** In the order of the file. */
  readonly ofFile: readonly FinalRow[];
  readonly others: readonly FinalRow[];
}

/**
 * Every row of the file, and every other login of the journal, as they are now. Pure.
 * @param notReached why rows that no request was meant for were not sent.
 */
export function finalRows(
  { rows, bad }: Pick<CheckedFile, 'rows' | 'bad'>,
  states: States,
  notReached: string,
): FinalRows {
  const ofFile = [
    ...rows.map((row) => {
      const state = states.get(row.login);
      if (state === undefined) return withoutClient(row, 'not_sent', notReached);
      return { ...finalRow(state, notReached), row: row.row, line: row.line };
    }),
    ...bad.map((row) => withoutClient(row, 'invalid', row.problems.join('; '))),
  ].sort((one, other) => one.row - other.row);
  const named = new Set(rows.map(({ login }) => login));
  const others = [...states.values()]
    .filter(({ login }) => !named.has(login))
    .map((state) => finalRow(state, notReached));
  return { ofFile, others };
}

function withoutClient(
  { row, line, login, name = '', email = '', company = '' }: ClientRow | BadRow,
  status: RowStatus,
  message: string,
) {
  const none = { id: '', plesk_client_id: '', generated_password: '' };
  return { row, line, status, login: login ?? '', ...none, name, email, company, message };
}

function finalRow(state: LoginState, notReached: string): FinalRow {
  const { status, login, echoed_login, id = '', plesk_client_id = '' } = state;
  const { name = '', email = '', company = '' } = state;
  return {
    ...{ row: null, line: null, status, login: echoed_login ?? login, id, plesk_client_id },
    generated_password: passwordOf(state),
    ...{ name, email, company },
    message: messageOf(state, notReached),
  };
}

/** Only of a client that is, or may be, there because of it: any other would be taken for valid. */
function passwordOf({ status, earlierUnknown, generated_password = '' }: LoginState): string {
  const mayBeOurs =
    status === 'created' || status === 'unknown' || (status === 'already_exists' && earlierUnknown);
  return mayBeOurs ? generated_password : '';
}

function messageOf(state: LoginState, notReached: string): string {
  const { status, login, echoed_login, error, answered, by_hand } = state;
  if (echoed_login !== undefined) return `the server changed the login from ${login}`;
  if (by_hand === true)
    return status === 'created' ? 'confirmed by hand' : 'not there, confirmed by hand';
  if (status === 'unknown' && !answered) return 'the run ended before the answer came';
  return error?.message ?? (status === 'not_sent' ? notReached : '');
}

/**
 * The `summary` object of `--json`: rows of the file by their state at the end of the run, of those
 * created apart what an earlier run did or a person confirmed; paths, or null where there is nothing.
 */
export type Summary = Readonly<
  Record<'rows' | 'already_created' | RowStatus | 'seconds', number> &
    Record<'journal' | 'results', string | null>
>;

/** Every row of the file is in exactly one number. Pure. */
export function summarise(
  { ofFile }: FinalRows,
  createdNow: number,
  rest: Pick<Summary, 'seconds' | 'journal' | 'results'>,
): Summary {
  const count = (wanted: RowStatus) => ofFile.filter(({ status }) => status === wanted).length;
  return {
    rows: ofFile.length,
    created: createdNow,
    already_created: count('created') - createdNow,
    already_exists: count('already_exists'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    not_sent: count('not_sent'),
    invalid: count('invalid'),
    ...rest,
  };
}

/** 8 as long as any row is unknown, else 3 as long as any was not created, else 0. Pure. */
export function exitCodeOf(summary: Summary): number {
  if (summary.unknown > 0) return 8;
  const { already_exists, rejected, not_sent, invalid } = summary;
  return already_exists + rejected + not_sent + invalid > 0 ? 3 : 0;
}
