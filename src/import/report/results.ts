import { stringify } from 'csv-stringify/sync';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { sanitizeLine } from '../../output/text.ts';
import type { BadRow } from '../check.ts';
import { replaceFile } from '../journal/disk.ts';
import type { LoginState } from '../journal/record.ts';
import type { FinalRow, RowStatus } from './rows.ts';

const RESULT_COLUMNS =
  'row line status login id plesk_client_id generated_password name email company message'.split(
    ' ',
  ) as (keyof FinalRow)[];

/** Also as a spreadsheet has saved it. */
const CSV_BEGINNING = /^\uFEFF?"?row"?([,;\t])"?line"?\1"?status"?\1/;
const NDJSON_BEGINNING = /^\{"row":(?:\d+|null),"line":/;

export function isResultsBeginning(text: string): boolean {
  return CSV_BEGINNING.test(text) || NDJSON_BEGINNING.test(text);
}

export async function writeResults(
  path: string,
  format: 'csv' | 'ndjson',
  rows: readonly FinalRow[],
  platform: NodeJS.Platform,
): Promise<void> {
  const lines = rows.map((row) => RESULT_COLUMNS.map((name) => String(row[name] ?? '')));
  const text = format === 'csv' ? csvText([RESULT_COLUMNS, ...lines]) : jsonLines(rows);
  await replaceFile(path, platform, text);
}

/** CSV in which no cell can be taken for a formula or acts on a terminal. Pure. */
export function csvText(lines: readonly (readonly string[])[]): string {
  return stringify(
    // Where commas are for decimals, a spreadsheet cuts cells at semicolons or tabs, quoted or not.
    lines.map((cells) =>
      cells.map((cell) => sanitizeLine(cell).replace(/([;\t])(?=[=+\-@])/g, "$1'")),
    ),
    { escape_formulas: true },
  );
}

/** No spreadsheet opens NDJSON: every text is as it is. */
function jsonLines(rows: readonly FinalRow[]): string {
  return rows
    .map((row) =>
      Object.fromEntries(RESULT_COLUMNS.map((name) => [name, row[name] === '' ? null : row[name]])),
    )
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
}

/** One row handled in this run, as it settles: a line of `--json`. */
export type RowReport = ReturnType<typeof reportOf>;

export const ROW_FIELDS = 'row login status id plesk_client_id error sent_login'.split(
  ' ',
) as (keyof RowReport)[];

/** @throws OxhostError `usage` before anything is sent, for a field that no row has. */
export function checkRowFields(fields: readonly string[] | null, known: readonly string[]): void {
  const unknown = (fields ?? []).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new OxhostError(
    'usage',
    `--fields: there is no ${unknown.join(', ')}; there are ${known.join(', ')}.`,
  );
}

export function reportOf(state: LoginState, row = state.row) {
  const { login, status, id = null, plesk_client_id = null, echoed_login, error } = state;
  const settled = error && status === 'unknown' ? { ...error, code: 'outcome_unknown' } : error;
  return {
    ...{ row, login: echoed_login ?? login, status: status as RowStatus },
    ...{ id, plesk_client_id, error: settled ?? null },
    ...(echoed_login !== undefined && { sent_login: login }),
  };
}

export function reportOfBad({ row, login, problems }: BadRow): RowReport {
  const error = { code: 'invalid_input', message: problems.join('; ') };
  return { row, login: login ?? '', status: 'invalid', id: null, plesk_client_id: null, error };
}

/**
 * With `--json`, writes the rows as they settle; resolves when one is written, so that a slow reader
 * slows the run down.
 * @param onLost called once when standard output takes no more.
 */
export function rowWriter(
  { output, settings: { fields } }: Pick<Context, 'output' | 'settings'>,
  onLost: (error: unknown) => void,
): (report: RowReport) => Promise<void> {
  // One after the other, or each of many waiting writes would listen for the stream's failure.
  let last = Promise.resolve();
  let isLost = !output.isJson;
  return async (report) => {
    const names = ROW_FIELDS.filter((name) => name in report && (fields?.includes(name) ?? true));
    const chosen = Object.fromEntries(names.map((name) => [name, report[name]]));
    last = last
      .then(() => (isLost ? undefined : output.jsonLines([chosen])))
      .catch((error: unknown) => {
        isLost = true;
        onLost(error);
      });
    await last;
  };
}
