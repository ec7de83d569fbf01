import { isUtf8 } from 'node:buffer';
import { join, parse } from 'node:path';
import { fileWord } from '../../output/shell-word.ts';
import { refuseOtherKinds } from './foreign-files.ts';
import { InputError } from './input-error.ts';
import { countLineEnds } from './line-ends.ts';

/** Enough to recognise UTF-16 that has no byte order mark. */
const HEAD_BYTES = 256;
const CARRIAGE_RETURN = 0x0d;
const CONVERT = 'Save the file as UTF-8';
const EIGHT_BIT = 'WINDOWS-1252';

/**
 * Passes bytes on, without a byte order mark, once they are proven to be UTF-8. No chunk ends
 * within a character, nor with a CR unless the file does: a CRLF is never torn.
 * @throws InputError with the offset of the first byte that is not.
 */
export async function* validUtf8(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  let isStart = true;
  let offset = 0;
  let line = 1;

  for await (const chunk of chunks) {
    let bytes = joined(held, chunk);
    if (isStart) {
      if (bytes.length < HEAD_BYTES) {
        held = bytes;
        continue;
      }
      isStart = false;
      refuseOthers(bytes);
    }
    const whole = bytes.length - heldBack(bytes);
    held = bytes.subarray(whole);
    bytes = bytes.subarray(0, whole);
    requireUtf8(bytes, offset, line);
    line += countLineEnds(bytes);
    const body = withoutMark(bytes, offset);
    offset += bytes.length;
    if (body.length > 0) yield body;
  }
  if (isStart) refuseOthers(held);
  requireUtf8(held, offset, line);
  const body = withoutMark(held, offset);
  if (body.length > 0) yield body;
}

function joined(held: Buffer, chunk: Uint8Array): Buffer {
  if (held.length > 0) return Buffer.concat([held, chunk]);
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function withoutMark(bytes: Buffer, offset: number): Buffer {
  return offset === 0 && hasUtf8Mark(bytes) ? bytes.subarray(3) : bytes;
}

function hasUtf8Mark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** How many bytes at the end have to wait: those of a cut character, or a CR before a possible LF. */
function heldBack(bytes: Buffer): number {
  if (bytes.at(-1) === CARRIAGE_RETURN) return 1;
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

function requireUtf8(bytes: Buffer, offset: number, line: number): void {
  if (isUtf8(bytes)) return;
  const index = firstInvalid(bytes);
  const at = offset + index;
  const lineThere = line + countLineEnds(bytes, 0, index);
  const code = `0x${(bytes[index] ?? 0).toString(16).toUpperCase()}`;
  throw new InputError(
    `byte ${code} at offset ${at} (line ${lineThere}) is not UTF-8${guess(bytes, index)}`,
    {
      line: lineThere,
      offset: at,
      ...(isEightBit(bytes, index)
        ? { hint: conversionHint(EIGHT_BIT), encoding: EIGHT_BIT }
        : { hint: `${CONVERT}.` }),
    },
  );
}

/** The offset at which the first sequence begins that is not UTF-8 (RFC 3629). */
export function firstInvalid(bytes: Uint8Array): number {
  let index = 0;
  while (index < bytes.length) {
    const lead = bytes[index] ?? 0;
    const length = sequenceLength(lead);
    if (length === 0 || index + length > bytes.length) return index;
    for (let next = 1; next < length; next += 1) {
      if (((bytes[index + next] ?? 0) & 0xc0) !== 0x80) return index;
    }
    const second = bytes[index + 1] ?? 0;
    const isOverlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
    const isSurrogate = lead === 0xed && second >= 0xa0;
    const isBeyondUnicode = lead === 0xf4 && second >= 0x90;
    if (isOverlong || isSurrogate || isBeyondUnicode) return index;
    index += length;
  }
  return index;
}

/** One byte above ASCII between ASCII bytes is what the 8-bit encodings look like. */
function isEightBit(bytes: Buffer, index: number): boolean {
  return (bytes[index + 1] ?? 0) < 0x80;
}

function guess(bytes: Buffer, index: number): string {
  if (!isEightBit(bytes, index)) return '';
  const isControlInLatin1 = (bytes[index] ?? 0) < 0xa0;
  return `; the file looks like ${isControlInLatin1 ? '' : 'Latin-1 (ISO 8859-1) or '}Windows-1252`;
}

/** @param file whose bytes they are, as a command names it; left out, the command is but begun. */
export function conversionHint(encoding: string, file?: string): string {
  const command = `${CONVERT}: iconv -f ${encoding} -t UTF-8`;
  if (file === undefined) return command;
  const { dir, name, ext } = parse(file);
  const other = join(dir, `${name}-utf8${ext}`);
  return `${command} ${fileWord(file)} > ${fileWord(other)}`;
}

function refuseOthers(head: Buffer): void {
  refuseOtherKinds(head);
  refuseOtherEncodings(head);
}

function refuseOtherEncodings(head: Buffer): void {
  const name = wideEncoding(head);
  if (name === undefined) return;
  const encoding = name.replace(/ .*/, '');
  throw new InputError(`the file is ${name}, not UTF-8 (offset 0)`, {
    line: 1,
    offset: 0,
    hint: conversionHint(encoding),
    encoding,
  });
}

function wideEncoding(head: Buffer): string | undefined {
  const mark = head.subarray(0, 4).toString('hex');
  if (mark === 'fffe0000' || mark === '0000feff') return 'UTF-32';
  if (mark.startsWith('fffe')) return 'UTF-16 (little endian)';
  if (mark.startsWith('feff')) return 'UTF-16 (big endian)';
  const zeros: [number, number] = [0, 0];
  const length = Math.min(head.length, HEAD_BYTES) & ~1;
  for (let index = 0; index < length; index += 1) {
    if (head[index] === 0) zeros[index % 2 === 0 ? 0 : 1] += 1;
  }
  const most = length / 4;
  if (length < 8) return undefined;
  if (zeros[1] > most && zeros[0] === 0) return 'UTF-16LE (without a byte order mark)';
  if (zeros[0] > most && zeros[1] === 0) return 'UTF-16BE (without a byte order mark)';
  return undefined;
}
