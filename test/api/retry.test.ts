import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  parseRateLimitReset,
  parseRetryAfter,
  pauseAfterNotSent,
  pauseAfterThrottle,
  pauseBeforeReading,
  pauseBeforeThrottledReading,
} from '../../src/api/retry.ts';

const now = new Date('2025-03-20T11:34:56.500Z');

describe('Retry-After', () => {
  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    [' ', null],
    ['0', null],
    ['00', null],
    ['-5', null],
    ['+5', null],
    ['abc', null],
    ['1e9', null],
    ['1.5', null],
    ['0.1', null],
    ['5s', null],
    ['5, 6', null],
    ['0x10', null],
    ['Infinity', null],
    ['NaN', null],
    ['99999999999', null],
    ['1', 1],
    [' 30 ', 30],
    ['007', 7],
    ['1000000000', 1_000_000_000],
    ['Thu, 20 Mar 2025 11:34:57 GMT', 1],
    ['Thu, 20 Mar 2025 11:35:26 GMT', 30],
    ['Thu, 20 Mar 2025 11:34:56 GMT', null],
    ['Thu, 20 Mar 2024 11:34:57 GMT', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', null],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 251_659_830_303],
    ['Thursday, 20-Mar-25 11:35:26 GMT', 30],
    ['Thu Mar 20 11:35:26 2025', 30],
    ['Thu, 99 Mar 2025 11:35:26 GMT', null],
    ['Xyz, abc', null],
    ['2025-03-20T11:35:26Z', null],
  ])('%j: %j', (value, seconds) => {
    expect(parseRetryAfter(value, now)).toBe(seconds);
  });

  describe('in another time zone', () => {
    const zone = process.env['TZ'];
    afterEach(() => {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    });
    test('a date without a zone is GMT', () => {
      process.env['TZ'] = 'Asia/Tokyo';
      expect(new Date(2025, 0).getTimezoneOffset()).toBe(-540);
      expect(parseRetryAfter('Thu Mar 20 11:35:26 2025', now)).toBe(30);
    });
  });

  test('whatever it says: null, or a whole number of seconds above zero', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)),
        (value) => {
          const seconds = parseRetryAfter(value, now);
          expect(seconds === null || (Number.isInteger(seconds) && seconds > 0)).toBe(true);
        },
      ),
    );
  });
});

test.each<[string | undefined, number | null]>([
  [undefined, null],
  ['', null],
  ['0', null],
  ['-1', null],
  ['abc', null],
  ['1.5', null],
  ['30', 30],
  ['1742470526', 30],
  ['1742470496', null],
  ['1000000000', null],
])('X-RateLimit-Reset %j: %j', (value, seconds) => {
  expect(parseRateLimitReset(value, now)).toBe(seconds);
});

describe('the pause after something that was not sent', () => {
  const limits = { retries: 100, maxWaitSeconds: 60 };
  test.each([
    [1, 0.25, 0.5],
    [2, 0.5, 1],
    [3, 1, 2],
    [4, 2, 4],
    [5, 4, 8],
    [6, 4, 8],
    [100, 4, 8],
  ])('repeat %i: from %d to %d seconds, by chance', (repeat, shortest, longest) => {
    expect(pauseAfterNotSent(repeat, limits, () => 0)).toBe(shortest);
    expect(pauseAfterNotSent(repeat, limits, () => 0.5)).toBe((shortest + longest) / 2);
    expect(pauseAfterNotSent(repeat, limits, () => 0.999_999)).toBeCloseTo(longest, 4);
  });

  test.each([
    [1, 0],
    [3, 2],
    [101, 100],
  ])('repeat %i of %i: no more', (repeat, retries) => {
    expect(pauseAfterNotSent(repeat, { ...limits, retries }, () => 0)).toBeNull();
  });
});

describe('the pause after a 429', () => {
  const pause = (asked: number | null, waited: number, repeat: number, maxWaitSeconds = 60) =>
    pauseAfterThrottle(asked, waited, repeat, { retries: 2, maxWaitSeconds });

  test.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 8],
    [50, 8],
    [5_000, 8],
  ])('repeat %i without a wish: %i seconds', (repeat, seconds) => {
    expect(pause(null, 0, repeat)).toBe(seconds);
  });

  test('what the server asks for, however small or often', () => {
    expect(pause(5, 0, 1)).toBe(5);
    expect(pause(5, 0, 9)).toBe(5);
    expect(pause(0.001, 0, 1)).toBe(1);
    expect(pause(1, 0, 9)).toBe(1);
  });

  test('never beyond the limit of all waits together', () => {
    expect(pause(60, 0, 1)).toBe(60);
    expect(pause(61, 0, 1)).toBeNull();
    expect(pause(1_000_000_000, 0, 1)).toBeNull();
    expect(pause(10, 50, 2)).toBe(10);
    expect(pause(10, 51, 2)).toBeNull();
    expect(pause(null, 60, 7)).toBeNull();
    expect(pause(null, 0, 1, 0)).toBeNull();
  });

  test('is a second at least, so that nothing spins', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.nat(),
        fc.integer({ min: 1 }),
        (asked, waited, n) => {
          const seconds = pause(asked, waited, n);
          expect(seconds === null || (seconds >= 1 && waited + seconds <= 60)).toBe(true);
        },
      ),
    );
  });
});

describe('the pause before something is read once more', () => {
  const limits = { retries: 100, maxWaitSeconds: 60 };

  test.each([
    [1, 0.5, 1],
    [2, 1, 2],
    [3, 2, 4],
    [4, 4, 8],
    [5, 8, 8],
    [50, 8, 8],
  ])('repeat %i: from none to %d seconds, to %d when asked to wait', (repeat, usual, throttled) => {
    for (const chance of [0, 0.25, 0.5, 0.999]) {
      const random = () => chance;
      expect(pauseBeforeReading(repeat, null, 0, limits, random)).toBe(chance * usual);
      expect(pauseBeforeThrottledReading(null, 0, repeat, limits, random)).toBe(chance * throttled);
    }
  });

  test.each([
    [5, 0, 5],
    [5, 0.999, 7.992],
    [9, 0.999, 9],
  ])('asked for %d seconds, chance %d: %d', (asked, chance, expected) => {
    expect(pauseBeforeReading(9, asked, 0, limits, () => chance)).toBe(expected);
    expect(pauseBeforeThrottledReading(asked, 0, 9, limits, () => chance)).toBe(expected);
  });

  test('never beyond the limits', () => {
    const never = { retries: 2, maxWaitSeconds: 10 };
    expect(pauseBeforeReading(3, null, 0, never, () => 0)).toBeNull();
    expect(pauseBeforeReading(1, 11, 0, never, () => 0)).toBeNull();
    expect(pauseBeforeReading(1, 5, 5, never, () => 0)).toBe(5);
    expect(pauseBeforeReading(1, 5, 6, never, () => 0)).toBeNull();
    expect(pauseBeforeThrottledReading(5, 5, 9, never, () => 0)).toBe(5);
    expect(pauseBeforeThrottledReading(5, 6, 9, never, () => 0)).toBeNull();
    // However small the pauses are by chance, each takes a second of the limit.
    expect(pauseBeforeThrottledReading(null, 9, 9, never, () => 0)).toBe(0);
    expect(pauseBeforeThrottledReading(null, 9.5, 9, never, () => 0)).toBeNull();
  });
});
