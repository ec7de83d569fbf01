import { InputError } from './input-error.ts';
import { type Delimiter, RECORD_MAXIMUM } from './row.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const CANDIDATES: readonly Delimiter[] = [',', ';', '\t'];
/** The line with which spreadsheets announce their delimiter. */
const ANNOUNCEMENT = /^sep=([,;\t])(?:\r\n|\n|\r)/i;

export interface DelimitedInput {
  readonly delimiter: Delimiter;
  /** The bytes from the header on. */
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  /** Physical line at which those bytes begin. */
  readonly line: number;
}

/**
 * Finds the delimiter: the one announced by a `sep=` line, else the candidate that occurs most in
 * the first line that is not blank, outside of quotes; a comma when none occurs.
 * @param wanted a delimiter that is known already; a `sep=` line is skipped all the same.
 * @throws InputError when the header line exceeds the record maximum.
 */
export async function findDelimiter(
  chunks: AsyncGenerator<Buffer, void, undefined>,
  wanted?: Delimiter,
): Promise<DelimitedInput> {
  let head: Buffer = Buffer.alloc(0);
  let counts: ReadonlyMap<number, number> | undefined;
  while (counts === undefined) {
    const next = await chunks.next();
    if (next.done !== true)
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    counts = countInHeader(head, next.done === true);
    if (counts === undefined && head.length > RECORD_MAXIMUM) {
      await chunks.return();
      throw new InputError(`the header at line 1 is longer than ${RECORD_MAXIMUM} bytes`, {
        line: 1,
        hint: 'Is this a CSV file? Give --format when it is another kind.',
      });
    }
  }
  const announced = ANNOUNCEMENT.exec(head.toString('latin1', 0, 8));
  return {
    delimiter: wanted ?? (announced?.[1] as Delimiter | undefined) ?? mostFrequent(counts),
    chunks: withHead(head.subarray(announced?.[0].length ?? 0), chunks),
    line: announced === null ? 1 : 2,
  };
}

/** Undefined as long as the header's end has not come. */
function countInHeader(
  head: Uint8Array,
  isComplete: boolean,
): ReadonlyMap<number, number> | undefined {
  const counts = new Map<number, number>();
  let isQuoted = false;
  let isBlank = true;
  for (const byte of head) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      if (!isQuoted && !isBlank) return counts;
      continue;
    } else if (!isQuoted) counts.set(byte, (counts.get(byte) ?? 0) + 1);
    if (byte !== SPACE) isBlank = false;
  }
  return isComplete ? counts : undefined;
}

function mostFrequent(counts: ReadonlyMap<number, number>): Delimiter {
  let best: Delimiter = ',';
  for (const candidate of CANDIDATES) {
    if (occurrences(counts, candidate) > occurrences(counts, best)) best = candidate;
  }
  return best;
}

function occurrences(counts: ReadonlyMap<number, number>, delimiter: Delimiter): number {
  return counts.get(delimiter.charCodeAt(0)) ?? 0;
}

async function* withHead(
  head: Buffer,
  chunks: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (head.length > 0) yield head;
    yield* chunks;
  } finally {
    await chunks.return();
  }
}
