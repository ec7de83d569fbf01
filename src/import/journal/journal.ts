import { createHmac } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Lock } from '../../store/lock.ts';
import type { HashFields } from '../plan.ts';
import { Appender } from './appender.ts';
import {
  apply,
  type BodyRecord,
  encodeLine,
  HISTORY_NOTE,
  type IntentRecord,
  KEY_NOTE,
  type LoginState,
  mayFollow,
  type NoteRecord,
  type OutcomeRecord,
  type States,
} from './record.ts';
import type { Replay } from './replay.ts';

export type NewIntent = Omit<IntentRecord, 'kind' | 'time'>;
export type NewOutcome = Omit<OutcomeRecord, 'kind' | 'time'>;

const HASH_LENGTH = 22;
/** Of six bits each: one other key in 69 billion has the same mark. */
const KEY_MARK_LENGTH = 6;

/** What a journal says; `states` has every login, those in flight as unknown. */
export interface ReadJournal {
  readonly path: string;
  readonly states: States;
  readonly hash: HashFields;
  /** Whether it was used with this API key before; undefined if it has no mark of any. */
  knowsKey(key: string): boolean | undefined;
}

export function readJournal(path: string, { header, states, keyMarks }: Replay): ReadJournal {
  const hash: HashFields = (fields) => {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    present.sort(([one], [other]) => (one < other ? -1 : 1));
    return createHmac('sha256', Buffer.from(header.input_key, 'base64'))
      .update(JSON.stringify(present))
      .digest('base64url')
      .slice(0, HASH_LENGTH);
  };
  const knowsKey = (key: string) =>
    keyMarks.size > 0 ? keyMarks.has(markOf(hash, key)) : undefined;
  return { path, states, hash, knowsKey };
}

/** Too short to give a key away, and another one for the same key in each journal. */
function markOf(hash: HashFields, key: string): string {
  return hash({ api_key: key }).slice(0, KEY_MARK_LENGTH);
}

/**
 * The write-ahead journal of an import, open for this process alone.
 * The order that makes it worth having: `intend`, wait, send, `settle`.
 */
export class Journal extends Appender implements ReadJournal {
  readonly origin: string;
  readonly states: States;
  readonly hash: HashFields;
  readonly knowsKey: ReadJournal['knowsKey'];
  /** Where the bytes of a torn last line were put when the journal was opened. */
  readonly tornFile: string | undefined;
  readonly #known: Map<string, LoginState>;
  readonly #lock: Lock;
  readonly #now: () => number;

  constructor(
    parts: { path: string; file: FileHandle; read: Replay; lock: Lock; tornFile?: string },
    { platform, now }: { readonly platform: NodeJS.Platform; now(): number },
  ) {
    super(parts.path, parts.file, parts.read.end, platform);
    const { states, hash, knowsKey } = readJournal(parts.path, parts.read);
    this.origin = parts.read.header.origin;
    this.states = states;
    this.hash = hash;
    this.knowsKey = knowsKey;
    this.tornFile = parts.tornFile;
    this.#known = parts.read.states;
    this.#lock = parts.lock;
    this.#now = now;
  }

  /**
   * Resolves when the intent is on disk: written, and `fdatasync` returned. Only then do `states`
   * know of it, and only then may the request go out.
   * @throws OxhostError when it could not be written, and the same for every later record.
   * @throws RangeError when it cannot follow on what the journal has.
   */
  async intend(intent: NewIntent): Promise<void> {
    const record = this.#record({ kind: 'intent', ...intent });
    await this.append(encodeLine(record));
    apply(this.#known, record, true);
  }

  /**
   * What became of a request is known from now on, whether it can be written or not; resolves when
   * it is on disk. @throws as `intend` does.
   */
  async settle(outcome: NewOutcome): Promise<void> {
    const record = this.#record({ kind: 'outcome', ...outcome });
    const line = encodeLine(record);
    apply(this.#known, record, true);
    await this.append(line);
  }

  /** From now on, and in later runs, the journal knows this API key; the key itself is not kept. */
  async rememberKey(key: string): Promise<void> {
    await this.#note(KEY_NOTE, markOf(this.hash, key));
  }

  /** All that is created by now is in the machine's history. */
  async rememberHistory(): Promise<void> {
    await this.#note(HISTORY_NOTE, '');
  }

  /** Waits for what is being written, then gives the file and the lock up. */
  async close(): Promise<void> {
    try {
      await this.end();
    } finally {
      await this.#lock.release();
    }
  }

  async #note(code: string, message: string): Promise<void> {
    const note = this.#record({ kind: 'note', code, message });
    await this.append(encodeLine(note));
    apply(this.#known, note, true);
  }

  #record(record: Untimed): BodyRecord {
    const timed: BodyRecord = { ...record, time: formatTime(this.#now()) };
    if (!mayFollow(this.#known, timed)) throw new RangeError('the journal takes no such record');
    return timed;
  }
}

type Untimed = Omit<IntentRecord, 'time'> | Omit<OutcomeRecord, 'time'> | Omit<NoteRecord, 'time'>;

export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
