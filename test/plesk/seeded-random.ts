import type { RandomInteger } from '../../src/plesk/password.ts';

/** A repeatable source of fractions in [0, 1) for tests (the mulberry32 recurrence). */
export function seededFractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function seededIntegers(seed: number): RandomInteger {
  const next = seededFractions(seed);
  return (max) => Math.floor(next() * max);
}
