import type { Operation } from './operation.ts';
import type { Verdict } from './outcome.ts';
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
   * Seconds before the next request, or null when the verdict is the end of the call: only what
   * certainly was not sent or not taken is repeated, and of a read also what had no usable answer.
   * @param asked seconds that the server asked for, or null.
   */
  pauseAfter(verdict: Verdict, asked: number | null): number | null {
    const isRead = this.#effect === 'read';
    if (verdict.class === 'throttled') return this.#pauseAfterThrottle(asked, isRead);
    if (isRead && (isTransient(verdict) || isWorthReadingAgain(verdict))) {
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
    return isTransient(verdict)
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
function isTransient(verdict: Verdict): boolean {
  return (
    verdict.class === 'not_sent' &&
    (verdict.failure.reason === 'network' || verdict.failure.reason === 'timeout')
  );
}

/** For reads alone, which may be repeated: no answer, a 5xx, or one that cannot be used. */
function isWorthReadingAgain(verdict: Verdict): boolean {
  if (verdict.class !== 'unknown' || verdict.cancelled) return false;
  if (verdict.reply?.isTooLong === true) return false;
  const status = verdict.reply?.status ?? 0;
  return status < 300 || status >= 500;
}
