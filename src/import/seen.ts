import { hash } from 'node:crypto';

/** Three words each: 32 bits of the folded text's hash, 32 of the exact one's, and the line. */
const WORDS = 3;
const EXACT = 1;
const LINE = 2;
/** Many and small: growing one takes little memory, and twelve bits more tell texts apart. */
const SEGMENTS = 4096;
const FIRST_CAPACITY = 4;
const FULL = 0.9;
const GROWTH = 1.2;

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
 * The texts of one column, kept as hashes: about 15 bytes for each, so that a million rows fit.
 * Two texts are taken for the same by 76 bits, for alike by 44: a wrong `same` is not to be
 * expected, a wrong `alike` once in thirty files of a million rows.
 */
export class SeenTexts {
  readonly #segments: Segment[] = Array.from({ length: SEGMENTS }, () => ({
    words: new Uint32Array(FIRST_CAPACITY * WORDS),
    used: 0,
  }));

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
    segment.words[place + EXACT] = key.exact;
    segment.words[place + LINE] = line;
    segment.used += 1;
    if (segment.used > FULL * (segment.words.length / WORDS)) grow(segment);
    return alike === undefined ? {} : { alike };
  }

  /** The line at which a text that folds to itself was seen. */
  find(text: string): number | undefined {
    const key = keyOf(text, text);
    return look((this.#segments[key.segment] as Segment).words, key).same;
  }
}

interface Key {
  readonly segment: number;
  readonly folded: number;
  readonly exact: number;
}

function keyOf(text: string, folded: string): Key {
  const digest = hash('sha256', folded, 'binary');
  const own = text === folded ? digest : hash('sha256', text, 'binary');
  return {
    segment: wordAt(digest, 0) % SEGMENTS,
    folded: wordAt(digest, 4),
    exact: wordAt(own, 8),
  };
}

interface Look extends Seen {
  /** Where the text is, or the free place where it belongs. */
  readonly place: number;
}

function look(words: Uint32Array, { folded, exact }: Key): Look {
  const capacity = words.length / WORDS;
  let alike: number | undefined;
  let slot = folded % capacity;
  for (;;) {
    const place = slot * WORDS;
    const found = words[place + LINE] as number;
    if (found === 0) return alike === undefined ? { place } : { place, alike };
    if (words[place] === folded) {
      if (words[place + EXACT] === exact) return { place, same: found };
      alike ??= found;
    }
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

function wordAt(digest: string, at: number): number {
  const byte = (index: number) => digest.charCodeAt(at + index);
  return byte(0) * 0x1_00_00_00 + byte(1) * 0x1_00_00 + byte(2) * 0x1_00 + byte(3);
}

function grow(segment: Segment): void {
  const old = segment.words;
  const capacity = Math.ceil((old.length / WORDS) * GROWTH) + 2;
  const words = new Uint32Array(capacity * WORDS);
  for (let place = 0; place < old.length; place += WORDS) {
    if (old[place + LINE] === 0) continue;
    let slot = (old[place] as number) % capacity;
    while (words[slot * WORDS + LINE] !== 0) slot = slot + 1 === capacity ? 0 : slot + 1;
    for (let index = 0; index < WORDS; index += 1) {
      words[slot * WORDS + index] = old[place + index] as number;
    }
  }
  segment.words = words;
}
