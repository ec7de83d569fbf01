import { OxhostError } from '../../errors.ts';
import type { Place } from '../findings.ts';

export const INPUT_FORMATS = ['csv', 'tsv', 'ndjson', 'json'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

export type Delimiter = ',' | ';' | '\t' | '|';

export interface NoText {
  readonly kind: string;
}

/** Text as it stands in the file, a number by its own digits, null of JSON, or what is unusable. */
export type Cell = string | null | NoText;

export interface Row extends Place {
  /** In the order of the columns; a row of CSV may have fewer or more. */
  readonly cells: readonly Cell[];
}

export interface Fault extends Place {
  /** A fragment such as "has a quote that is never closed"; it repeats no cell. */
  readonly problem: string;
}

export interface Table {
  readonly format: InputFormat;
  /** Whether a header names the columns, and not the keys of JSON. */
  readonly hasHeader: boolean;
  /** In CSV, some may have no name or that of another. */
  readonly columns: readonly string[];
  /** To be gone through once. */
  readonly records: Iterable<Row | Fault>;
}

/** The file as a whole cannot be read: no row of it is at fault. */
export function unreadable(message: string, hint?: string): OxhostError {
  return new OxhostError('invalid_input', message, {
    outcome: 'not_created',
    ...(hint !== undefined && { hint }),
  });
}

export function titleOf(operand: string): string {
  return operand === '-' ? 'standard input' : operand;
}
