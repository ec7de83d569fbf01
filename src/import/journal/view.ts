import { createHmac } from 'node:crypto';
import { constants, readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { JournalDamagedError } from './errors.ts';
import { openPlain } from './file.ts';
import { type FinalState, readFinalStates } from './final-states.ts';
import { JOURNAL_NAME } from './folder.ts';
import { decodeLine, LONGEST_LINE } from './line.ts';
import type { HeaderRecord, IntentRecord } from './record.ts';
import { scanJournal } from './recovery.ts';
import { type Counts, type LoginState, type LoginStates, stateOf } from './states.ts';

const NEWLINE = 0x0a;
const USUAL_LINE = 4096;
const INPUT_HASH_LENGTH = 22;
/** Of six bits each: one other key in 69 billion has the same mark. */
const KEY_MARK_LENGTH = 6;

export interface JournalParts {
  readonly path: string;
  readonly file: FileHandle;
  readonly header: HeaderRecord;
  readonly states: LoginStates;
  /** Marks of the API keys that it was used with. */
  readonly keyMarks: readonly string[];
  /** How far the file is whole and on disk. */
  readableEnd(): number;
}

/** What a journal says, as far as it is on disk. */
export class JournalView {
  readonly path: string;
  readonly header: HeaderRecord;
  protected readonly file: FileHandle;
  protected readonly states: LoginStates;
  readonly #inputKey: Buffer;
  readonly #keyMarks: Set<string>;
  readonly #readableEnd: () => number;
  readonly #buffer = Buffer.allocUnsafeSlow(USUAL_LINE);

  constructor({ path, file, header, states, keyMarks, readableEnd }: JournalParts) {
    this.path = path;
    this.header = header;
    this.file = file;
    this.states = states;
    this.#inputKey = Buffer.from(header.input_key, 'base64');
    this.#keyMarks = new Set(keyMarks);
    this.#readableEnd = readableEnd;
  }

  /** Logins by their state; those in flight count as unknown. */
  get counts(): Counts {
    return this.states.counts;
  }

  /** Undefined for a login that no request was meant for yet. */
  state(login: string): LoginState | undefined {
    const entry = this.states.entry(login);
    return entry && stateOf(entry);
  }

  /**
   * The latest intent of the login, with its row, its input's hash and its generated password. Read
   * at once: a line in the kernel's memory takes microseconds, less than a trip through the thread
   * pool, and a second run asks for every row.
   */
  readIntent(login: string): IntentRecord | undefined {
    const entry = this.states.entry(login);
    if (entry === undefined) return undefined;
    const record = this.#readRecord(entry.offset);
    if (record?.kind === 'intent' && record.login === login) return record;
    throw new JournalDamagedError(
      this.path,
      entry.offset,
      `not the intent for ${JSON.stringify(login)} that was here before`,
    );
  }

  readGeneratedPassword(login: string): string | undefined {
    return this.readIntent(login)?.generated_password;
  }

  /**
   * Stands for a row's fields, password included, in `IntentRecord.input`. Keyed by the journal, and
   * the same for any order of the fields; undefined ones count as left out.
   */
  hashInput(fields: Readonly<Record<string, string | undefined>>): string {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    present.sort(([one], [other]) => (one < other ? -1 : 1));
    return createHmac('sha256', this.#inputKey)
      .update(JSON.stringify(present))
      .digest('base64url')
      .slice(0, INPUT_HASH_LENGTH);
  }

  /** Whether it was used with this API key before; undefined if it has no mark of any. */
  knowsKey(key: string): boolean | undefined {
    return this.#keyMarks.size === 0 ? undefined : this.#keyMarks.has(this.markOf(key));
  }

  /** Too short to give a key away, and another one for the same key in each journal. */
  protected markOf(key: string): string {
    return this.hashInput({ api_key: key }).slice(0, KEY_MARK_LENGTH);
  }

  /**
   * Every login once, many at a time, with its latest state and password, in the order of the file. Not to be used
   * while records are appended.
   */
  finalStates(): AsyncGenerator<readonly FinalState[]> {
    return readFinalStates(this.path, this.file, this.#readableEnd(), this.states);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  #readRecord(offset: number) {
    for (const length of [USUAL_LINE, LONGEST_LINE]) {
      const buffer = length === USUAL_LINE ? this.#buffer : Buffer.allocUnsafe(length);
      const bytesRead = readSync(this.file.fd, buffer, 0, length, offset);
      const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
      if (end !== -1) return decodeLine(buffer.subarray(0, end));
    }
    return undefined;
  }
}

/**
 * Looks at a journal without changing or locking it, for a dry run; undefined if there is none.
 *
 * @throws JournalDamagedError, JournalOriginError, JournalVersionError, JournalFolderError
 */
export async function viewJournal(
  folder: string,
  origin: string,
): Promise<JournalView | undefined> {
  const path = join(resolve(folder), JOURNAL_NAME);
  const file = await openPlain(path, constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    const { end, ...scan } = await scanJournal(path, file, origin);
    return new JournalView({ ...scan, path, file, readableEnd: () => end });
  } catch (error) {
    await file.close();
    throw error;
  }
}
