import { stringify } from 'csv-stringify/sync';
import { sanitizeLine } from '../../output/sanitize.ts';
import { replaceFile } from '../journal/disk.ts';
import type { FinalRow } from './rows.ts';

const RESULT_COLUMNS = [
  'row',
  'line',
  'status',
  'login',
  'id',
  'plesk_client_id',
  'generated_password',
  'name',
  'email',
  'company',
  'message',
] as const satisfies readonly (keyof FinalRow)[];

/** Also as a spreadsheet has saved it. */
const CSV_BEGINNING = /^\uFEFF?"?row"?([,;\t])"?line"?\1"?status"?\1/;
const NDJSON_BEGINNING = /^\{"row":(?:\d+|null),"line":/;

/** Enough of a file to tell by it whether it holds results. */
export const LONGEST_BEGINNING = 256;

/** Whether a file that begins so was written by an earlier run. */
export function isResultsBeginning(text: string): boolean {
  return CSV_BEGINNING.test(text) || NDJSON_BEGINNING.test(text);
}

const BATCH = 1_000;

/** Writes the results anew. @throws OxhostError; those of an earlier run are as they were then. */
export async function writeResults(
  path: string,
  format: 'csv' | 'ndjson',
  rows: readonly FinalRow[],
  platform: NodeJS.Platform,
): Promise<void> {
  const toText = format === 'csv' ? csvLines : jsonLines;
  await replaceFile(path, platform, async (file) => {
    if (format === 'csv') await file.writeFile(`${RESULT_COLUMNS.join(',')}\n`);
    for (let start = 0; start < rows.length; start += BATCH) {
      await file.writeFile(toText(rows.slice(start, start + BATCH)));
    }
  });
}

function csvLines(rows: readonly FinalRow[]): string {
  return csvText(rows.map((row) => RESULT_COLUMNS.map((name) => String(row[name] ?? ''))));
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
