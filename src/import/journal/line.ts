import { crc32 } from 'node:zlib';
import { asRecord, type JournalRecord } from './record.ts';

/** Longer lines are neither written nor read, so that a damaged file cannot fill the memory. */
export const LONGEST_LINE = 256 * 1024;

/** Read at once: little, so that few lines are in memory together. */
const READ_SIZE = 32 * 1024;
const NEWLINE = 0x0a;
const BEFORE_CRC = ',"crc":"';
const SUFFIX_LENGTH = `${BEFORE_CRC}00000000"}`.length;

/**
 * A record as its line: JSON whose last member, `crc`, is the CRC-32 (eight hexadecimal digits)
 * of the same JSON without that member.
 *
 * @throws RangeError when the line would be longer than `LONGEST_LINE`.
 */
export function encodeLine(record: JournalRecord): Buffer {
  const json = JSON.stringify(record);
  const line = Buffer.from(`${json.slice(0, -1)}${suffixFor(crc32(json))}\n`);
  if (line.length > LONGEST_LINE) throw new RangeError('the record is too long for the journal');
  return line;
}

/** The record of a line, given without its newline; undefined if it is not what was written. */
export function decodeLine(line: Buffer): JournalRecord | undefined {
  const end = line.length - SUFFIX_LENGTH;
  if (end < 1) return undefined;
  const crc = crc32('}', crc32(line.subarray(0, end)));
  if (line.toString('latin1', end) !== suffixFor(crc)) return undefined;
  try {
    return asRecord(JSON.parse(`${line.toString('utf8', 0, end)}}`));
  } catch {
    return undefined;
  }
}

/**
 * Whether the bytes of a bad last line go on after the end of a record. A line that was cut while
 * it was written does not: here, the newline between two records was lost.
 */
export function goesOnAfterRecord(line: Buffer): boolean {
  return /,"crc":"[0-9a-f]{8}"\}./s.test(line.toString('latin1'));
}

function suffixFor(crc: number): string {
  return `${BEFORE_CRC}${crc.toString(16).padStart(8, '0')}"}`;
}

export interface Line {
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Without its newline; valid until the next batch is asked for. */
  readonly bytes: Buffer;
  /** False for what follows the last newline of the file. */
  readonly ended: boolean;
}

interface ReadableFile {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
}

/**
 * The lines of the file's first `size` bytes, many at a time. A line over `LONGEST_LINE` is given
 * as cut, not ended, and is the last one given.
 */
export async function* readLines(file: ReadableFile, size: number): AsyncGenerator<Line[]> {
  const buffer = Buffer.allocUnsafe(LONGEST_LINE);
  let start = 0;
  let kept = 0;
  while (start + kept < size && kept < buffer.length) {
    const position = start + kept;
    const wanted = Math.min(READ_SIZE, buffer.length - kept, size - position);
    const { bytesRead } = await file.read(buffer, kept, wanted, position);
    if (bytesRead === 0) break;
    const filled = buffer.subarray(0, kept + bytesRead);
    const { lines, used } = split(filled, start);
    if (lines.length > 0) yield lines;
    filled.copyWithin(0, used);
    start += used;
    kept = filled.length - used;
  }
  if (kept > 0) yield [{ offset: start, bytes: buffer.subarray(0, kept), ended: false }];
}

function split(buffer: Buffer, start: number): { lines: Line[]; used: number } {
  const lines: Line[] = [];
  let used = 0;
  for (;;) {
    const end = buffer.indexOf(NEWLINE, used);
    if (end === -1) return { lines, used };
    lines.push({ offset: start + used, bytes: buffer.subarray(used, end), ended: true });
    used = end + 1;
  }
}
