import { crc32 } from 'node:zlib';

export type OutcomeStatus = 'created' | 'already_exists' | 'rejected' | 'unknown' | 'not_sent';

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

const BEFORE_CRC = ',"crc":"';
const SUFFIX_LENGTH = `${BEFORE_CRC}00000000"}`.length;

/**
 * A record as its line: JSON whose last member, `crc`, is the CRC-32 (eight hexadecimal digits)
 * of the same JSON without that member.
 */
export function encodeLine(record: JournalRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${json.slice(0, -1)}${suffixFor(crc32(json))}\n`);
}

/** The record of a line, given without its newline; undefined if it is not what was written. */
export function decodeLine(line: Buffer): JournalRecord | undefined {
  const end = line.length - SUFFIX_LENGTH;
  if (end < 1) return undefined;
  const crc = crc32('}', crc32(line.subarray(0, end)));
  if (line.toString('latin1', end) !== suffixFor(crc)) return undefined;
  return JSON.parse(`${line.toString('utf8', 0, end)}}`) as JournalRecord;
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
  readonly isNew: boolean;
  readonly isInHistory?: boolean;
}

export type States = ReadonlyMap<string, LoginState>;

/**
 * Whether the record can follow on what there is. An answer comes once; a person may say more of an
 * unknown one, and a refusal may be taken back.
 */
export function mayFollow(states: States, record: BodyRecord): boolean {
  if (record.kind === 'note') return true;
  const before = states.get(record.login);
  if (record.kind === 'intent') {
    return before === undefined || (before.status !== 'created' && record.attempt > before.attempt);
  }
  if (before === undefined || before.attempt !== record.attempt) return false;
  if (!before.answered) return true;
  if (record.by_hand === true) return before.status === 'unknown';
  const isRefused =
    before.status === 'rejected' || (before.status === 'unknown' && before.earlierUnknown);
  return isRefused && record.status === 'not_sent';
}

export function apply(states: Map<string, LoginState>, record: BodyRecord, isNew: boolean): void {
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
