import {
  HISTORY_NOTE,
  type IntentRecord,
  type JournalRecord,
  type OutcomeRecord,
  type OutcomeStatus,
} from './record.ts';

type Members<Kind extends JournalRecord> = Omit<Kind, 'kind' | 'time' | 'status'>;

/** What the journal knows of a login: its latest intent, and what came of it. */
export interface LoginState extends Members<IntentRecord>, Members<OutcomeRecord> {
  /**
   * `unknown` also for a request that was never answered, and for one that was refused or not sent
   * when an earlier one of the same login was never answered: that one may have created the client.
   */
  readonly status: OutcomeStatus;
  /** False for an intent without outcome. */
  readonly answered: boolean;
  /** An attempt before the latest one is `unknown`: "already exists" may then mean created by us. */
  readonly earlierUnknown: boolean;
  /** The outcome is one of this run. */
  readonly isNew: boolean;
  /** It is created, and stands in the machine's history. */
  readonly isInHistory?: boolean;
}

export type States = ReadonlyMap<string, LoginState>;

/** Why the record cannot follow on what there is; undefined if it can. */
export function problemOf(states: States, record: JournalRecord): string | undefined {
  if (record.kind === 'header') return 'a second header';
  if (record.kind === 'note') return undefined;
  const before = states.get(record.login);
  const login = JSON.stringify(record.login);
  if (record.kind === 'intent') {
    if (before?.status === 'created') return `an intent for ${login}, which is created`;
    return before !== undefined && record.attempt <= before.attempt
      ? `attempt ${record.attempt} for ${login} after attempt ${before.attempt}`
      : undefined;
  }
  return before?.attempt === record.attempt && mayFollow(before, record)
    ? undefined
    : `an outcome for ${login}, attempt ${record.attempt}, which no intent waits for`;
}

/** An answer comes once; a person may say more of an unknown one, and a refusal may be taken back. */
function mayFollow(before: LoginState, record: OutcomeRecord): boolean {
  if (!before.answered) return true;
  if (record.by_hand === true) return before.status === 'unknown';
  const isRefused =
    before.status === 'rejected' || (before.status === 'unknown' && before.earlierUnknown);
  return isRefused && record.status === 'not_sent';
}

/** Takes in a record that has no problem. */
export function apply(
  states: Map<string, LoginState>,
  record: JournalRecord,
  isNew: boolean,
): void {
  if (record.kind === 'header') return;
  if (record.kind === 'note') {
    if (record.code !== HISTORY_NOTE) return;
    for (const [login, state] of states) {
      if (state.status === 'created') states.set(login, { ...state, isInHistory: true });
    }
    return;
  }
  const before = states.get(record.login);
  if (record.kind === 'intent') states.set(record.login, intended(before, record));
  else if (before !== undefined) states.set(record.login, settled(before, record, isNew));
}

function intended(before: LoginState | undefined, record: IntentRecord): LoginState {
  const { kind: _kind, time: _time, ...intent } = record;
  const isOpen = before?.status === 'unknown';
  const wasOpen = before?.status === 'not_sent' && before.by_hand === true;
  return {
    ...intent,
    status: 'unknown',
    answered: false,
    earlierUnknown: isOpen || (wasOpen && before.earlierUnknown),
    isNew: false,
  };
}

function settled(before: LoginState, record: OutcomeRecord, isNew: boolean): LoginState {
  const { kind: _kind, time: _time, status, ...outcome } = record;
  const { by_hand: byHand = false } = record;
  const settles =
    byHand || status === 'created' || status === 'already_exists' || !before.earlierUnknown;
  return {
    ...before,
    ...outcome,
    status: settles ? status : 'unknown',
    answered: true,
    // What a person did not find may still come, however unlikely that is.
    earlierUnknown: before.earlierUnknown || byHand,
    isNew: isNew && !byHand,
  };
}
