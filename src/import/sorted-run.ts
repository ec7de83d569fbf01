import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 16_384;
/** What stands before each line: its row as a double and its length in bytes. */
const ROW_BYTES = 8;
const HEAD_BYTES = ROW_BYTES + 4;

/** Lines of a run, at most; the number that rows are multiplied by in the keys that they are sorted by. */
const MOST_LINES = 16_384;

/** Collects the lines of a run outside of the heap, where they would outlive several collections. */
export class RunBuffer {
  #bytes: Buffer;
  #sorted: Buffer;
  readonly #starts = new Uint32Array(MOST_LINES + 1);
  /** Row and index of each line in one number: sorted, those of the same row stay as they came. */
  readonly #keys = new Float64Array(MOST_LINES);
  #count = 0;

  /** @param size in bytes; it grows for a single line that is larger. */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
    this.#sorted = Buffer.allocUnsafeSlow(size);
  }

  /** False when there is no room for it before the run is taken. */
  add(row: number, text: string): boolean {
    const start = this.#starts[this.#count] as number;
    const end = start + HEAD_BYTES + Buffer.byteLength(text);
    const isFull = this.#count === MOST_LINES || end > this.#bytes.length;
    if (isFull && this.#count > 0) return false;
    if (isFull) {
      this.#bytes = Buffer.allocUnsafeSlow(end);
      this.#sorted = Buffer.allocUnsafeSlow(end);
    }
    this.#bytes.writeDoubleLE(row, start);
    this.#bytes.writeUInt32LE(end - start - HEAD_BYTES, start + ROW_BYTES);
    this.#bytes.write(text, start + HEAD_BYTES);
    this.#keys[this.#count] = row * MOST_LINES + this.#count;
    this.#count += 1;
    this.#starts[this.#count] = end;
    return true;
  }

  /** What came since the last time, by row. Valid until the next time. */
  take(): Buffer {
    let length = 0;
    for (const key of this.#keys.subarray(0, this.#count).sort()) {
      const index = key % MOST_LINES;
      const end = this.#starts[index + 1];
      length += this.#bytes.copy(this.#sorted, length, this.#starts[index], end);
    }
    this.#count = 0;
    return this.#sorted.subarray(0, length);
  }
}

/** Reads a run back, line by line, with a small part of it in memory. */
export class SortedRun {
  readonly #file: FileHandle;
  #window: Buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #at = 0;
  #filled = 0;
  #position: number;
  readonly #end: number;
  #row = 0;
  #line: Buffer = this.#window.subarray(0, 0);

  /** @param start where the run begins in the file. */
  constructor(file: FileHandle, start: number, end: number) {
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  /** Of the line that was taken last. */
  get row(): number {
    return this.#row;
  }

  /** The line that was taken last; valid until the next is. */
  get line(): Buffer {
    return this.#line;
  }

  /** Goes on to the next line if it is in memory. */
  take(): boolean {
    const length = this.#nextLength();
    const from = this.#at + HEAD_BYTES;
    if (length === undefined || from + length > this.#filled) return false;
    this.#row = this.#window.readDoubleLE(this.#at);
    this.#line = this.#window.subarray(from, from + length);
    this.#at = from + length;
    return true;
  }

  /** Goes on to the next line once it is read from the file; false when there is none. */
  async read(): Promise<boolean> {
    while (!this.take()) {
      if (this.#position === this.#end) return false;
      await this.#fill();
    }
    return true;
  }

  #nextLength(): number | undefined {
    if (this.#at + HEAD_BYTES > this.#filled) return undefined;
    return this.#window.readUInt32LE(this.#at + ROW_BYTES);
  }

  async #fill(): Promise<void> {
    const needed = HEAD_BYTES + (this.#nextLength() ?? 0);
    const rest = this.#window.subarray(this.#at, this.#filled);
    if (needed > this.#window.length) this.#window = Buffer.allocUnsafeSlow(needed);
    this.#window.set(rest);
    this.#at = 0;
    this.#filled = rest.length;
    const room = Math.min(this.#window.length - rest.length, this.#end - this.#position);
    const { bytesRead } = await this.#file.read(this.#window, rest.length, room, this.#position);
    if (bytesRead === 0) throw new Error('the unsorted results were cut off by another program');
    this.#position += bytesRead;
    this.#filled += bytesRead;
  }
}
