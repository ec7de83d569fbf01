/** Where a record stands in the file. */
export interface Place {
  /** Ordinal of the record, from 1: the header and rows without text are not counted. */
  readonly row: number;
  /** Physical line at which it opens, from 1. */
  readonly line: number;
}

export interface Finding {
  readonly code: string;
  /** A sentence without its full stop, for all of its rows. */
  readonly message: string;
  readonly places: readonly Place[];
}

const SHOWN_LINES = 10;

/** Gathers complaints by kind, so that a hundred thousand rows give a dozen lines. */
export class Findings {
  readonly #kinds = new Map<string, Finding & { readonly places: Place[] }>();

  /** @param kind what rows with a message of their own have in common; left out, the message. */
  add(code: string, message: string, place: Place, kind = message): void {
    const known = this.#kinds.get(kind);
    if (known !== undefined) known.places.push(place);
    else this.#kinds.set(kind, { code, message, places: [place] });
  }

  get all(): readonly Finding[] {
    return [...this.#kinds.entries()].map(([kind, finding]) =>
      finding.places.length > 1 ? { ...finding, message: kind } : finding,
    );
  }
}

/** `login contains upper case: 3 rows (lines 2, 7, 9)`. */
export function findingText(finding: Finding): string {
  const { message, places } = finding;
  if (places.length === 0) return message;
  return `${message}: ${countRows(places.length)} (${linesText(places)})`;
}

export function linesText(places: readonly { readonly line: number | null }[]): string {
  const lines = places.slice(0, SHOWN_LINES).map(({ line }) => line);
  const rest = places.length > lines.length ? ' …' : '';
  return `${places.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${rest}`;
}

export function countRows(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
