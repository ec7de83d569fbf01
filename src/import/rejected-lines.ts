import { stringify } from 'csv-stringify/sync';
import { sanitizeLine } from '../output/sanitize.ts';
import { readJsonRecord } from './reader/json-record.ts';
import type { InputShape, Row, RowFault } from './reader/row.ts';

/** The column, or member, that says what is wrong; an import does not look at it. */
export const REASON_COLUMN = 'oxhost_error';

/** A row that was not created, with the reason. */
export interface RejectedRow {
  readonly record: Row | RowFault;
  readonly reason: string;
}

/** Rows in the format of the file that they came from. */
export interface RejectedFormat {
  readonly head: string;
  lines(rows: readonly RejectedRow[], isFirst: boolean): string;
  readonly end: string;
}

export function rejectedFormat(shape: InputShape): RejectedFormat {
  switch (shape.format) {
    case 'csv':
    case 'tsv':
      return delimited(shape);
    case 'ndjson':
      return {
        head: '',
        lines: (rows) => rows.map((row) => `${jsonRecord(row)}\n`).join(''),
        end: '',
      };
    case 'json':
      return {
        head: '[',
        lines: (rows, isFirst) =>
          rows
            .map((row, index) => `${isFirst && index === 0 ? '' : ','}\n${jsonRecord(row)}`)
            .join(''),
        end: '\n]\n',
      };
  }
}

/** What would be taken for the delimiter when the file is read again. */
const MISREAD = /[,;\t]/;

function delimited({ columns, delimiter = ',' }: InputShape): RejectedFormat {
  const known = columns.indexOf(REASON_COLUMN);
  const write = (records: readonly (readonly string[])[]) =>
    stringify(
      records.map((record) => [...record]),
      { delimiter, quoted_match: MISREAD },
    );
  return {
    head: write([known === -1 ? [...columns, REASON_COLUMN] : columns]),
    lines: (rows) =>
      write(rows.map(({ record, reason }) => withReason(record, harmless(reason), columns, known))),
    end: '',
  };
}

/**
 * The cells are the person's own and come back as they were, since they are to be imported again:
 * a quote mark before a password would change it. Of a record with too many or too few cells
 * nobody knows which ones, so it stays one.
 */
function withReason(
  record: Row | RowFault,
  reason: string,
  columns: readonly string[],
  known: number,
): string[] {
  const cells = [...(record.cells ?? [record.source ?? ''])];
  if (known === -1) return [...cells, reason];
  if (cells.length === columns.length) return cells.with(known, reason);
  return known === columns.length - 1 ? [...cells.slice(0, -1), reason] : cells;
}

/** The server's words may hold what no input may, and begin as a formula does. */
function harmless(given: string): string {
  const reason = sanitizeLine(given);
  return /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(reason) ? `'${reason}` : reason;
}

/** Numbers and nested values keep their very text. */
function jsonRecord({ record, reason }: RejectedRow): string {
  const parsed = record.source === undefined ? undefined : readJsonRecord(record.source);
  const members =
    parsed !== undefined && 'members' in parsed
      ? parsed.members
          .filter(({ key }) => key !== REASON_COLUMN)
          .map(({ key, kind, text }) => member(key, kind === 'text' ? JSON.stringify(text) : text))
      : [
          member('oxhost_line', String(record.line)),
          ...(record.source === undefined
            ? []
            : [member('oxhost_source', JSON.stringify(record.source))]),
        ];
  return `{${[...members, member(REASON_COLUMN, JSON.stringify(sanitizeLine(reason)))].join(',')}}`;
}

/** In NDJSON a record is one line, whatever it was in an array. */
function member(key: string, value: string): string {
  return `${JSON.stringify(key)}:${/[\r\n]/.test(value) ? value.replace(/[\r\n]+\s*/g, ' ') : value}`;
}
