const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export type LineEnd = 'LF' | 'CRLF' | 'CR';

/** Counts LF, CRLF and lone CR, each as one. */
export function countLineEnds(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let count = 0;
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index];
    if (byte === LINE_FEED) count += 1;
    else if (byte === CARRIAGE_RETURN && bytes[index + 1] !== LINE_FEED) count += 1;
  }
  return count;
}

/** How a record that stretches from start to end is ended; undefined at the end of a file. */
export function lineEndOf(bytes: Uint8Array, start: number, end: number): LineEnd | undefined {
  const last = bytes[end - 1];
  if (last === CARRIAGE_RETURN) return 'CR';
  if (last !== LINE_FEED) return undefined;
  return end - 2 >= start && bytes[end - 2] === CARRIAGE_RETURN ? 'CRLF' : 'LF';
}

/** The offset behind the nth line end from start on, n from 1, or the end of the bytes. */
export function behindLineEnd(bytes: Uint8Array, start: number, n: number): number {
  let count = 0;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index];
    const isEnd =
      byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[index + 1] !== LINE_FEED);
    if (isEnd) count += 1;
    if (count === n) return index + 1;
  }
  return bytes.length;
}
