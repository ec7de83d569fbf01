export const INPUT_FORMATS = ['csv', 'tsv', 'ndjson', 'json'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

export type Delimiter = ',' | ';' | '\t';

/** What has to be known of a file before its rows can be read. */
export interface InputShape {
  readonly format: InputFormat;
  /** Undefined for the JSON formats. */
  readonly delimiter: Delimiter | undefined;
  /**
   * CSV and TSV: the header's cells without white space at their edges. JSON formats: every key
   * of every readable object, in order of appearance. Empty when the file holds nothing at all.
   */
  readonly columns: readonly string[];
}

/** One record that can be read. */
export interface Row {
  readonly kind: 'row';
  /** Ordinal of the record, from 1; the header and blank records are not counted, faults are. */
  readonly row: number;
  /** Physical line at which the record opens, from 1. */
  readonly line: number;
  /**
   * One value for each of the shape's columns, exactly as in the file. In the JSON formats a
   * missing key is an empty string, a number is its literal text, and whatever is neither text
   * nor number is its JSON source (only in columns that are not in use; null is empty).
   */
  readonly cells: readonly string[];
  /** JSON formats: the record's own text. It may hold passwords. */
  readonly source?: string;
}

/** A record that cannot be used; reading goes on behind it. */
export interface RowFault {
  readonly kind: 'fault';
  readonly row: number;
  /** Physical line, from 1: where the record opens or, for a broken quote, where the quote opens. */
  readonly line: number;
  /** A fragment such as "has 3 cells where the header has 4"; it never repeats a cell. */
  readonly message: string;
  /** CSV and TSV: what the record holds, where it could be split into cells. */
  readonly cells?: readonly string[];
  /** The record's own text where there are no cells; absent when it is too large to keep. */
  readonly source?: string;
}

/** Something to tell the person that is no reason to refuse anything. */
export interface InputNote {
  readonly line: number;
  readonly message: string;
}

/**
 * The largest record: in bytes for CSV and TSV, in UTF-16 code units for the JSON formats.
 * It bounds the memory that an unclosed quote or an endless line can take.
 */
export const RECORD_MAXIMUM = 1_048_576;
