import { LARGEST_ATTEMPT, type LoginEntry, LoginTable } from './logins.ts';
import type { IntentRecord, JournalRecord, OutcomeRecord, OutcomeStatus } from './record.ts';

/** What the journal knows of a login. */
export interface LoginState {
  /**
   * `unknown` also for a request that was never answered, and for one that was refused or not sent
   * when an earlier one of the same login was never answered: that one may have created the client.
   */
  readonly status: OutcomeStatus;
  /** Attempts so far; the next intent takes a higher number. */
  readonly attempt: number;
  /** False for an intent without outcome. */
  readonly answered: boolean;
  /** An attempt before the latest one is `unknown`: "already exists" may then mean created by us. */
  readonly earlierUnknown: boolean;
}

export type Counts = Readonly<Record<OutcomeStatus, number>>;

export function stateOf(entry: LoginEntry): LoginState {
  const { outcome, attempt, earlierUnknown } = entry;
  const settles = outcome === 'created' || outcome === 'already_exists' || !earlierUnknown;
  return {
    status: outcome !== undefined && settles ? outcome : 'unknown',
    attempt,
    answered: outcome !== undefined,
    earlierUnknown,
  };
}

/** The states that follow from the records, taken in the order of the file. */
export class LoginStates {
  readonly #table: LoginTable;
  readonly #counts: Record<OutcomeStatus, number> = {
    created: 0,
    already_exists: 0,
    rejected: 0,
    unknown: 0,
    not_sent: 0,
  };

  /** @param expectedLogins as far as known, to have their room from the beginning. */
  constructor(expectedLogins?: number) {
    this.#table = new LoginTable(expectedLogins);
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  entry(login: string): LoginEntry | undefined {
    return this.#table.get(login);
  }

  /** Why the record cannot follow on what there is; undefined if it can. */
  problem(record: JournalRecord): string | undefined {
    switch (record.kind) {
      case 'header':
        return 'a second header';
      case 'note':
        return undefined;
      case 'intent':
        return this.#problemOfIntent(record);
      case 'outcome':
        return this.#problemOfOutcome(record);
    }
  }

  /** Takes in a record that has no problem; `offset` is where its line begins. */
  apply(record: JournalRecord, offset: number): void {
    if (record.kind === 'intent') {
      const { login, attempt } = record;
      const before = this.#table.get(login);
      const earlierUnknown = before !== undefined && stateOf(before).status === 'unknown';
      this.#put(login, before, { offset, attempt, outcome: undefined, earlierUnknown });
    } else if (record.kind === 'outcome') {
      const before = this.#table.get(record.login);
      if (before !== undefined) {
        this.#put(record.login, before, { ...before, outcome: record.status });
      }
    }
  }

  #problemOfIntent({ login, attempt }: IntentRecord): string | undefined {
    const before = this.#table.get(login);
    if (before?.outcome === 'created') return `an intent for ${quote(login)}, which is created`;
    if (attempt > LARGEST_ATTEMPT) return `attempt ${attempt} for ${quote(login)} is too many`;
    if (before !== undefined && attempt <= before.attempt) {
      return `attempt ${attempt} for ${quote(login)} after attempt ${before.attempt}`;
    }
    return undefined;
  }

  #problemOfOutcome({ login, attempt }: OutcomeRecord): string | undefined {
    const before = this.#table.get(login);
    if (before?.attempt === attempt && before.outcome === undefined) return undefined;
    return `an outcome for ${quote(login)}, attempt ${attempt}, which no intent waits for`;
  }

  #put(login: string, before: LoginEntry | undefined, after: LoginEntry): void {
    this.#table.set(login, after);
    if (before !== undefined) this.#counts[stateOf(before).status] -= 1;
    this.#counts[stateOf(after).status] += 1;
  }
}

function quote(login: string): string {
  return JSON.stringify(login);
}
