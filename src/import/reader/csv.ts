import { CsvError, type Options, Parser } from 'csv-parse';
import { InputError } from './input-error.ts';
import { behindLineEnd, countLineEnds, type LineEnd, lineEndOf } from './line-ends.ts';
import { type Delimiter, RECORD_MAXIMUM } from './row.ts';

export interface CsvRecord {
  readonly kind: 'record';
  /** Physical line at which the record opens. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Undefined for a last record without one. */
  readonly lineEnd: LineEnd | undefined;
}

/** Quotes that are not as they should be; reading goes on at the line below the broken quote. */
export interface CsvFault {
  readonly kind: 'fault';
  /** Physical line at which the broken quote opens. */
  readonly line: number;
  readonly message: string;
  /** The lines that are left out. */
  readonly source: string;
}

export type CsvEvent = CsvRecord | CsvFault;

export interface CsvOptions {
  readonly delimiter: Delimiter;
  /** Physical line at which the bytes begin. */
  readonly line: number;
}

/** Bytes that the parser may leave unread until it has seen what follows them. */
const LOOK_AHEAD = 8;

class RecordTooLarge extends Error {}

/**
 * Hands each record on as soon as it is complete. The parser's own way to do so, `on_record`,
 * describes every record in an object of fifteen members first: a third of its time and most of the
 * memory.
 */
class RecordParser extends Parser {
  readonly #add: (cells: string[], end: number) => void;

  constructor(options: Options, add: (cells: string[], end: number) => void) {
    super(options);
    this.#add = add;
    // Failures are told by the callbacks of write and end; without a listener they would be thrown.
    this.on('error', () => undefined);
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    this.#add(cells, this.info.bytes);
    return true;
  }
}

/**
 * Splits bytes into records. They must be valid UTF-8, and no chunk but the last may end with CR.
 * LF, CRLF and CR end a record, also mixed; blank lines are records of one empty cell.
 * @throws InputError for a record above the maximum that no broken quote explains.
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  options: CsvOptions,
): AsyncGenerator<CsvEvent[], void, undefined> {
  const splitter = new CsvSplitter(options);
  for await (const chunk of chunks) {
    const events = await splitter.take(chunk, false);
    if (events.length > 0) yield events;
  }
  const events = await splitter.take(Buffer.alloc(0), true);
  if (events.length > 0) yield events;
}

/**
 * Drives the parser and keeps the bytes of the record that is being read, for two reasons: line
 * numbers are counted over them, and after a broken quote a new parser starts within them.
 */
class CsvSplitter {
  private readonly delimiter: Delimiter;
  private line: number;
  /** Bytes from the opening of the current record on. */
  private kept: Buffer = Buffer.alloc(0);
  /** Where `kept` begins, counted in the bytes that the current parser has been given. */
  private keptFrom = 0;
  /** How much of `kept` has become records. */
  private consumed = 0;
  private parser: Parser | undefined;
  private tooLarge: RecordTooLarge | undefined;
  private broken: { line: number; message: string; lines: number } | undefined;
  private events: CsvEvent[] = [];

  constructor(options: CsvOptions) {
    this.delimiter = options.delimiter;
    this.line = options.line;
  }

  async take(chunk: Buffer, isLast: boolean): Promise<CsvEvent[]> {
    this.kept = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk]);
    let fresh = chunk;
    for (;;) {
      if (this.broken !== undefined) {
        if (!this.skipBroken(isLast)) break;
        fresh = this.kept;
      }
      const failure = await this.parse(fresh, isLast);
      if (failure !== undefined) await this.giveUp(failure);
      else if (this.kept.length <= RECORD_MAXIMUM + LOOK_AHEAD) break;
      else await this.giveUp(new RecordTooLarge());
    }
    const events = this.events;
    this.events = [];
    return events;
  }

  private async parse(bytes: Buffer, isLast: boolean): Promise<Error | undefined> {
    this.parser ??= new RecordParser(grammar(this.delimiter), (cells, end) => this.add(cells, end));
    const before = this.keptFrom;
    const opened = this.kept;
    this.consumed = 0;
    this.tooLarge = undefined;
    const failure = await feed(this.parser, bytes, isLast);
    this.kept = opened.subarray(this.consumed);
    this.keptFrom = before + this.consumed;
    return this.tooLarge ?? failure;
  }

  private add(cells: string[], end: number): void {
    // What the parser makes of the bytes behind such a record is of no use.
    if (this.tooLarge !== undefined) return;
    const start = this.consumed;
    const stop = end - this.keptFrom;
    if (stop - start > RECORD_MAXIMUM) {
      this.tooLarge = new RecordTooLarge();
      return;
    }
    const lineEnd = lineEndOf(this.kept, start, stop);
    this.events.push({ kind: 'record', line: this.line, cells, lineEnd });
    this.line += countLineEnds(this.kept, start, stop);
    this.consumed = stop;
  }

  private async giveUp(failure: Error): Promise<void> {
    const message = faultMessage(failure);
    this.parser?.destroy();
    this.parser = undefined;
    const linesBefore = await linesBeforeFault(
      this.delimiter,
      this.kept.subarray(0, RECORD_MAXIMUM),
    );
    const row = linesBefore === 0 ? '' : `, in the record that begins at line ${this.line}`;
    this.broken = {
      line: this.line + linesBefore,
      message: `${message}${row}`,
      lines: linesBefore + 1,
    };
  }

  /** Leaves the broken lines out. Returns whether there is anything to go on with. */
  private skipBroken(isLast: boolean): boolean {
    const { broken } = this;
    if (broken === undefined) return true;
    const end = behindLineEnd(this.kept.subarray(0, RECORD_MAXIMUM), broken.lines);
    if (end === undefined && this.kept.length > RECORD_MAXIMUM) {
      throw new InputError(
        `the record at line ${this.line} is larger than ${RECORD_MAXIMUM} bytes`,
        { line: this.line, hint: 'Is this a CSV file? Look at that line.' },
      );
    }
    if (end === undefined && !isLast) return false;
    const { line, message, lines } = broken;
    const source = this.kept.toString('utf8', 0, end);
    this.events.push({ kind: 'fault', line, message, source });
    this.broken = undefined;
    this.kept = this.kept.subarray(end ?? this.kept.length);
    this.keptFrom = 0;
    this.line += lines;
    return this.kept.length > 0;
  }
}

function feed(parser: Parser, bytes: Buffer, isLast: boolean): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const done = (error?: Error | null) => resolve(error ?? undefined);
    if (isLast) parser.end(bytes, done);
    else parser.write(bytes, done);
  });
}

function faultMessage(failure: Error): string {
  if (failure instanceof RecordTooLarge) {
    return `has a quote that is not closed within ${RECORD_MAXIMUM} bytes`;
  }
  // Only codes are used: the parser's own messages and properties repeat cells.
  const code: string = failure instanceof CsvError ? failure.code : '';
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'has a quote that is never closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') {
    return 'has a quoted cell that is not closed, or has a single quote character within';
  }
  if (code === 'INVALID_OPENING_QUOTE') {
    return 'has a quote character within a cell that is not quoted';
  }
  throw failure;
}

/** Counts the line ends within the cells that are complete before the bytes' own fault. */
async function linesBeforeFault(delimiter: Delimiter, bytes: Buffer): Promise<number> {
  let lines = 0;
  const count = (cell: string) => {
    lines += countLineEnds(Buffer.from(cell));
    return cell;
  };
  const parser = new RecordParser({ ...grammar(delimiter), cast: count }, () => undefined);
  await feed(parser, bytes, true);
  return lines;
}

function grammar(delimiter: Delimiter): Options {
  return { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
}
