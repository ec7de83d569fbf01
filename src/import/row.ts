import type { Finding, Place } from './findings.ts';

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
