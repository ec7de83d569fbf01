import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, type Lock, type LockRequest } from '../../store/lock.ts';
import { Appender } from './appender.ts';
import { type ForeignWriterError, type JournalError, JournalFolderError } from './errors.ts';
import { appendable, makePrivate, openPlain } from './file.ts';
import { JOURNAL_NAME, prepareFolder } from './folder.ts';
import { createJournal, FORMAT } from './header.ts';
import { encodeLine } from './line.ts';
import {
  type BodyRecord,
  type HeaderRecord,
  type IntentRecord,
  KEY_NOTE,
  type MappingValue,
  type NoteRecord,
  type OutcomeRecord,
} from './record.ts';
import { repairTail, scanJournal } from './recovery.ts';
import { type JournalParts, JournalView } from './view.ts';

export interface JournalOptions {
  /** Made if it is not there; holds `journal.ndjson`, `lock` and torn tails. */
  readonly folder: string;
  /** Origin of the API: scheme, host and port. */
  readonly origin: string;
  readonly toolVersion: string;
  /** Kept in a new journal's header. */
  readonly mapping: Readonly<Record<string, MappingValue>>;
  /** About how many logins the run is for; memory is taken for them at once and not bit by bit. */
  readonly expectedLogins?: number;
  /** Whose the folder has to be; null where users have no numbers. */
  readonly userId: number | null;
  /** From a cryptographic source. */
  randomBytes(size: number): Buffer;
  readonly lock: Omit<LockRequest, 'folder' | 'purpose'>;
}

export type NewRecord =
  | Omit<IntentRecord, 'time'>
  | Omit<OutcomeRecord, 'time'>
  | Omit<NoteRecord, 'time'>;

interface WritableParts extends JournalParts {
  readonly appender: Appender;
  readonly lock: Lock;
  readonly tornFile: string | undefined;
  now(): number;
}

const INPUT_KEY_LENGTH = 32;

/**
 * The write-ahead journal of an import, open for this process alone.
 *
 * The order that makes it worth having: append the intent, wait, send, append the outcome.
 */
export class Journal extends JournalView {
  /** Where the bytes of a torn last line were put when the journal was opened. */
  readonly tornFile: string | undefined;
  readonly #appender: Appender;
  readonly #lock: Lock;
  readonly #now: () => number;
  /** Logins of this run's intents without outcome, and whether a record of theirs is on its way. */
  readonly #busy = new Map<string, 'writing' | 'waiting'>();

  constructor(parts: WritableParts) {
    super(parts);
    this.tornFile = parts.tornFile;
    this.#appender = parts.appender;
    this.#lock = parts.lock;
    this.#now = parts.now;
  }

  /** Why nothing more is written; undefined as long as all is well. */
  get failure(): JournalError | undefined {
    return this.#appender.failure;
  }

  /**
   * Resolves when the record is on disk: written, and `fdatasync` returned. Only then does `state`
   * know of it.
   *
   * @throws JournalWriteError or ForeignWriterError, and the same for every later record.
   * @throws RangeError when the record is too long, or cannot follow on what the journal has.
   */
  async append(record: NewRecord): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const timed: BodyRecord = { ...record, time: formatTime(this.#now()) };
    const problem = this.states.problem(timed) ?? this.#problemOfBusy(record);
    if (problem !== undefined) throw new RangeError(`the journal takes no such record: ${problem}`);
    const line = encodeLine(timed);
    const offset = this.#appender.end;
    if (record.kind !== 'note') this.#busy.set(record.login, 'writing');
    await this.#appender.append(line);
    this.states.apply(timed, offset);
    if (record.kind === 'intent') this.#busy.set(record.login, 'waiting');
    if (record.kind === 'outcome') this.#busy.delete(record.login);
  }

  /** From now on, and in later runs, the journal knows this API key; the key itself is not kept. */
  async rememberKey(key: string): Promise<void> {
    await this.append({ kind: 'note', code: KEY_NOTE, message: this.markOf(key) });
  }

  /** Looks for someone else who has changed or replaced the file since; nothing is written then. */
  findForeignWriter(): Promise<ForeignWriterError | undefined> {
    return this.#appender.findForeignWriter();
  }

  /**
   * Makes sure, in some microseconds, that the journal is still this run's: a process that was
   * stopped for a while may wake up between an intent and its request.
   *
   * @throws JournalError, and the same for every later record.
   */
  check(): Promise<void> {
    return this.#appender.check();
  }

  /** Waits for what is being written, then gives the file and the lock up. */
  override async close(): Promise<void> {
    await this.#appender.idle();
    try {
      await super.close();
    } finally {
      await this.#lock.release();
    }
  }

  #problemOfBusy(record: NewRecord): string | undefined {
    const busy = record.kind === 'note' ? undefined : this.#busy.get(record.login);
    if (busy === undefined || (busy === 'waiting' && record.kind === 'outcome')) return undefined;
    return `${JSON.stringify(record.login)} has a request in flight`;
  }
}

/**
 * Opens the folder's journal and repairs its tail, or begins a new one, under the folder's lock.
 *
 * @throws LockedError when another process has it open.
 * @throws JournalFolderError, JournalWriteError, JournalDamagedError, JournalOriginError,
 * JournalVersionError; nothing was changed then, but for a folder made or closed to others.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const folder = await prepareFolder(options.folder, options.lock.platform, options.userId);
  const lock = await acquireLock({ ...options.lock, folder, purpose: 'import' });
  try {
    const path = join(folder, JOURNAL_NAME);
    const file = (await openExisting(path)) ?? (await beginJournal(path, folder, options));
    try {
      return await recover(path, file, lock, options);
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function openExisting(path: string): Promise<FileHandle | undefined> {
  return openPlain(path, constants.O_RDWR);
}

async function beginJournal(
  path: string,
  folder: string,
  { origin, toolVersion, mapping, randomBytes, lock }: JournalOptions,
): Promise<FileHandle> {
  const header: HeaderRecord = {
    kind: 'header',
    format: FORMAT,
    tool_version: toolVersion,
    origin,
    mapping,
    created: formatTime(lock.clock.now()),
    input_key: randomBytes(INPUT_KEY_LENGTH).toString('base64'),
  };
  await createJournal(folder, lock.platform, header);
  const file = await openExisting(path);
  if (file === undefined) throw new JournalFolderError(path, `${path} was deleted`);
  return file;
}

async function recover(
  path: string,
  file: FileHandle,
  lock: Lock,
  { origin, expectedLogins, lock: { platform, clock } }: JournalOptions,
): Promise<Journal> {
  const scan = await scanJournal(path, file, origin, expectedLogins);
  await makePrivate(file, platform);
  const tornFile = await repairTail(path, file, scan, platform);
  const { header, states, keyMarks, end } = scan;
  const appender = new Appender(path, appendable(file, path, platform), end);
  return new Journal({
    path,
    file,
    header,
    states,
    keyMarks,
    appender,
    lock,
    tornFile,
    readableEnd: () => appender.written,
    now: () => clock.now(),
  });
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
