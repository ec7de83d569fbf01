import { crc32 } from 'node:zlib';

const OUTCOME_STATUSES = ['created', 'already_exists', 'rejected', 'unknown', 'not_sent'] as const;

/** What can be said of a row once its request is answered, or known not to have left. */
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

/** First line: what the journal belongs to. Member names are those of the file. */
export interface HeaderRecord {
  readonly kind: 'header';
  readonly format: number;
  readonly tool_version: string;
  readonly origin: string;
  /** Field to column, or to the columns that are joined. For people; not used again. */
  readonly mapping: Readonly<Record<string, string | readonly string[]>>;
  /** RFC 3339, as all times in the file. */
  readonly created: string;
  /** Key of the hashes, base64: so that equal passwords in two journals do not show. */
  readonly input_key: string;
}

/** A request for this login is about to be sent. */
export interface IntentRecord {
  readonly kind: 'intent';
  readonly row: number;
  readonly line?: number;
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
  readonly company?: string;
  /** 1 for the first request of a login, and higher for each further one. */
  readonly attempt: number;
  /** Hash of the row's fields, by which an edited row is recognised. */
  readonly input: string;
  readonly generated_password?: string;
  /** Hash of the password alone, where the row has its own. */
  readonly given_password?: string;
  readonly time: string;
}

/** How the attempt ended. */
export interface OutcomeRecord {
  readonly kind: 'outcome';
  readonly login: string;
  readonly attempt: number;
  readonly status: OutcomeStatus;
  readonly id?: string;
  readonly plesk_client_id?: string;
  /** The login in the answer, where it is not the one that was sent. */
  readonly echoed_login?: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** What the server answered, where that leaves it open what became of the row. */
  readonly answer?: string;
  /** A person has looked: `created`, or `not_sent` where the client is not there. */
  readonly by_hand?: boolean;
  readonly time: string;
}

/** Anything else worth keeping; changes no state. */
export interface NoteRecord {
  readonly kind: 'note';
  readonly code: string;
  readonly message: string;
  readonly time: string;
}

/** Code of the note whose message is the mark of an API key that the journal was used with. */
export const KEY_NOTE = 'api_key_mark';
/** Code of the note after which all that is created so far is in the machine's history. */
export const HISTORY_NOTE = 'in_history';

export type BodyRecord = IntentRecord | OutcomeRecord | NoteRecord;
export type JournalRecord = HeaderRecord | BodyRecord;

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

/** Whether the members are there that everything else relies on; the rest is as the CRC says. */
function isRecord(value: unknown): value is JournalRecord {
  const { kind, login, attempt, status, format, input_key, message } = Object(value);
  switch (kind) {
    case 'header':
      return isCount(format) && isText(input_key);
    case 'intent':
      return isText(login) && isCount(attempt);
    case 'outcome':
      return isText(login) && isCount(attempt) && OUTCOME_STATUSES.includes(status);
    default:
      return kind === 'note' && isText(message);
  }
}

/** Far more than any record has. */
export const LONGEST_LINE = 256 * 1024;

const BEFORE_CRC = ',"crc":"';
const SUFFIX_LENGTH = `${BEFORE_CRC}00000000"}`.length;

/**
 * A record as its line: JSON whose last member, `crc`, is the CRC-32 (eight hexadecimal digits)
 * of the same JSON without that member.
 *
 * @throws RangeError when the line would be longer than `LONGEST_LINE`.
 */
export function encodeLine(record: JournalRecord): Buffer {
  const json = JSON.stringify(record);
  const line = Buffer.from(`${json.slice(0, -1)}${suffixFor(crc32(json))}\n`);
  if (line.length > LONGEST_LINE) throw new RangeError('the record is too long for the journal');
  return line;
}

/** The record of a line, given without its newline; undefined if it is not what was written. */
export function decodeLine(line: Buffer): JournalRecord | undefined {
  const end = line.length - SUFFIX_LENGTH;
  if (end < 1) return undefined;
  const crc = crc32('}', crc32(line.subarray(0, end)));
  if (line.toString('latin1', end) !== suffixFor(crc)) return undefined;
  try {
    const value: unknown = JSON.parse(`${line.toString('utf8', 0, end)}}`);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the bytes of a bad last line go on after the end of a record. A line that was cut while
 * it was written does not: here, the newline between two records was lost.
 */
export function goesOnAfterRecord(line: Buffer): boolean {
  return /,"crc":"[0-9a-f]{8}"\}./s.test(line.toString('latin1'));
}

function suffixFor(crc: number): string {
  return `${BEFORE_CRC}${crc.toString(16).padStart(8, '0')}"}`;
}

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
