/**
 * Rows whose login an earlier row has already. The first pass finds them, so that the later ones
 * need not keep all logins again.
 */
export class RepeatedLogins {
  readonly #rows: number[] = [];
  readonly #earlierLines: number[] = [];

  /** Rows come in the order of the file. */
  add(row: number, earlierLine: number): void {
    this.#rows.push(row);
    this.#earlierLines.push(earlierLine);
  }

  /** For one pass, which asks in the order of the file: the line of the earlier row, if there is one. */
  startPass(): (row: number) => number | undefined {
    let next = 0;
    return (row) => {
      while ((this.#rows[next] ?? row) < row) next += 1;
      return this.#rows[next] === row ? this.#earlierLines[next] : undefined;
    };
  }
}
