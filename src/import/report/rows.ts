import type { BadRow, CheckedFile, ClientRow } from '../check.ts';
import { countRows, formatCount, linesText } from '../findings.ts';
import type { LoginState, OutcomeStatus, States } from '../journal/record.ts';

export type RowStatus = OutcomeStatus | 'invalid';

type Made = 'login' | 'id' | 'plesk_client_id' | 'generated_password';
type Given = 'name' | 'email' | 'company' | 'message';

/**
 * What became of a row, or of a login of an earlier run that the file has no longer: its row and
 * line are null. The login is the one that exists at the server, or would.
 */
export interface FinalRow extends Readonly<Record<Made | Given, string>> {
  readonly row: number | null;
  readonly line: number | null;
  readonly status: RowStatus;
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
    ...{ already_exists: count('already_exists'), rejected: count('rejected') },
    ...{ unknown: count('unknown'), not_sent: count('not_sent'), invalid: count('invalid') },
    ...rest,
  };
}

/** 8 as long as any row is unknown, else 3 as long as any was not created, else 0. Pure. */
export function exitCodeOf(summary: Summary): number {
  if (summary.unknown > 0) return 8;
  const { already_exists, rejected, not_sent, invalid } = summary;
  return already_exists + rejected + not_sent + invalid > 0 ? 3 : 0;
}

export function summaryLines(
  summary: Summary,
  { input, generatesPasswords }: { readonly input: string; readonly generatesPasswords: boolean },
): string[] {
  const all: (readonly [string, number])[] = [
    ['created', summary.created],
    ['created earlier', summary.already_created],
    ['exist already', summary.already_exists],
    ['refused', summary.rejected],
    ['unknown', summary.unknown],
    ['not sent', summary.not_sent],
    ['invalid', summary.invalid],
  ];
  const shown = all.filter(([label, count]) => count > 0 || label === 'created');
  const width = Math.max(...shown.map(([label]) => label.length));
  const numberWidth = Math.max(...shown.map(([, count]) => formatCount(count).length));
  const counts = shown.map(
    ([label, count]) => `  ${label.padEnd(width)}  ${formatCount(count).padStart(numberWidth)}`,
  );
  const secret = generatesPasswords ? ', with the generated passwords' : '';
  return [
    `${input}: ${countRows(summary.rows)}, ${duration(summary.seconds)}`,
    ...counts,
    ...(summary.results === null ? [] : [`Every row's state${secret}: ${summary.results}`]),
  ];
}

export interface NextStepsOptions {
  readonly input: string;
  readonly results: string | null;
  readonly unknownFile: string;
  /** Unknown rows of the journal, also such that the file does not have. */
  readonly unknown: number;
  readonly isStopped: boolean;
}

/** What a person has to do, in the order in which it is to be done; the command comes after it. Pure. */
export function nextSteps(
  rows: readonly FinalRow[],
  { input, results, unknownFile, unknown, isStopped }: NextStepsOptions,
): string[] {
  const steps: string[] = [];
  if (unknown > 0) {
    const [clients, are] =
      unknown === 1 ? ['client', 'is'] : [`${formatCount(unknown)} clients`, 'are'];
    steps.push(
      `Look in the panel whether the ${clients} in ${unknownFile} ${are} there, and write yes or no under exists.`,
    );
  }
  const toFix = TO_FIX.flatMap(([status, what]) => {
    const found = rows.filter((row) => row.status === status);
    return found.length === 0 ? [] : [`${countRows(found.length)} ${what} (${linesText(found)})`];
  });
  if (toFix.length > 0) {
    const why = results === null ? '' : `; ${results} says why`;
    steps.push(`Fix in ${input}: ${toFix.join(', ')}${why}.`);
  }
  // The error has its own hint, and stands below.
  if (isStopped) steps.push('Clear up what stopped the import: see the error below.');
  return steps;
}

const TO_FIX: readonly (readonly [FinalRow['status'], string])[] = [
  ['rejected', 'refused'],
  ['invalid', 'invalid'],
  ['already_exists', 'with a login that exists already'],
];

function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
