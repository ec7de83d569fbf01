import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/api/outcome.ts';
import { NOTHING_REPEATED, nextPause, type RetryInput, waitAskedBy } from '../../src/api/retry.ts';
import { reply } from './replies.ts';

const now = new Date('2025-03-20T11:34:56.500Z');
const later = (value: string, more = {}) => waitAskedBy({ 'retry-after': value, ...more }, now);

test.each<[string, number | null]>([
  ['', null],
  ['0', null],
  ['-5', null],
  ['abc', null],
  ['1.5', null],
  ['5s', null],
  ['0x10', null],
  ['99999999999', null],
  ['1', 1],
  [' 30 ', 30],
  ['1000000000', 1_000_000_000],
  ['Thu, 20 Mar 2025 11:34:57 GMT', 1],
  ['Thu, 20 Mar 2025 11:35:26 GMT', 30],
  ['Thu, 20 Mar 2025 11:34:56 GMT', null],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 251_659_830_303],
  ['Thursday, 20-Mar-25 11:35:26 GMT', 30],
  ['Thu Mar 20 11:35:26 2025', 30],
  ['Thu, 99 Mar 2025 11:35:26 GMT', null],
  ['2025-03-20T11:35:26Z', null],
])('Retry-After %j: %j', (value, seconds) => {
  expect(later(value)).toBe(seconds);
});

test('a date counts from that of the answer, whatever this machine takes for now', () => {
  const date = 'Thu, 20 Mar 2025 10:00:00 GMT';
  expect(later('Thu, 20 Mar 2025 10:00:30 GMT', { date })).toBe(30);
  expect(later('Thu, 20 Mar 2025 10:00:30 GMT', { date: 'now' })).toBeNull();
  expect(waitAskedBy({ date, 'x-ratelimit-reset': '1742464830' }, now)).toBe(30);
});

test.each<[string, number | null]>([
  ['', null],
  ['0', null],
  ['1.5', null],
  ['30', 30],
  ['1742470526', 30],
  ['1742470496', null],
])('X-RateLimit-Reset %j: %j', (value, seconds) => {
  expect(waitAskedBy({ 'x-ratelimit-reset': value }, now)).toBe(seconds);
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
    expect(later('Thu Mar 20 11:35:26 2025')).toBe(30);
  });
});

test('whatever it says: null, or a whole number of seconds above zero', () => {
  const value = fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String));
  fc.assert(
    fc.property(value, (text) => {
      const seconds = later(text);
      expect(seconds === null || (Number.isInteger(seconds) && seconds > 0)).toBe(true);
    }),
  );
});

const failure = (
  reason: 'network' | 'timeout' | 'certificate' | 'proxy' | 'cancelled',
): Outcome => ({
  class: 'not_sent',
  failure: { kind: 'failure', sent: false, reason, code: null, message: 'it failed' },
});
const refusal = { message: null, code: null, fields: [], says: null };
const throttled: Outcome = { class: 'throttled', refusal, reply: reply(429) };
const unknown = (status: number | null, cancelled = false): Outcome => ({
  ...{ class: 'unknown', why: 'x', cancelled, reply: status === null ? null : reply(status) },
});

const cut = (isTooLong: boolean): Outcome => ({
  ...{ class: 'unknown', why: 'x', cancelled: false },
  reply: reply(200, '{', { bodyProblem: 'x', isTooLong }),
});

/** The pauses that the same outcome gets until it is the end. */
function pausesAfter(outcome: Outcome, more: Partial<RetryInput> = {}): number[] {
  const limits = { retries: 6, maxWaitSeconds: 30 };
  const input: RetryInput = {
    ...{ outcome, effect: 'create', asked: null, limits, random: () => 1 },
    ...more,
  };
  const pauses: number[] = [];
  let next = nextPause(input, NOTHING_REPEATED);
  while (next !== null && pauses.length < 100) {
    pauses.push(next.pause);
    next = nextPause(input, next.state);
  }
  return pauses;
}

const READ = { effect: 'read' } as const;
const HALF = { random: () => 0.5 };
const BACKOFF = [0.5, 1, 2, 4, 8, 8];

test.each<[string, Outcome, Partial<RetryInput>, number[]]>([
  ['not sent', failure('network'), {}, BACKOFF],
  ['not sent in time', failure('timeout'), {}, BACKOFF],
  ['not sent, by chance', failure('network'), HALF, BACKOFF.map((seconds) => seconds / 2)],
  ['not sent, no repeats', failure('network'), { limits: { retries: 0, maxWaitSeconds: 9 } }, []],
  ['a certificate', failure('certificate'), {}, []],
  ['a proxy', failure('proxy'), {}, []],
  ['stopped', failure('cancelled'), {}, []],
  ['throttled', throttled, {}, [1, 2, 4, 8, 8]],
  ['throttled, not by chance', throttled, HALF, [1, 2, 4, 8, 8]],
  ['throttled, as asked', throttled, { asked: 10 }, [10, 10, 10]],
  [
    'throttled for less than a second',
    throttled,
    { asked: 0.001, limits: { retries: 0, maxWaitSeconds: 2 } },
    [1, 1],
  ],
  ['throttled for too long', throttled, { asked: 31 }, []],
  ['unknown', unknown(null), {}, []],
  ['500', unknown(500), { asked: 1 }, []],
  ['read: not sent', failure('network'), READ, BACKOFF],
  ['read: no answer', unknown(null), READ, BACKOFF],
  ['read: stopped', unknown(null, true), READ, []],
  ['read: 503', unknown(503), { ...READ, ...HALF }, BACKOFF.map((seconds) => seconds / 2)],
  ['read: 503, as asked', unknown(503), { ...READ, asked: 10 }, [10, 10, 10]],
  ['read: 200 that cannot be used', unknown(200), READ, []],
  ['read: cut off', cut(false), READ, BACKOFF],
  ['read: too long', cut(true), READ, []],
  ['read: a redirect', unknown(301), READ, []],
  ['read: throttled, by chance', throttled, { ...READ, ...HALF }, [0.5, 1, 2, 4, 4, 4, 4, 4, 4]],
  [
    'read: throttled, at once',
    throttled,
    { ...READ, random: () => 0, limits: { retries: 0, maxWaitSeconds: 3 } },
    [0, 0, 0],
  ],
])('%s: pauses of %4$j seconds', (_name, outcome, more, expected) => {
  const pauses = pausesAfter(outcome, more);
  expect(pauses).toEqual(expected);
});
