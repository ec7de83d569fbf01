import { type CsvFault, type CsvRecord, readCsv } from './csv.ts';
import { refuseOtherKinds, utf8Bytes } from './encoding.ts';
import { readJson } from './json.ts';
import {
  type Delimiter,
  type Fault,
  type InputFormat,
  type Row,
  type Table,
  unreadable,
} from './record.ts';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|'];
/** The line with which spreadsheets announce their delimiter, quoted and filled up or not. */
const ANNOUNCEMENT = /^"?sep=([,;|\t])"?\1*(?:\r\n|\n|\r)/i;

const ADDRESS = /\S@\S+\.\S/;

export interface ReadOptions {
  /** A path, or `-` for standard input. */
  readonly operand: string;
  readonly format: InputFormat | undefined;
}

/**
 * Reads a file as columns and records.
 * @throws OxhostError `invalid_input` for what is no list in UTF-8.
 */
export function readTable(bytes: Buffer, { operand, format: given }: ReadOptions): Table {
  refuseOtherKinds(bytes, operand);
  const text = utf8Bytes(bytes, operand);
  const format = given ?? formatOf(text, operand);
  return format === 'ndjson' || format === 'json'
    ? readJson(text.toString('utf8'), format)
    : readDelimited(text, format);
}

function readDelimited(bytes: Buffer, format: 'csv' | 'tsv'): Table {
  const announced = ANNOUNCEMENT.exec(bytes.toString('latin1', 0, 2_000));
  const skipped = announced?.[0].length ?? 0;
  const rest = bytes.subarray(skipped);
  const delimiter =
    format === 'tsv' ? '\t' : ((announced?.[1] as Delimiter | undefined) ?? delimiterOf(rest));
  const events = readCsv(rest, delimiter, skipped === 0 ? 1 : 2);
  const header = nextRecord(events);
  if (header === undefined) return { format, hasHeader: true, columns: [], records: [] };
  const columns = headerColumns(header.cells, header.line);
  return { format, hasHeader: true, columns, records: rowsOf(events, columns) };
}

function nextRecord(events: Iterator<CsvRecord | CsvFault>): CsvRecord | undefined {
  for (let next = events.next(); next.done !== true; next = events.next()) {
    const { value } = next;
    if ('problem' in value) {
      throw unreadable(`The header at line ${value.line} ${value.problem}.`);
    }
    if (!isBlank(value)) return value;
  }
  return undefined;
}

/**
 * Makes column names of a header's cells, in Unicode form C and with a space for a line break.
 * Those that have no name, or that of another, matter only where they are used.
 * @throws OxhostError for a header that looks like data.
 */
function headerColumns(cells: readonly string[], line: number): string[] {
  if (cells.some((cell) => ADDRESS.test(cell))) {
    throw unreadable(
      `Line ${line} holds an e-mail address where the column names should be.`,
      'The first line must name the columns, for example: name,login,email,password',
    );
  }
  return cells.map((cell) =>
    cell
      .trim()
      .replace(/\s*[\r\n]\s*/g, ' ')
      .normalize('NFC'),
  );
}

function* rowsOf(
  events: Iterable<CsvRecord | CsvFault>,
  columns: readonly string[],
): Generator<Row | Fault> {
  const named = columns.findLastIndex((name) => name !== '') + 1;
  let row = 0;
  for (const event of events) {
    if ('problem' in event) {
      row += 1;
      yield { row, line: event.line, problem: event.problem };
      continue;
    }
    const { line, cells } = event;
    if (isBlank(event)) continue;
    row += 1;
    // Text there shows that the cells before it are not in their columns.
    const beyond = cells.findIndex((cell, index) => index >= named && cell.trim() !== '');
    if (beyond === -1) yield { row, line, cells };
    else if (beyond >= columns.length) {
      const problem = `has ${cells.length} cells where the header has ${columns.length}`;
      yield { row, line, problem };
    } else yield { row, line, problem: `has text in column ${beyond + 1}, which has no name` };
  }
}

function isBlank({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function delimiterOf(bytes: Buffer): Delimiter {
  const text = bytes.toString('utf8', 0, 1_000_000).trimStart();
  const [header = ''] = /^(?:"[^"]*"|[^"\r\n]+)*/.exec(text) ?? [];
  const bare = header.replace(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counted.indexOf(Math.max(...counted))] ?? ',';
}

/** By the ending of the file's name, else by its first character. */
function formatOf(bytes: Buffer, operand: string): InputFormat {
  const ending = /\.(csv|tsv|json|jsonl|ndjson)$/i.exec(operand)?.[1]?.toLowerCase();
  if (ending === 'csv' || ending === 'tsv') return ending;
  const [first] = bytes.toString('utf8', 0, 10_000).trimStart();
  if (first === '{') return 'ndjson';
  return first === '[' || ending !== undefined ? 'json' : 'csv';
}
