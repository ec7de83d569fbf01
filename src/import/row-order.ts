import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { rm } from 'node:fs/promises';
import { createPrivate } from './journal/file.ts';
import { RunBuffer, SortedRun } from './sorted-run.ts';
import { type TemporaryNames, temporaryPath } from './temporary-file.ts';

const RUN_BYTES = 1_048_576;
const OUTPUT_BYTES = 65_536;

/**
 * Lines put into the order of their rows by way of a file beside the one that they are for. That
 * holds runs of about a megabyte, each in order, which are merged: memory does not grow with the
 * lines, but for 16 kilobytes a run.
 */
class RowOrder {
  readonly #file: FileHandle;
  readonly #runs: SortedRun[] = [];
  readonly #waiting = new RunBuffer(RUN_BYTES);
  #end = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** False when there is no room for it: then `add` makes some. */
  take(row: number, text: string): boolean {
    return this.#waiting.add(row, text);
  }

  async add(row: number, text: string): Promise<void> {
    if (this.take(row, text)) return;
    await this.#finishRun();
    this.take(row, text);
  }

  /** Lines of the same row stay as they came. */
  async copyTo(file: FileHandle): Promise<void> {
    await this.#finishRun();
    const output = new Output(file);
    const open = new Map<SortedRun, number>();
    for (const [age, run] of this.#runs.entries()) if (await run.read()) open.set(run, age);
    const isBefore = (one: SortedRun, other: SortedRun) =>
      one.row < other.row ||
      (one.row === other.row && (open.get(one) ?? 0) < (open.get(other) ?? 0));
    const heap = [...open.keys()].sort((one, other) => (isBefore(one, other) ? -1 : 1));
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      if (!output.take(first.line)) await output.write(first.line);
      if (!first.take() && !(await first.read())) {
        const last = heap.pop();
        if (last !== undefined && heap.length > 0) heap[0] = last;
      }
      sink(heap, isBefore);
    }
    await output.flush();
  }

  async #finishRun(): Promise<void> {
    const bytes = this.#waiting.take();
    await this.#file.writeFile(bytes);
    this.#runs.push(new SortedRun(this.#file, this.#end, this.#end + bytes.length));
    this.#end += bytes.length;
  }
}

/** Moves the first item of a binary heap down to where it belongs. */
function sink<Item>(heap: Item[], isBefore: (one: Item, other: Item) => boolean): void {
  let place = 0;
  for (;;) {
    let first = place;
    for (const child of [2 * place + 1, 2 * place + 2]) {
      if (child < heap.length && isBefore(heap[child] as Item, heap[first] as Item)) first = child;
    }
    if (first === place) return;
    [heap[place], heap[first]] = [heap[first] as Item, heap[place] as Item];
    place = first;
  }
}

/** Copies lines into one piece of memory, so that a write has many of them. */
class Output {
  readonly #file: FileHandle;
  readonly #bytes = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** False when there is no room for it. */
  take(line: Buffer): boolean {
    if (this.#length + line.length > this.#bytes.length) return false;
    this.#bytes.set(line, this.#length);
    this.#length += line.length;
    return true;
  }

  async write(line: Buffer): Promise<void> {
    await this.flush();
    if (!this.take(line)) await this.#file.writeFile(line);
  }

  async flush(): Promise<void> {
    await this.#file.writeFile(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** @throws JournalError when the file beside it cannot be made. */
export async function inRowOrder(
  path: string,
  system: TemporaryNames,
  target: FileHandle,
  give: (order: RowOrder) => Promise<void>,
): Promise<void> {
  const unsorted = temporaryPath(path, 'unsorted', system);
  const file = await createPrivate(unsorted, constants.O_RDWR, system.platform);
  try {
    const order = new RowOrder(file);
    await give(order);
    await order.copyTo(target);
  } finally {
    await file.close();
    await rm(unsorted, { force: true });
  }
}
