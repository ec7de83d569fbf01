/** Bounds that the person may set. */
export interface RetryLimits {
  /** Repeats of what certainly was not sent, and of reads without a usable answer. */
  retries: number;
  /** Seconds that all waits on 408, 421, 425 and 429 may take together. */
  maxWaitSeconds: number;
}

const FIRST_PAUSE_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 8;
const SHORTEST_THROTTLE_SECONDS = 1;

/**
 * Seconds before request `repeat` (1 for the first repeat) of something that was not sent, with
 * half jitter, or null when it has been repeated often enough. Pure.
 */
export function pauseAfterNotSent(
  repeat: number,
  limits: RetryLimits,
  random: () => number,
): number | null {
  if (repeat > limits.retries) return null;
  const ceiling = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (repeat - 1));
  return ceiling / 2 + (ceiling / 2) * random();
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

/**
 * Seconds before something is read once more after no answer, a 5xx or an unusable one, with full
 * jitter but no less than the server asks for, or null when it has been repeated often enough. Pure.
 * @param asked seconds that the server asked for, or null.
 * @param waited seconds already spent on waits that the server asked for.
 */
export function pauseBeforeReading(
  repeat: number,
  asked: number | null,
  waited: number,
  limits: RetryLimits,
  random: () => number,
): number | null {
  if (repeat > limits.retries) return null;
  const ceiling = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (repeat - 1));
  const pause = Math.max(asked ?? 0, random() * ceiling);
  return asked !== null && waited + pause > limits.maxWaitSeconds ? null : pause;
}

/** The same after a status that asks to wait, which counts against the limit of all waits alone. */
export function pauseBeforeThrottledReading(
  asked: number | null,
  waited: number,
  repeat: number,
  limits: RetryLimits,
  random: () => number,
): number | null {
  const pause = Math.max(asked ?? 0, random() * throttleCeiling(repeat));
  return waited + chargeForThrottle(pause) > limits.maxWaitSeconds ? null : pause;
}

/** What a pause takes from the limit of all waits: a second at least, so that nothing spins. */
export function chargeForThrottle(pause: number): number {
  return Math.max(SHORTEST_THROTTLE_SECONDS, pause);
}

function throttleCeiling(repeat: number): number {
  return Math.min(LONGEST_PAUSE_SECONDS, SHORTEST_THROTTLE_SECONDS * 2 ** (repeat - 1));
}

/**
 * `Retry-After` as seconds (RFC 9110 section 10.2.3: a number, or an HTTP date), or null when it
 * is absent, zero, negative, past or no such thing. Pure.
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) > 0 ? Number(text) : null;
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return null;
  // The oldest of the three forms names no zone and means GMT (RFC 9110 section 5.6.7).
  const time = Date.parse(/\d{4}$/.test(text) ? `${text} GMT` : text);
  const seconds = Math.ceil((time - now.getTime()) / 1000);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** Seconds since 1970 in the year 2001: a larger number is a time, a smaller one a wait. */
const SMALLEST_TIME = 1_000_000_000;

/**
 * `X-RateLimit-Reset`, which no standard defines, as seconds from now: servers put a wait or a
 * Unix time into it. Null when it is absent, past or no such thing. Pure.
 */
export function parseRateLimitReset(value: string | undefined, now: Date): number | null {
  const text = value?.trim() ?? '';
  if (!/^\d{1,10}$/.test(text)) return null;
  const number = Number(text);
  const seconds = number < SMALLEST_TIME ? number : number - Math.floor(now.getTime() / 1000);
  return seconds > 0 ? seconds : null;
}
