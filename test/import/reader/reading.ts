import {
  type InputSource,
  type InspectOptions,
  inspectInput,
  readRows,
} from '../../../src/import/reader/read.ts';
import type { InputNote, InputShape, Row, RowFault } from '../../../src/import/reader/row.ts';

/** A source that gives the same bytes on each pass, cut at the offsets that are named. */
export function bytesSource(
  content: string | Uint8Array,
  cuts: readonly number[] = [],
): InputSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])];
  places.sort((one, other) => one - other);
  return async function* chunks() {
    for (const [index, place] of places.entries()) {
      const next = places[index + 1];
      // A copy: nothing may rely on the chunks lying side by side in memory.
      if (next !== undefined) yield Uint8Array.from(bytes.subarray(place, next));
    }
  };
}

/** A source of equal pieces, without end when there is no count. */
export function repeated(
  start: string,
  piece: string,
  count = Number.POSITIVE_INFINITY,
): InputSource {
  const body = Buffer.from(piece);
  return async function* chunks() {
    yield Buffer.from(start);
    for (let index = 0; index < count; index += 1) yield body;
  };
}

export interface Reading {
  readonly shape: InputShape;
  readonly items: (Row | RowFault)[];
  readonly rows: Row[];
  readonly faults: RowFault[];
  readonly notes: InputNote[];
}

export async function readAll(
  source: InputSource,
  options: InspectOptions & { used?: ReadonlySet<string> } = {},
): Promise<Reading> {
  const shape = await inspectInput(source, options);
  const notes: InputNote[] = [];
  const items: (Row | RowFault)[] = [];
  const reading = readRows(source, shape, {
    ...(options.used === undefined ? {} : { used: options.used }),
    onNote: (note) => notes.push(note),
  });
  for await (const item of reading) items.push(item);
  return {
    shape,
    items,
    rows: items.filter((item) => item.kind === 'row'),
    faults: items.filter((item) => item.kind === 'fault'),
    notes,
  };
}

/** What is thrown, for looking at its line and offset. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
