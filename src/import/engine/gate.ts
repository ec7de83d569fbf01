import { pauseAfterNotSent, pauseAfterThrottle } from '../../api/retry.ts';
import type { EngineOptions } from './attempt.ts';

type GateOptions = Pick<
  EngineOptions,
  'concurrency' | 'rate' | 'maxWaitSeconds' | 'retries' | 'system' | 'onPause'
>;

/**
 * What every request passes: the rate, pauses that hold all workers, and so many at once.
 * Requests that were out together fail together: only the first of them begins a pause.
 */
export class Gate {
  readonly #options: GateOptions;
  #nextSlot = Number.NEGATIVE_INFINITY;
  #pauseBegan = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** Seconds that were spent on what the server asked for since it last handled a request. */
  #waited = 0;
  #throttles = 0;
  #failures = 0;

  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(options: GateOptions) {
    this.#options = options;
    this.#free = options.concurrency;
  }

  /** Resolves when there is room for a request, which is to be given back with `leave`. */
  async enter(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }

  get isPaused(): boolean {
    return this.#options.system.monotonic() < this.#pausedUntil;
  }

  async rest(halt: AbortSignal): Promise<boolean> {
    while (!halt.aborted) {
      if (!(await this.#sleepUntil(this.#pausedUntil, halt))) return true;
    }
    return false;
  }

  /** Waits for the end of a pause and for its turn; false if `halt` aborts first. */
  async pass(halt: AbortSignal): Promise<boolean> {
    const { system, rate } = this.#options;
    while (await this.rest(halt)) {
      if (rate === null) return true;
      const slot = Math.max(system.monotonic(), this.#nextSlot);
      this.#nextSlot = slot + 1000 / rate;
      await this.#sleepUntil(slot, halt);
      if (!this.isPaused) return !halt.aborted;
    }
    return false;
  }

  /**
   * The server answered something else than a wait.
   * @param sentAt when the request that was answered so left, by the monotonic clock.
   * @param handled whether it certainly did what it was asked for, or refused it.
   */
  answered(sentAt = Number.POSITIVE_INFINITY, handled = true): void {
    this.#throttles = 0;
    this.#failures = 0;
    // What left before the pause says nothing on whether the pause was long enough.
    if (handled && sentAt > this.#pauseBegan) this.#waited = 0;
  }

  /**
   * The server asks for a wait. False when it would be longer than allowed,
   * together with those before it without a request handled in between.
   * @param sentAt when the request that was answered so left, by the monotonic clock.
   * @param asked seconds, or null when the server named none.
   */
  throttled(sentAt: number, asked: number | null): boolean {
    if (sentAt <= this.#pauseBegan) return true;
    this.#throttles += 1;
    this.#failures = 0;
    const pause = pauseAfterThrottle(asked, this.#throttles);
    if (this.#waited + pause > this.#options.maxWaitSeconds) return false;
    this.#waited += pause;
    this.#pause(pause, 'the server asks for a pause');
    return true;
  }

  notSent(sentAt: number): boolean {
    if (sentAt <= this.#pauseBegan) return true;
    const { system, retries, maxWaitSeconds } = this.#options;
    this.#failures += 1;
    const pause = pauseAfterNotSent(this.#failures, { retries, maxWaitSeconds }, system.random);
    if (pause === null) return false;
    this.#pause(pause, 'nothing could be sent');
    return true;
  }

  #pause(seconds: number, reason: string): void {
    this.#pauseBegan = this.#options.system.monotonic();
    this.#pausedUntil = this.#pauseBegan + seconds * 1000;
    this.#options.onPause(seconds, reason);
  }

  async #sleepUntil(time: number, halt: AbortSignal): Promise<boolean> {
    const { system } = this.#options;
    const left = time - system.monotonic();
    if (left <= 0) return false;
    try {
      await system.sleep(left, halt);
    } catch (error) {
      if (!halt.aborted) throw error;
    }
    return true;
  }
}
