import { hashText } from './text-hash.ts';

/** Three words each: a hash of the folded text; a half of another one and a half of the exact text's; the line. */
const WORDS = 3;
const HALVES = 1;
const LINE = 2;
const UPPER_HALF = 0xffff_0000;
/** Few and large: what is that large is given back to the system when the pass is over. */
const SEGMENTS = 16;
const FIRST_CAPACITY = 64;
const FULL = 0.9;
/** While there are too few texts to tell how many there will be. */
const EARLY_GROWTH = 8;
/** Of a segment. */
const TELLING = 1000;
const LEAST_GROWTH = 1.25;
const MOST_GROWTH = 32;
/** How far the number that is to be expected may be missed. */
const MARGIN = 1.05;

interface Segment {
  words: Uint32Array;
  used: number;
}

/** Lines at which a text was seen before. */
export interface Seen {
  /** The very same text. */
  readonly same?: number;
  /** Another text that folds to the same; only where there is no `same`. */
  readonly alike?: number;
}

/**
 * The texts of one column, kept as hashes: about 14 bytes for each, so that a million rows fit.
 * Two texts are taken for the same by 64 bits, for alike by 52: neither is to be expected.
 */
export class SeenTexts {
  readonly #progress: () => number;
  readonly #segments: readonly Segment[] = Array.from({ length: SEGMENTS }, () => ({
    words: new Uint32Array(FIRST_CAPACITY * WORDS),
    used: 0,
  }));

  /**
   * @param progress what share of the texts has come so far, up to 1, if that is known: then there
   * is soon room for all, and hardly any table is made only to be thrown away.
   */
  constructor(progress: () => number = () => 1) {
    this.#progress = progress;
  }

  /**
   * Notes a text at a line (from 1), unless the same is there already.
   * @param folded what texts that are hard to tell apart have in common.
   */
  add(text: string, folded: string, line: number): Seen {
    const key = keyOf(text, folded);
    const segment = this.#segments[key.segment] as Segment;
    const { place, same, alike } = look(segment.words, key);
    if (same !== undefined) return { same };
    segment.words[place] = key.folded;
    segment.words[place + HALVES] = key.halves;
    segment.words[place + LINE] = line;
    segment.used += 1;
    if (segment.used > FULL * (segment.words.length / WORDS)) this.#grow(segment);
    return alike === undefined ? {} : { alike };
  }

  /** The line at which a text that folds to itself was seen. */
  find(text: string): number | undefined {
    const key = keyOf(text, text);
    return look((this.#segments[key.segment] as Segment).words, key).same;
  }

  #grow(segment: Segment): void {
    const { used } = segment;
    const expected = Math.min(Math.max(MARGIN / this.#progress(), LEAST_GROWTH), MOST_GROWTH);
    const growth = used < TELLING ? EARLY_GROWTH : expected;
    segment.words = moved(segment.words, Math.ceil((used * growth) / FULL));
  }
}

interface Key {
  readonly segment: number;
  readonly folded: number;
  readonly halves: number;
}

function keyOf(text: string, folded: string): Key {
  const other = hashText(folded, 1);
  const own = text === folded ? other : hashText(text, 1);
  return {
    segment: other % SEGMENTS,
    folded: hashText(folded, 0),
    halves: ((other & UPPER_HALF) | (own & ~UPPER_HALF)) >>> 0,
  };
}

interface Look extends Seen {
  /** Where the text is, or the free place where it belongs. */
  readonly place: number;
}

function look(words: Uint32Array, { folded, halves }: Key): Look {
  const capacity = words.length / WORDS;
  let alike: number | undefined;
  let slot = folded % capacity;
  for (;;) {
    const place = slot * WORDS;
    const line = words[place + LINE] as number;
    if (line === 0) return alike === undefined ? { place } : { place, alike };
    if (words[place] === folded) {
      const difference = (words[place + HALVES] as number) ^ halves;
      if (difference === 0) return { place, same: line };
      if ((difference & UPPER_HALF) === 0) alike ??= line;
    }
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

function moved(old: Uint32Array, capacity: number): Uint32Array {
  const words = new Uint32Array(capacity * WORDS);
  for (let place = 0; place < old.length; place += WORDS) {
    if (old[place + LINE] === 0) continue;
    let slot = (old[place] as number) % capacity;
    while (words[slot * WORDS + LINE] !== 0) slot = slot + 1 === capacity ? 0 : slot + 1;
    for (let index = 0; index < WORDS; index += 1) {
      words[slot * WORDS + index] = old[place + index] as number;
    }
  }
  return words;
}
