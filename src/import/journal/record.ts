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
