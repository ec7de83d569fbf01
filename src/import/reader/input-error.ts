export interface InputErrorDetails {
  /** Physical line, from 1. */
  readonly line?: number;
  /** Bytes from the beginning of the file, a byte order mark included. */
  readonly offset?: number;
  readonly hint?: string;
  /** What the bytes very likely are instead of UTF-8, as iconv calls it. */
  readonly encoding?: string;
}

/**
 * The input cannot be read any further: its bytes, its structure or the file itself is at fault,
 * not one row. The message names the line or offset where there is one and repeats no cell.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly line: number | undefined;
  readonly offset: number | undefined;
  readonly hint: string | undefined;
  readonly encoding: string | undefined;

  constructor(message: string, details: InputErrorDetails = {}) {
    super(message);
    this.line = details.line;
    this.offset = details.offset;
    this.hint = details.hint;
    this.encoding = details.encoding;
  }
}
