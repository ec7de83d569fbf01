/** Something worth a warning, told once with how often it occurs. */
export interface Finding {
  /** Stable, snake_case. */
  readonly code: string;
  /** A sentence without its full stop, for all of its rows. */
  readonly message: string;
  readonly count: number;
  /** The first few physical lines. */
  readonly lines: readonly number[];
}

const SHOWN_LINES = 5;
/** Messages are fixed texts, but some quote a value of the file. */
const MOST_KINDS = 100;

/** Gathers warnings by kind, so that a million rows give a dozen lines. */
export class Findings {
  readonly #kinds = new Map<
    string,
    { code: string; message: string; count: number; lines: number[] }
  >();

  add(code: string, message: string, line: number): void {
    const key = `${code}\n${message}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      if (this.#kinds.size >= MOST_KINDS) return;
      kind = { code, message, count: 0, lines: [] };
      this.#kinds.set(key, kind);
    }
    kind.count += 1;
    if (kind.lines.length < SHOWN_LINES) kind.lines.push(line);
  }

  get all(): readonly Finding[] {
    return [...this.#kinds.values()];
  }
}

/** `login contains upper case: 3 rows (lines 2, 7, 9)`. */
export function findingText({ message, count, lines }: Finding): string {
  const rest = count > lines.length ? ', …' : '';
  const where = `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${rest}`;
  return `${message}: ${countRows(count)} (${where})`;
}

/** `1 row`, `1,204 rows`. */
export function countRows(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

/** With a comma every three digits. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
