const longestTimerMilliseconds = 2_147_483_647;

/** Waits that can all be cut short at once. */
export class Waits {
  readonly #cuts = new Set<() => void>();
  #ended = false;

  /** Tells whether the time went by; false when the waits were ended before. */
  wait(milliseconds: number): Promise<boolean> {
    if (this.#ended || !(milliseconds > 0)) {
      return Promise.resolve(!this.#ended);
    }
    return new Promise((resolve) => {
      const finish = (isOver: boolean): void => {
        clearTimeout(timer);
        this.#cuts.delete(cut);
        resolve(isOver);
      };
      const cut = (): void => finish(false);
      const timer = setTimeout(finish, Math.min(milliseconds, longestTimerMilliseconds), true);
      this.#cuts.add(cut);
    });
  }

  /** Ends all waits, those to come included. */
  end(): void {
    this.#ended = true;
    for (const cut of this.#cuts) {
      cut();
    }
  }
}
