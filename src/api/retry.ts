import type { Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';

/** Bounds that the person may set. */
export interface RetryLimits {
  /** Repeats of what certainly was not sent, and of reads that got no answer or a 5xx. */
  retries: number;
  /** Seconds that all waits which the server asks for may take together. */
  maxWaitSeconds: number;
}

/** What has been repeated and waited for in one call so far. */
export interface RetryState {
  failures: number;
  throttles: number;
  /** Seconds of `maxWaitSeconds` that are used up. */
  waited: number;
}

export const NOTHING_REPEATED: RetryState = { failures: 0, throttles: 0, waited: 0 };

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 8;
const SHORTEST_THROTTLE_SECONDS = 1;

/** What decides on a repeat. */
export interface RetryInput {
  outcome: Outcome;
  effect: Operation['effect'];
  /** Seconds that the server asked for, or null. */
  asked: number | null;
  limits: RetryLimits;
  random: () => number;
}

/**
 * Seconds before the next request, or null when the outcome is the end of the call: only what
 * certainly was not sent or not taken is repeated, and of a read also what got no answer or a 5xx.
 * Pure.
 */
export function nextPause(
  { outcome, effect, asked, limits, random }: RetryInput,
  state: RetryState,
): { pause: number | null; state: RetryState } {
  const isRead = effect === 'read';
  if (outcome.class === 'throttled') {
    const throttles = state.throttles + 1;
    const pause =
      isRead && asked === null
        ? random() * throttleCeiling(throttles)
        : pauseAfterThrottle(asked, 0, throttles, { ...limits, maxWaitSeconds: Infinity });
    return bounded(pause ?? 0, { ...state, throttles }, limits);
  }
  if (!(isTransient(outcome) || (isRead && isWorthReadingAgain(outcome)))) {
    return { pause: null, state };
  }
  const failures = state.failures + 1;
  const pause = pauseAfterNotSent(failures, limits, random);
  const next = { ...state, failures };
  return pause === null || asked === null
    ? { pause, state: next }
    : bounded(Math.max(asked, pause), next, limits);
}

/** A wait that the server asked for counts a second at least, so that nothing spins. */
function bounded(pause: number, state: RetryState, { maxWaitSeconds }: RetryLimits) {
  const waited = state.waited + Math.max(SHORTEST_THROTTLE_SECONDS, pause);
  return waited > maxWaitSeconds ? { pause: null, state } : { pause, state: { ...state, waited } };
}

/**
 * Seconds before request `repeat` (1 for the first repeat) of something that was not sent, with
 * full jitter, or null when it has been repeated often enough. Pure.
 */
export function pauseAfterNotSent(
  repeat: number,
  limits: RetryLimits,
  random: () => number,
): number | null {
  if (repeat > limits.retries) return null;
  return random() * Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (repeat - 1));
}

/**
 * Seconds before the next request after a status that asks to wait (408, 421, 425, 429), or null
 * when the wait would pass the limit. Without a usable `Retry-After` the pauses are 1, 2, 4, 8, 8, …
 * seconds. Pure.
 * @param asked seconds that the server asked for, or null.
 * @param waited seconds already spent on such waits.
 * @param repeat 1 for the first repeat.
 */
export function pauseAfterThrottle(
  asked: number | null,
  waited: number,
  repeat: number,
  limits: RetryLimits,
): number | null {
  const pause = Math.max(SHORTEST_THROTTLE_SECONDS, asked ?? throttleCeiling(repeat));
  return waited + pause > limits.maxWaitSeconds ? null : pause;
}

function throttleCeiling(repeat: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, SHORTEST_THROTTLE_SECONDS * 2 ** (repeat - 1));
}

/** Certificate trouble, a refused tunnel or a malformed request does not get better by itself. */
function isTransient(outcome: Outcome): boolean {
  return (
    outcome.class === 'not_sent' &&
    (outcome.failure.reason === 'network' || outcome.failure.reason === 'timeout')
  );
}

/** An answer that came whole and cannot be used will be the same the next time. */
function isWorthReadingAgain(outcome: Outcome): boolean {
  if (outcome.class !== 'unknown' || outcome.cancelled) return false;
  const { reply } = outcome;
  return reply === null || reply.status >= 500 || (reply.bodyProblem !== null && !reply.isTooLong);
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
  const seconds = /^\d{1,10}$/.test(after)
    ? Number(after)
    : Math.ceil(parseDate(after) / 1000 - now);
  if (seconds > 0) return seconds;
  const reset = headers['x-ratelimit-reset']?.trim() ?? '';
  if (!/^\d{1,10}$/.test(reset)) return null;
  const left = Number(reset) < SMALLEST_TIME ? Number(reset) : Math.ceil(Number(reset) - now);
  return left > 0 ? left : null;
}

/** Milliseconds since 1970 of an HTTP date in any of its three forms, or NaN. */
function parseDate(value: string | undefined): number {
  const text = value?.trim() ?? '';
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  // The oldest of them names no zone and means GMT (RFC 9110 section 5.6.7).
  return Date.parse(/\d{4}$/.test(text) ? `${text} GMT` : text);
}
