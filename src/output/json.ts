import { escapeNonAscii, escapeUnsafe } from './sanitize.ts';

/** A number whose own text JavaScript would not give back: `9.90`, `0.00000003`, twenty digits. */
export class WrittenNumber {
  /** As it stood in the JSON (RFC 8259 section 6). */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export interface JsonLook {
  /** Lines and indents, for people. */
  isIndented?: boolean;
  /** Nothing but ASCII, which no code page can spoil. */
  isAscii?: boolean;
}

/**
 * JSON in which numbers stay as they were written, and what could act on a terminal or cannot be
 * seen is escaped.
 */
export function stringifyJson(
  value: unknown,
  { isIndented = false, isAscii = false }: JsonLook = {},
): string {
  const text = written(value, isIndented ? '  ' : '');
  return isAscii ? escapeNonAscii(text) : escapeUnsafe(text);
}

/** On one line, with all its letters as they are. */
export function compactJson(value: unknown): string {
  return written(value, '');
}

function written(value: unknown, step: string): string {
  return write(value, step) ?? 'null';
}

/** As `JSON.stringify`, which has no way to write a number by its text before Node 21. */
function write(value: unknown, step: string, margin = '\n'): string | undefined {
  if (value instanceof WrittenNumber) return value.text;
  if (typeof value !== 'object' || value === null || hasOwnForm(value)) {
    return JSON.stringify(value);
  }
  const inner = `${margin}${step}`;
  const [open, close, parts] = Array.isArray(value)
    ? ['[', ']', value.map((member) => write(member, step, inner) ?? 'null')]
    : ['{', '}', membersOf(value, step, inner)];
  if (parts.length === 0) return `${open}${close}`;
  return step === ''
    ? `${open}${parts.join(',')}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${margin}${close}`;
}

function hasOwnForm(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function membersOf(value: object, step: string, inner: string): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const text = write(member, step, inner);
    const colon = step === '' ? ':' : ': ';
    return text === undefined ? [] : [`${JSON.stringify(name)}${colon}${text}`];
  });
}
