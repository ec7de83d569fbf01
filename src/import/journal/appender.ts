import { setImmediate as nextTurn } from 'node:timers/promises';
import { ForeignWriterError, type JournalError } from './errors.ts';
import { asWriteError } from './file.ts';

/** The part of a file handle that appending takes. */
export interface AppendableFile {
  stat(): Promise<{ readonly size: number; readonly nlink: number }>;
  /** Whether it is still the file that its path leads to. */
  isInPlace(): Promise<boolean>;
  write(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
}

interface Waiting {
  readonly bytes: Buffer;
  resolve(): void;
  reject(error: JournalError): void;
}

const LARGEST_GROUP = 1024 * 1024;

/**
 * Appends with group commit: what comes in while a write and its flush are under way waits, and
 * then shares the next ones. The first failure is the last thing that happens to the file.
 */
export class Appender {
  readonly #path: string;
  readonly #file: AppendableFile;
  #written: number;
  /** Where the file may end while a group is written. */
  #reach: number;
  #end: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #failure: JournalError | undefined;

  /** @param size where the file ends, and is to be found ending before each group. */
  constructor(path: string, file: AppendableFile, size: number) {
    this.#path = path;
    this.#file = file;
    this.#written = size;
    this.#reach = size;
    this.#end = size;
  }

  /** Where the next record will begin. */
  get end(): number {
    return this.#end;
  }

  /** How far the file is on disk. */
  get written(): number {
    return this.#written;
  }

  get failure(): JournalError | undefined {
    return this.#failure;
  }

  /** Resolves once the bytes are on disk; rejects with the failure that ended all writing. */
  append(bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#end += bytes.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more, whether it was written or not. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Looks once nothing waits any more; what it finds ends all writing. */
  async findForeignWriter(): Promise<ForeignWriterError | undefined> {
    await this.idle();
    if (this.#failure === undefined) {
      try {
        await this.#compare();
      } catch (error) {
        this.#fail(asWriteError(this.#path, error), []);
      }
    }
    return this.#failure instanceof ForeignWriterError ? this.#failure : undefined;
  }

  /**
   * The same at once, whatever is being written, as far as that lets it tell.
   * @throws the failure that ended all writing, or ends it now.
   */
  async check(): Promise<void> {
    if (this.#failure === undefined) {
      try {
        await this.#compare();
      } catch (error) {
        this.#fail(asWriteError(this.#path, error), []);
      }
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whatever else happens in this turn of the event loop joins the group.
      await nextTurn();
      const group = this.#takeGroup();
      try {
        await this.#commit(Buffer.concat(group.map(({ bytes }) => bytes)));
      } catch (error) {
        this.#fail(asWriteError(this.#path, error), group);
        break;
      }
      for (const { resolve } of group) resolve();
    }
    this.#running = undefined;
  }

  #takeGroup(): Waiting[] {
    let size = 0;
    const end = this.#waiting.findIndex(({ bytes }, index) => {
      size += bytes.length;
      return index > 0 && size > LARGEST_GROUP;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #commit(bytes: Buffer): Promise<void> {
    await this.#compare();
    this.#reach = this.#written + bytes.length;
    let done = 0;
    while (done < bytes.length) {
      const position = this.#written + done;
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, position);
      if (bytesWritten === 0) throw new Error('nothing was written');
      done += bytesWritten;
    }
    await this.#file.datasync();
    this.#written += bytes.length;
  }

  /** A folder that was moved away has left its name to the journal of another run. */
  async #compare(): Promise<void> {
    const { size, nlink } = await this.#file.stat();
    if (nlink === 0) throw this.#foreign('was deleted or replaced');
    if (!(await this.#file.isInPlace())) throw this.#foreign('was moved, deleted or replaced');
    const isOurs = size >= this.#written && size <= this.#reach;
    if (!isOurs) throw this.#foreign('was changed by another program');
  }

  #foreign(what: string): ForeignWriterError {
    return new ForeignWriterError(this.#path, `the journal ${this.#path} ${what} during this run`);
  }

  #fail(failure: JournalError, group: readonly Waiting[]): void {
    this.#failure = failure;
    const rest = this.#waiting;
    this.#waiting = [];
    for (const { reject } of [...group, ...rest]) reject(failure);
  }
}
