import { clearLine, clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { Readable, Writable } from 'node:stream';

export interface TerminalLook {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Stands for stdout or stderr of a program run in this process: keeps what is written. */
export class MemoryOutput extends Writable {
  /** As Node marks its own: whoever pipes into it does not end it. */
  readonly _isStdio = true;
  isTTY: boolean;
  columns: number;
  rows: number;
  readonly #chunks: Buffer[] = [];

  constructor(look: TerminalLook = {}) {
    super();
    this.isTTY = look.isTTY ?? false;
    this.columns = look.columns ?? 80;
    this.rows = look.rows ?? 24;
  }

  /** All that was written, control sequences included. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  /** Without the empty one after the last newline. */
  get lines(): string[] {
    const lines = this.text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }

  resize(columns: number, rows = this.rows): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  // What libraries call on a terminal's stream.
  getWindowSize = (): [number, number] => [this.columns, this.rows];
  clearLine = (direction: -1 | 0 | 1, done?: () => void) => clearLine(this, direction, done);
  clearScreenDown = (done?: () => void) => clearScreenDown(this, done);
  cursorTo = (x: number, y?: number, done?: () => void) => cursorTo(this, x, y, done);
  moveCursor = (x: number, y: number, done?: () => void) => moveCursor(this, x, y, done);

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    this.#chunks.push(chunk);
    callback();
  }
}

/** Stands for stdin: what is fed comes out; the end comes only with `finish`. */
export class MemoryInput extends Readable {
  isTTY: boolean;
  isRaw = false;

  /** With a text, that text and then the end; without, it stays open to be fed. */
  constructor(text?: string, look: TerminalLook = {}) {
    super();
    this.isTTY = look.isTTY ?? false;
    if (text !== undefined) {
      this.feed(text);
      this.finish();
    }
  }

  feed(text: string): void {
    this.push(Buffer.from(text));
  }

  finish(): void {
    this.push(null);
  }

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  override _read(): void {}
}
