import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { rm } from 'node:fs/promises';
import { JournalFolderError } from './journal/errors.ts';
import { makePrivate, openPlain } from './journal/file.ts';

interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

/** What settles about the same time lies about the same place, so a few are enough. */
const WINDOWS = 16;
const WINDOW_BYTES = 65_536;
const WRITE_BYTES = 65_536;

/**
 * Lines put into the order of their rows by way of a file beside the one that they are for; in
 * memory there are 24 bytes a line.
 */
export class RowOrder {
  readonly #file: FileHandle;
  readonly #rows: number[] = [];
  readonly #ends: number[] = [];
  readonly #windows: Window[] = [];
  #waiting = '';
  #end = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async add(row: number, line: string): Promise<void> {
    this.#end += Buffer.byteLength(line);
    this.#rows.push(row);
    this.#ends.push(this.#end);
    this.#waiting += line;
    if (this.#waiting.length >= WRITE_BYTES) await this.#flush();
  }

  /** Lines of the same row stay as they came. */
  async copyTo(file: FileHandle): Promise<void> {
    await this.#flush();
    const order = Uint32Array.from(this.#rows.keys());
    order.sort((one, other) => (this.#rows[one] ?? 0) - (this.#rows[other] ?? 0) || one - other);
    let lines: Buffer[] = [];
    let size = 0;
    for (const index of order) {
      const line = await this.#line(this.#ends[index - 1] ?? 0, this.#ends[index] ?? 0);
      lines.push(line);
      size += line.length;
      if (size < WRITE_BYTES) continue;
      await file.writeFile(Buffer.concat(lines));
      lines = [];
      size = 0;
    }
    await file.writeFile(Buffer.concat(lines));
  }

  async #flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    await this.#file.writeFile(text);
  }

  async #line(start: number, end: number): Promise<Buffer> {
    let window = this.#windows.find(
      (known) => known.start <= start && end <= known.start + known.bytes.length,
    );
    if (window === undefined) {
      const buffer = Buffer.allocUnsafeSlow(Math.max(WINDOW_BYTES, end - start));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, start);
      window = { start, bytes: buffer.subarray(0, bytesRead) };
      this.#windows.push(window);
      if (this.#windows.length > WINDOWS) this.#windows.shift();
    }
    return window.bytes.subarray(start - window.start, end - window.start);
  }
}

/** @throws JournalError when the file beside it cannot be made. */
export async function inRowOrder(
  path: string,
  platform: NodeJS.Platform,
  target: FileHandle,
  give: (order: RowOrder) => Promise<void>,
): Promise<void> {
  const unsorted = `${path}.oxhost-unsorted`;
  const { O_RDWR, O_CREAT, O_TRUNC } = constants;
  const file = await openPlain(unsorted, O_RDWR | O_CREAT | O_TRUNC);
  if (file === undefined) throw new JournalFolderError(path, `the folder of ${path} is gone`);
  try {
    await makePrivate(file, platform);
    const order = new RowOrder(file);
    await give(order);
    await order.copyTo(target);
  } finally {
    await file.close();
    await rm(unsorted, { force: true });
  }
}
