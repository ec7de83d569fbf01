import type { Finding } from './findings.ts';

/** Where a record stands in the file. */
export interface Place {
  /** Ordinal of the record, from 1: the header and rows without text are not counted. */
  readonly row: number;
  /** Physical line at which it opens, from 1. */
  readonly line: number;
}

/** A row that passed every check and may be sent. */
export interface ClientRow extends Place {
  readonly name: string;
  readonly login: string;
  readonly email: string;
  /** Null when one is to be generated. */
  readonly password: string | null;
  readonly company?: string;
}

/** A row that cannot be used; what could be read of it is for the results. */
export interface BadRow extends Place {
  /** Null where it could not be read. */
  readonly login: string | null;
  readonly name?: string;
  readonly email?: string;
  readonly company?: string;
  /** Everything that is wrong with it, without full stops; no password is repeated. */
  readonly problems: readonly string[];
}

/** What the whole file comes to, before anything is sent. */
export interface CheckedFile {
  readonly rows: readonly ClientRow[];
  readonly bad: readonly BadRow[];
  /** What is wrong with the bad rows, one for each kind of mistake. */
  readonly problems: readonly Finding[];
  /** What is only worth a warning. */
  readonly findings: readonly Finding[];
}
