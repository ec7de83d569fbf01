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

type Kind = { -readonly [Key in keyof Finding]: Finding[Key] } & { readonly lines: number[] };

/** Gathers warnings by kind, so that a million rows give a dozen lines. */
export class Findings {
  readonly #all: Kind[] = [];
  /** By code, then subject, then rest: finding a kind that is there already makes no new text. */
  readonly #kinds = new Map<string, Map<string, Map<string, Kind>>>();

  add(code: string, message: string, line: number): void {
    this.addOf(code, '', message, line);
  }

  /** A message of two parts, such as a field's name and what is wrong with it. */
  addOf(code: string, subject: string, rest: string, line: number): void {
    const kinds = within(within(this.#kinds, code), subject);
    let kind = kinds.get(rest);
    if (kind === undefined) {
      if (this.#all.length >= MOST_KINDS) return;
      kind = { code, message: subject === '' ? rest : `${subject} ${rest}`, count: 0, lines: [] };
      kinds.set(rest, kind);
      this.#all.push(kind);
    }
    kind.count += 1;
    if (kind.lines.length < SHOWN_LINES) kind.lines.push(line);
  }

  get all(): readonly Finding[] {
    return this.#all;
  }
}

function within<T>(maps: Map<string, Map<string, T>>, key: string): Map<string, T> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
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
