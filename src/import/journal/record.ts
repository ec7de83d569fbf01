/** What can be said of a row once its request is answered, or known not to have left. */
export type OutcomeStatus = 'created' | 'already_exists' | 'rejected' | 'unknown' | 'not_sent';

export const OUTCOME_STATUSES: readonly OutcomeStatus[] = [
  'created',
  'already_exists',
  'rejected',
  'unknown',
  'not_sent',
];

export type MappingValue = string | readonly string[];

/** First line: what the journal belongs to. Member names are those of the file. */
export interface HeaderRecord {
  readonly kind: 'header';
  readonly format: number;
  readonly tool_version: string;
  readonly origin: string;
  /** Field to column, or to the columns that are joined. For people; not used again. */
  readonly mapping: Readonly<Record<string, MappingValue>>;
  /** RFC 3339, as all times in the file. */
  readonly created: string;
  /** Key of the inputs' hashes, base64: so that equal passwords in two journals do not show. */
  readonly input_key: string;
}

/** A request for this login is about to be sent. */
export interface IntentRecord {
  readonly kind: 'intent';
  readonly row: number;
  readonly login: string;
  /** 1 for the first request of a login, and higher for each further one. */
  readonly attempt: number;
  /** `Journal.hashInput` of the row's fields, by which an edited row is recognised. */
  readonly input: string;
  readonly generated_password?: string;
  /** `Journal.hashInput` of the password alone, where the row has its own. */
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
  readonly time: string;
}

/** Anything else worth keeping; changes no state. */
export interface NoteRecord {
  readonly kind: 'note';
  readonly code: string;
  readonly message: string;
  readonly login?: string;
  readonly time: string;
}

/** Code of the note whose message is the mark of an API key that the journal was used with. */
export const KEY_NOTE = 'api_key_mark';

export type BodyRecord = IntentRecord | OutcomeRecord | NoteRecord;
export type JournalRecord = HeaderRecord | BodyRecord;

type Check = (value: unknown) => boolean;
type Shape = ReadonlyMap<string, Check>;

const text = (value: unknown): boolean => typeof value === 'string';
const count = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const status = (value: unknown): boolean => OUTCOME_STATUSES.includes(value as OutcomeStatus);
const object = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const optional = (check: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || check(value);
const failure = (value: unknown): boolean => {
  const { code, message } = Object(value);
  return object(value) && text(code) && text(message);
};

const SHAPES: ReadonlyMap<unknown, Shape> = new Map(
  Object.entries({
    header: {
      format: count,
      tool_version: text,
      origin: text,
      mapping: object,
      created: text,
      input_key: text,
    },
    intent: {
      row: count,
      login: text,
      attempt: count,
      input: text,
      generated_password: optional(text),
      given_password: optional(text),
      time: text,
    },
    outcome: {
      login: text,
      attempt: count,
      status,
      id: optional(text),
      plesk_client_id: optional(text),
      echoed_login: optional(text),
      error: optional(failure),
      time: text,
    },
    note: { code: text, message: text, login: optional(text), time: text },
  } satisfies Record<JournalRecord['kind'], Record<string, Check>>).map(([kind, shape]) => [
    kind,
    new Map(Object.entries(shape)),
  ]),
);

/** The value as a record, or undefined if it is none that this format has. */
export function asRecord(value: unknown): JournalRecord | undefined {
  if (!object(value)) return undefined;
  const members = value as Record<string, unknown>;
  const shape = SHAPES.get(members['kind']);
  if (shape === undefined) return undefined;
  for (const [name, check] of shape) {
    if (!check(members[name])) return undefined;
  }
  return value as unknown as JournalRecord;
}
