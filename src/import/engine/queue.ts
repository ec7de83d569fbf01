/**
 * Takes one row after the other from a stream, those that come back first. Never reads ahead of
 * what is asked for.
 */
export class Queue<Row, Task> {
  readonly #rows: AsyncIterator<Row>;
  readonly #back: Task[] = [];
  #reading: Promise<unknown> = Promise.resolve();
  #isExhausted = false;
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(rows: AsyncIterable<Row>) {
    this.#rows = rows[Symbol.asyncIterator]();
  }

  /** What came back and was not taken again. */
  get left(): readonly Task[] {
    return this.#back;
  }

  /**
   * Something to do, which is to be followed by `done`; null when there is nothing and none of what
   * was taken can come back any more, or when `halt` aborts. What reading rows throws comes out here.
   */
  async take(halt: AbortSignal): Promise<{ row: Row } | { task: Task } | null> {
    while (!halt.aborted) {
      const task = this.#back.shift();
      if (task !== undefined) {
        this.#open += 1;
        return { task };
      }
      if (!this.#isExhausted) {
        // Counted while it is read: until then nobody knows that there is no further row.
        this.#open += 1;
        let next: { row: Row } | null = null;
        try {
          next = await this.#read();
        } finally {
          if (next === null) this.done();
        }
        if (next !== null) return next;
      } else if (this.#open === 0) {
        return null;
      } else {
        await this.#change(halt);
      }
    }
    return null;
  }

  /** What was taken is settled, or was given back. */
  done(): void {
    this.#open -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** To be taken again before any further row; `done` is due all the same. */
  giveBack(task: Task): void {
    this.#back.push(task);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#rows.return?.();
  }

  /** One at a time: not every iterator can be asked again before it has answered. */
  async #read(): Promise<{ row: Row } | null> {
    const reading = this.#reading.then(async () => {
      if (this.#isExhausted) return null;
      try {
        const { done, value } = await this.#rows.next();
        if (done !== true) return { row: value };
        this.#isExhausted = true;
        return null;
      } catch (error) {
        this.#isExhausted = true;
        throw error;
      }
    });
    this.#reading = reading.catch(() => {});
    return reading;
  }

  #change(halt: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        halt.removeEventListener('abort', wake);
        resolve();
      };
      halt.addEventListener('abort', wake);
      this.#waiting.push(wake);
    });
  }
}
