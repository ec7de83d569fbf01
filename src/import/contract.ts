import type { ApiClient } from '../api/client.ts';
import type { Redactor } from '../output/masking.ts';
import type { SignalName, System } from '../system.ts';
import type { Journal } from './journal/journal.ts';

/** A row that passed every check and may be sent. */
export interface ImportRow {
  /** Data row of the input, from 1. */
  row: number;
  /** Its physical line in the file; where it is not known, nobody is told of it. */
  line?: number;
  name: string;
  login: string;
  email: string;
  company?: string;
  /** Null when one is to be generated. */
  password: string | null;
}

export type RowStatus =
  | 'created'
  | 'already_exists'
  | 'rejected'
  | 'unknown'
  | 'not_sent'
  | 'invalid';

/** One row handled in this run, as it settles: a line of `--json`. */
export interface RowReport {
  row: number;
  login: string;
  status: RowStatus;
  id: string | null;
  plesk_client_id: string | null;
  error: { code: string; message: string } | null;
  /** About a client that was created otherwise than asked for: the server changed its login. */
  warnings?: readonly { code: string; message: string }[];
}

/** What the engine needs of a journal. */
export type EngineJournal = Pick<
  Journal,
  'append' | 'check' | 'state' | 'readIntent' | 'hashInput'
>;

export interface EngineOptions {
  /** Every login at most once. */
  rows: AsyncIterable<ImportRow>;
  journal: EngineJournal;
  client: ApiClient;
  /** Requests at once. */
  concurrency: number;
  /** Requests a second, or null for no limit. */
  rate: number | null;
  /**
   * Seconds that waits on 429 may take together, as long as the server handles no request between
   * them, before the run stops.
   */
  maxWaitSeconds: number;
  /** Repeats of what certainly was not sent. */
  retries: number;
  /** Rows that may fail before the run stops, or null. */
  maxErrors: number | null;
  retryUnknown: boolean;
  retryRejected: boolean;
  passwordLength: number;
  /** Aborts on the first Ctrl-C: no new requests, wait for those that are out. */
  drain: AbortSignal;
  system: Pick<System, 'now' | 'monotonic' | 'sleep' | 'random' | 'randomInteger'>;
  /** Told of each row handled in this run, after its outcome is on the disk. */
  onRow: (report: RowReport) => void | Promise<void>;
  /** Told of each row that an earlier run has settled, and that nothing asks for again. */
  onSkip?: (row: ImportRow, skip: Skip) => void;
  /** Told of pauses: "the server asks for a pause", in seconds. */
  onPause: (seconds: number, reason: string) => void;
  /**
   * Masks the secrets of this run; knows each row's password while its request is under way. In the
   * server's words on a row, that row's password is masked even without it.
   */
  redactor?: Redactor;
}

/** Why a row is passed over: how the journal has it. */
export interface Skip {
  readonly because: 'created' | 'unknown' | 'rejected' | 'already_exists';
  /** It is created, but the row is no longer what was sent for it. */
  readonly edited?: true;
}

/** How the run ended. */
export interface EngineResult {
  /** Rows skipped because an earlier run had created them. */
  alreadyCreated: number;
  /** Rows skipped because of how an earlier run left them, when nothing asked for them again. */
  skipped: { unknown: number; rejected: number; already_exists: number };
  /**
   * Answers that came after the journal had failed, in no particular order: what became of these
   * rows is known now, but the journal has them as unknown. `onRow` is not told of them.
   */
  unrecorded: readonly RowReport[];
  /** Requests that left this machine. */
  attempts: number;
  /**
   * Null when every row was taken; else what stopped the run: an `OxhostError` (auth, redirect,
   * certificate, disk, …), or whatever else `rows`, `onRow` or the journal threw.
   */
  stop: Error | null;
  /** The signal that asked for the drain, or null. */
  signal: SignalName | null;
}
