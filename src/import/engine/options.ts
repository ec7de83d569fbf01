import type { Warning } from '../../api/accept.ts';
import type { ApiClient } from '../../api/client.ts';
import type { Redactor } from '../../output/masking.ts';
import type { System } from '../../system.ts';
import type { Journal } from '../journal/journal.ts';
import type { LoginState } from '../journal/states.ts';
import type { PlannedRow } from '../plan.ts';

/** What the engine needs of a journal. */
export type EngineJournal = Pick<
  Journal,
  'states' | 'hash' | 'intend' | 'settle' | 'check' | 'failure'
>;

export interface EngineOptions {
  /** Every login at most once. */
  readonly rows: readonly PlannedRow[];
  readonly journal: EngineJournal;
  readonly client: ApiClient;
  /** Requests at once. */
  readonly concurrency: number;
  /** Requests a second, or null for no limit. */
  readonly rate: number | null;
  /**
   * Seconds that waits on 429 may take together, as long as the server handles no request between
   * them, before the run stops.
   */
  readonly maxWaitSeconds: number;
  /** Repeats of what certainly was not sent. */
  readonly retries: number;
  /** Rows that may fail before the run stops, or null. */
  readonly maxErrors: number | null;
  readonly passwordLength: number;
  /** Aborts on the first Ctrl-C: no new requests, wait for those that are out. */
  readonly drain: AbortSignal;
  readonly system: Pick<System, 'now' | 'monotonic' | 'sleep' | 'random' | 'randomInteger'>;
  /** Called for each row that was settled in this run, once that is on the disk or cannot get there. */
  readonly onRow: (state: LoginState, warnings: readonly Warning[]) => void | Promise<void>;
  /** Called when more or fewer answers are waited for. */
  readonly onInFlight: (count: number) => void;
  /** Called for each pause: "the server asks for a pause", in seconds. */
  readonly onPause: (seconds: number, reason: string) => void;
  /** Masks the secrets of this run; knows each row's password while its request is under way. */
  readonly redactor: Redactor;
}

/** How the run ended. What became of the rows is in the journal's states. */
export interface EngineResult {
  /** Requests that left this machine. */
  readonly attempts: number;
  /** Logins whose answer is known now, but that the journal will have as unknown. */
  readonly unrecorded: readonly string[];
  /** Null when every row was taken; else what stopped the run. */
  readonly stop: Error | null;
}
