import { fstatSync, statSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OxhostError } from '../../errors.ts';
import { diskError } from './disk.ts';

interface Waiting {
  readonly bytes: Buffer;
  resolve(): void;
  reject(error: OxhostError): void;
}

/**
 * Appends with group commit: what comes in while a write and its flush are under way waits, and
 * then shares the next ones. The first failure is the last thing that happens to the file: after a
 * failed flush the kernel may count lost data as written, so none is repeated.
 * Size and write concern the kernel's memory alone and take microseconds, less than a trip through
 * the thread pool; only the flush waits for the disk.
 */
export class Appender {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #platform: NodeJS.Platform;
  #written: number;
  #reach: number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  failure: OxhostError | undefined;
  /** Someone else has changed or replaced the file: what is in the folder may be another run's. */
  isForeign = false;

  constructor(path: string, file: FileHandle, size: number, platform: NodeJS.Platform) {
    this.path = path;
    this.#file = file;
    this.#platform = platform;
    this.#written = size;
    this.#reach = size;
  }

  append(bytes: Buffer): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Closes the file when nothing waits any more, whether it was written or not. */
  async end(): Promise<void> {
    await this.#running;
    await this.#file.close();
  }

  /**
   * Looks, in some microseconds, whether the file is still this run's: a process that was stopped
   * for a while may wake up between an intent and its request.
   * @throws the failure that ended all writing, or ends it now.
   */
  check(): void {
    if (this.failure === undefined) {
      try {
        this.#compare();
      } catch (error) {
        this.#fail(error, []);
      }
    }
    if (this.failure !== undefined) throw this.failure;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whatever else happens in this turn of the event loop joins the group.
      await nextTurn();
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#commit(Buffer.concat(group.map(({ bytes }) => bytes)));
      } catch (error) {
        this.#fail(error, group);
        break;
      }
      for (const { resolve } of group) resolve();
    }
    this.#running = undefined;
  }

  async #commit(bytes: Buffer): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.#compare();
    this.#reach = this.#written + bytes.length;
    for (let done = 0; done < bytes.length; ) {
      const position = this.#written + done;
      const count = writeSync(this.#file.fd, bytes, done, bytes.length - done, position);
      if (count === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
      done += count;
    }
    await this.#file.datasync();
    this.#written += bytes.length;
  }

  /** A folder that was moved away has left its name to the journal of another run. */
  #compare(): void {
    const { size, dev, ino } = fstatSync(this.#file.fd, { bigint: true });
    const found = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    // Windows moves no folder with an open file in it, and numbers files by more than one method.
    const isInPlace = this.#platform === 'win32' || (found?.dev === dev && found.ino === ino);
    if (!isInPlace) throw this.#foreign('was moved, deleted or replaced');
    const isOurs = size >= this.#written && size <= this.#reach;
    if (!isOurs) throw this.#foreign('was changed by another program');
  }

  #foreign(what: string): OxhostError {
    this.isForeign = true;
    return new OxhostError('config_error', `The journal ${this.path} ${what} during this run.`, {
      hint: 'Find out who moved or changed it, and let no other run go on meanwhile. Put the journal that this run had back in its place, or name its folder with --journal.',
    });
  }

  #fail(thrown: unknown, group: readonly Waiting[]): void {
    const failure = this.failure ?? diskError('write', this.path, thrown);
    this.failure = failure;
    const rest = this.#waiting;
    this.#waiting = [];
    for (const { reject } of [...group, ...rest]) reject(failure);
  }
}
