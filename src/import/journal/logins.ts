import { hash } from 'node:crypto';
import { OUTCOME_STATUSES, type OutcomeStatus } from './record.ts';

/** The latest that the journal has of a login, without what is read from the file when needed. */
export interface LoginEntry {
  /** Where the latest intent's line begins. */
  readonly offset: number;
  /** Up to `LARGEST_ATTEMPT`. */
  readonly attempt: number;
  /** Undefined while the latest intent has no outcome. */
  readonly outcome: OutcomeStatus | undefined;
  /** An attempt before the latest one was never answered, so it may have created the client. */
  readonly earlierUnknown: boolean;
}

/** Five words per login: 96 bits of its hash, 48 bits of offset, 12 of attempt, 4 of state. */
const WORDS = 5;
const KEY_WORDS = 3;
const SEGMENTS = 256;
const FIRST_CAPACITY = 8;
const FULL = 0.9;
const GROWTH = 1.25;
const OFFSET_HIGH = 0x1_0000_0000;

export const LARGEST_ATTEMPT = 0xfff;
/** The last word's low 16 bits: attempt, then the flag, then the state; 0 is a free place. */
const UNANSWERED = 1;
const EARLIER_UNKNOWN = 8;

interface Segment {
  words: Uint32Array;
  used: number;
}

/**
 * A map from login to its latest state that takes about 30 bytes for each, where a Map takes 150.
 * Split into segments that grow one by one, so that growing never needs twice the memory. Logins
 * are told apart by 96 bits of their SHA-256: two equal ones are not to be expected.
 */
export class LoginTable {
  readonly #segments: readonly Segment[];
  #size = 0;
  readonly #key = new Uint32Array(KEY_WORDS);
  #keyLogin: string | undefined;

  /** @param expected how many logins there will be, to have their room from the beginning. */
  constructor(expected = 0) {
    const capacity = capacityFor(expected / SEGMENTS);
    this.#segments = Array.from({ length: SEGMENTS }, () => ({
      words: new Uint32Array(capacity * WORDS),
      used: 0,
    }));
  }

  get size(): number {
    return this.#size;
  }

  get(login: string): LoginEntry | undefined {
    const key = this.#keyOf(login);
    const { words } = this.#segmentOf(key);
    const place = findPlace(words, key);
    return isFree(words, place) ? undefined : entryAt(words, place);
  }

  set(login: string, entry: LoginEntry): void {
    const key = this.#keyOf(login);
    const segment = this.#segmentOf(key);
    let place = findPlace(segment.words, key);
    if (isFree(segment.words, place)) {
      this.#size += 1;
      segment.used += 1;
      if (segment.used > FULL * (segment.words.length / WORDS)) {
        grow(segment);
        place = findPlace(segment.words, key);
      }
    }
    putEntry(segment.words, place, key, entry);
  }

  #segmentOf(key: Uint32Array): Segment {
    return this.#segments[word(key, 0) % SEGMENTS] as Segment;
  }

  /** Valid until the next call. A record's login is asked for several times in a row. */
  #keyOf(login: string): Uint32Array {
    if (login !== this.#keyLogin) {
      // As JSON, since as UTF-8 all lone surrogates would be the same.
      const digest = hash('sha256', JSON.stringify(login), 'hex');
      for (let index = 0; index < KEY_WORDS; index += 1) {
        this.#key[index] = Number.parseInt(digest.slice(index * 8, index * 8 + 8), 16);
      }
      this.#keyLogin = login;
    }
    return this.#key;
  }
}

/** Room for some more than the mean, since hashes fill the segments unevenly. */
function capacityFor(mean: number): number {
  return Math.max(FIRST_CAPACITY, Math.ceil((mean + 4 * Math.sqrt(mean)) / FULL));
}

function word(words: Uint32Array, index: number): number {
  return words[index] as number;
}

function isFree(words: Uint32Array, place: number): boolean {
  return word(words, place + 4) === 0;
}

/** Where the key is, or the free place where it belongs: an index of the array. */
function findPlace(words: Uint32Array, key: ArrayLike<number>): number {
  const capacity = words.length / WORDS;
  let slot = (key[1] as number) % capacity;
  for (;;) {
    const place = slot * WORDS;
    if (isFree(words, place)) return place;
    if (words[place] === key[0] && words[place + 1] === key[1] && words[place + 2] === key[2]) {
      return place;
    }
    slot = slot + 1 === capacity ? 0 : slot + 1;
  }
}

function grow(segment: Segment): void {
  const old = segment.words;
  const capacity = Math.ceil((old.length / WORDS) * GROWTH) + 1;
  segment.words = new Uint32Array(capacity * WORDS);
  for (let place = 0; place < old.length; place += WORDS) {
    if (isFree(old, place)) continue;
    const row = old.subarray(place, place + WORDS);
    segment.words.set(row, findPlace(segment.words, row));
  }
}

function putEntry(words: Uint32Array, place: number, key: Uint32Array, entry: LoginEntry): void {
  const { offset, attempt, outcome, earlierUnknown } = entry;
  const state =
    outcome === undefined ? UNANSWERED : UNANSWERED + 1 + OUTCOME_STATUSES.indexOf(outcome);
  words.set(key, place);
  words[place + 3] = offset % OFFSET_HIGH;
  words[place + 4] =
    Math.floor(offset / OFFSET_HIGH) * 0x1_0000 +
    attempt * 0x10 +
    (earlierUnknown ? EARLIER_UNKNOWN : 0) +
    state;
}

function entryAt(words: Uint32Array, place: number): LoginEntry {
  const last = word(words, place + 4);
  return {
    offset: (last >>> 16) * OFFSET_HIGH + word(words, place + 3),
    attempt: (last >>> 4) & LARGEST_ATTEMPT,
    outcome: OUTCOME_STATUSES[(last & 7) - UNANSWERED - 1],
    earlierUnknown: (last & EARLIER_UNKNOWN) !== 0,
  };
}
