import { stringify } from 'csv-stringify/sync';
import { sanitizeLine } from '../output/sanitize.ts';
import type { RowStatus } from './contract.ts';
import { MAY_EXIST } from './engine/meaning.ts';

/** One row's final state, as the results file has it. */
export interface ResultRow {
  readonly row: number;
  readonly login: string;
  readonly status: RowStatus;
  readonly id: string | null;
  readonly plesk_client_id: string | null;
  readonly generated_password: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export const RESULT_COLUMNS = [
  'row',
  'login',
  'status',
  'id',
  'plesk_client_id',
  'generated_password',
  'error',
] as const satisfies readonly (keyof ResultRow)[];

const HEADER = `${RESULT_COLUMNS.join(',')}\n`;
const NDJSON_BEGINNING = /^\{"row":\d+,"login":/;

/** Enough of a file to tell by it whether it holds results. */
export const LONGEST_BEGINNING = 256;

/** Whether a file that begins so was written by an earlier run. */
export function isResultsBeginning(text: string): boolean {
  return text.startsWith(HEADER) || NDJSON_BEGINNING.test(text);
}

/** What stands before the first row. */
export function resultsHead(format: 'csv' | 'ndjson'): string {
  return format === 'csv' ? HEADER : '';
}

/** Where commas are for decimals, a spreadsheet cuts cells at semicolons or tabs, quoted or not. */
function harmless(cell: string): string {
  return cell.replace(/([;\t])(?=[=+\-@])/g, "$1'");
}

/** Without what the status beside it says already. */
function reasonOf({ error }: ResultRow): string {
  const message = error?.message ?? '';
  return message.endsWith(MAY_EXIST) ? message.slice(0, -MAY_EXIST.length) : message;
}

/** In CSV no cell begins as a formula does; NDJSON, which no spreadsheet opens, keeps every text as it is. */
export function resultLines(rows: readonly ResultRow[], format: 'csv' | 'ndjson'): string {
  if (format === 'ndjson') {
    return rows
      .map((row) =>
        JSON.stringify(Object.fromEntries(RESULT_COLUMNS.map((name) => [name, row[name]]))),
      )
      .map((line) => `${line}\n`)
      .join('');
  }
  const cells = rows.map((row) =>
    RESULT_COLUMNS.map((name) =>
      harmless(name === 'error' ? sanitizeLine(reasonOf(row)) : `${row[name] ?? ''}`),
    ),
  );
  return stringify(cells, { escape_formulas: true });
}
