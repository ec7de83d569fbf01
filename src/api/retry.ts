import type { Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';

/** Bounds that the person may set. */
export interface RetryLimits {
  /** Repeats of what certainly was not sent, and of reads that got no answer or a 5xx. */
  retries: number;
  /** Seconds that all waits which the server asks for may take together. */
  maxWaitSeconds: number;
}

/** What has been repeated in one call so far; `waited` is how much of `maxWaitSeconds` is used up. */
export interface RetryState {
  failures: number;
  throttles: number;
  waited: number;
}

export const NOTHING_REPEATED: RetryState = { failures: 0, throttles: 0, waited: 0 };

/** What decides on a repeat; `asked` is seconds that the server asked for, or null. */
export interface RetryInput {
  outcome: Outcome;
  effect: Operation['effect'];
  asked: number | null;
  limits: RetryLimits;
  random: () => number;
}

const LONGEST_PAUSE_SECONDS = 8;
const backoff = (first: number, repeat: number) =>
  Math.min(LONGEST_PAUSE_SECONDS, first * 2 ** (repeat - 1));

/**
 * Seconds before the next request, or null when the outcome is the end of the call: only what
 * certainly was not sent or not taken is repeated, and of a read also what got no answer or a 5xx.
 * A wait that the server asks for counts a second at least, so that nothing spins. Pure.
 */
export function nextPause(
  { outcome, effect, asked, limits, random }: RetryInput,
  { failures, throttles, waited }: RetryState,
): { pause: number; state: RetryState } | null {
  const isRead = effect === 'read';
  if (outcome.class === 'throttled') {
    const repeat = throttles + 1;
    const pause =
      isRead && asked === null ? random() * backoff(1, repeat) : pauseAfterThrottle(asked, repeat);
    return within(pause, { failures, throttles: repeat, waited });
  }
  if (!isTransient(outcome) && !(isRead && isWorthReadingAgain(outcome))) return null;
  const state = { failures: failures + 1, throttles, waited };
  const pause = pauseAfterNotSent(state.failures, limits, random);
  if (pause === null) return null;
  return asked === null ? { pause, state } : within(Math.max(asked, pause), state);

  function within(seconds: number, next: RetryState) {
    const all = waited + Math.max(1, seconds);
    if (all > limits.maxWaitSeconds) return null;
    return { pause: seconds, state: { ...next, waited: all } };
  }
}

/**
 * Seconds before repeat 1, 2, … of something that was not sent, with full jitter, or null when it
 * has been repeated often enough. Pure.
 */
export function pauseAfterNotSent(
  repeat: number,
  { retries }: RetryLimits,
  random: () => number,
): number | null {
  return repeat > retries ? null : random() * backoff(0.5, repeat);
}

/** Seconds after a status that asks to wait: what it asks for, or 1, 2, 4, 8, 8, … Pure. */
export function pauseAfterThrottle(asked: number | null, repeat: number): number {
  return Math.max(1, asked ?? backoff(1, repeat));
}

/** Certificate trouble, a refused tunnel or a malformed request does not get better by itself. */
function isTransient(outcome: Outcome): boolean {
  return outcome.class === 'not_sent' && /^(?:network|timeout)$/.test(outcome.failure.reason);
}

/** An answer that came whole and cannot be used will be the same the next time. */
function isWorthReadingAgain(outcome: Outcome): boolean {
  if (outcome.class !== 'unknown' || outcome.cancelled) return false;
  return outcome.reply === null || mayPass(outcome.reply);
}

/** Whether an answer that cannot be used may be another one later: a 5xx, or one that was cut off. */
export function mayPass(reply: { status: number; bodyProblem: string | null; isTooLong: boolean }) {
  return reply.status >= 500 || (reply.bodyProblem !== null && !reply.isTooLong);
}

/** Seconds since 1970 in the year 2001: a larger number is a time, a smaller one a wait. */
const SMALLEST_TIME = 1_000_000_000;

/**
 * Seconds that an answer asks to wait, or null: by `Retry-After` (RFC 9110 section 10.2.3: a number,
 * or a date), or by `X-RateLimit-Reset`, which no standard defines and which has a wait or a Unix
 * time. Times count from the answer's own `Date`, since clocks differ. Pure.
 */
export function waitAskedBy(headers: Readonly<Record<string, string>>, clock: Date): number | null {
  const own = parseDate(headers['date']);
  const now = (Number.isNaN(own) ? clock.getTime() : own) / 1000;
  const after = headers['retry-after']?.trim() ?? '';
  const seconds = /^\d{1,10}$/.test(after) ? Number(after) : parseDate(after) / 1000 - now;
  if (seconds > 0) return Math.ceil(seconds);
  const reset = headers['x-ratelimit-reset']?.trim() ?? '';
  if (!/^\d{1,10}$/.test(reset)) return null;
  const left = Number(reset) < SMALLEST_TIME ? Number(reset) : Math.ceil(Number(reset) - now);
  return left > 0 ? left : null;
}

/** Milliseconds since 1970 of an HTTP date in any of its three forms, or NaN. */
function parseDate(value = ''): number {
  const text = value.trim();
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  // The oldest of them names no zone and means GMT (RFC 9110 section 5.6.7).
  return Date.parse(/\d{4}$/.test(text) ? `${text} GMT` : text);
}
