import { CsvError, type Options, Parser } from 'csv-parse';
import type { Delimiter } from './record.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * A record, or quotes that are not as they should be; reading then goes on at the line below. `line`
 * is the physical line at which the record or the broken quote opens.
 */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };
export type CsvFault = { readonly line: number; readonly problem: string };

/** What the parser's stream is built on, and what its types leave out: no stream, no promises. */
interface Core {
  readonly info: { readonly bytes: number };
  /** `record`: the cells that are complete before a failure. */
  readonly state: { readonly record: readonly string[] };
  parse(
    bytes: Buffer,
    isLast: boolean,
    push: (cells: string[]) => void,
    close: () => void,
  ): Error | undefined;
}

const SLICE_BYTES = 65_536;

/**
 * Splits bytes, which must be UTF-8, into records. LF, CRLF and CR end a record, also mixed; a
 * blank line is a record of one empty cell.
 * @param firstLine the physical line at which the bytes begin.
 */
export function* readCsv(
  bytes: Buffer,
  delimiter: Delimiter,
  firstLine: number,
): Generator<CsvRecord | CsvFault> {
  let line = firstLine;
  let start = 0;
  while (start < bytes.length) {
    const core = createCore(delimiter);
    const begin = start;
    const ended: { cells: string[]; end: number }[] = [];
    const push = (cells: string[]) => ended.push({ cells, end: begin + core.info.bytes });
    let failure: Error | undefined;
    for (let from = begin; failure === undefined && from < bytes.length; from += SLICE_BYTES) {
      const slice = bytes.subarray(from, from + SLICE_BYTES);
      failure = core.parse(slice, from + SLICE_BYTES >= bytes.length, push, () => {});
      for (const { cells, end } of ended.splice(0)) {
        yield { line, cells };
        line += lineEndsIn(bytes, start, end).length;
        start = end;
      }
    }
    if (failure === undefined) return;
    const before = Buffer.from(core.state.record.join());
    const linesBefore = lineEndsIn(before, 0, before.length).length;
    const end =
      lineEndsIn(bytes, start, bytes.length, linesBefore + 1)[linesBefore] ?? bytes.length;
    const isEscaped = bytes.subarray(start, end).includes('\\"');
    yield { line: line + linesBefore, problem: problemOf(failure, isEscaped) };
    line += linesBefore + 1;
    start = end;
  }
}

function createCore(delimiter: Delimiter): Core {
  const options: Options = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
  };
  return (new Parser(options) as Parser & { readonly api: Core }).api;
}

/** Only the codes are used: the parser's own messages repeat cells. */
function problemOf(failure: Error, isEscaped: boolean): string {
  const code: string = failure instanceof CsvError ? failure.code : '';
  if (isEscaped) return 'has a quote escaped by a backslash (\\"); in CSV it is written twice ("")';
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'has a quote that is never closed';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') {
    return 'has a quoted cell that is not closed, or has a single quote character within';
  }
  if (code === 'INVALID_OPENING_QUOTE') {
    return 'has a quote character within a cell that is not quoted';
  }
  throw failure;
}

/** The offsets behind each LF, CRLF and lone CR, or behind the first so many of them. */
function lineEndsIn(bytes: Uint8Array, start: number, end: number, most = Infinity): number[] {
  const ends: number[] = [];
  for (let index = start; index < end && ends.length < most; index += 1) {
    const byte = bytes[index];
    const isEnd = byte === CARRIAGE_RETURN && bytes[index + 1] !== LINE_FEED;
    if (byte === LINE_FEED || isEnd) ends.push(index + 1);
  }
  return ends;
}
