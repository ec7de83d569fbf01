import type { Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';
import {
  chargeForThrottle,
  pauseAfterNotSent,
  pauseAfterThrottle,
  pauseBeforeReading,
  pauseBeforeThrottledReading,
  type RetryLimits,
} from './retry.ts';

/** Says how long to wait before one call is repeated, and when it has been repeated enough. */
export class Patience {
  readonly #effect: Operation['effect'];
  readonly #limits: RetryLimits;
  readonly #random: () => number;
  #failures = 0;
  #throttles = 0;
  /** Seconds of `maxWaitSeconds` that are used up. */
  #waited = 0;

  constructor(effect: Operation['effect'], limits: RetryLimits, random: () => number) {
    this.#effect = effect;
    this.#limits = limits;
    this.#random = random;
  }

  /**
   * Seconds before the next request, or null when the outcome is the end of the call: only what
   * certainly was not sent or not taken is repeated, and of a read also what had no usable answer.
   * @param asked seconds that the server asked for, or null.
   */
  pauseAfter(outcome: Outcome, asked: number | null): number | null {
    const isRead = this.#effect === 'read';
    if (outcome.class === 'throttled') return this.#pauseAfterThrottle(asked, isRead);
    if (isRead && (isTransient(outcome) || isWorthReadingAgain(outcome))) {
      const pause = pauseBeforeReading(
        ++this.#failures,
        asked,
        this.#waited,
        this.#limits,
        this.#random,
      );
      if (asked !== null) this.#waited += pause ?? 0;
      return pause;
    }
    return isTransient(outcome)
      ? pauseAfterNotSent(++this.#failures, this.#limits, this.#random)
      : null;
  }

  #pauseAfterThrottle(asked: number | null, isRead: boolean): number | null {
    const repeat = ++this.#throttles;
    const pause = isRead
      ? pauseBeforeThrottledReading(asked, this.#waited, repeat, this.#limits, this.#random)
      : pauseAfterThrottle(asked, this.#waited, repeat, this.#limits);
    this.#waited += chargeForThrottle(pause ?? 0);
    return pause;
  }
}

/** Certificate trouble, a refused tunnel or a malformed request does not get better by itself. */
function isTransient(outcome: Outcome): boolean {
  return (
    outcome.class === 'not_sent' &&
    (outcome.failure.reason === 'network' || outcome.failure.reason === 'timeout')
  );
}

/** For reads alone, which may be repeated: no answer, a 5xx, or one that cannot be used. */
function isWorthReadingAgain(outcome: Outcome): boolean {
  if (outcome.class !== 'unknown' || outcome.cancelled) return false;
  if (outcome.reply?.isTooLong === true) return false;
  const status = outcome.reply?.status ?? 0;
  return status < 300 || status >= 500;
}
