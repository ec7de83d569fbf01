import { escapeNonAscii, escapeUnsafe, sanitizeLine } from './text.ts';

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

/** JSON.stringify has no way to write a number by its text before Node 21: it goes as a text with this mark. */
const MARK = '\0number ';
const MARKED = /"\\u0000number ([-+.\deE]+)"(?! ?:)/g;

function written(value: unknown, indent: string): string {
  const mark = (_name: string, member: unknown) => {
    if (member instanceof WrittenNumber) return `${MARK}${member.text}`;
    // Nobody else's text passes for a number.
    return typeof member === 'string' && member.startsWith(MARK) ? member.slice(1) : member;
  };
  return (JSON.stringify(value, mark, indent) ?? 'null').replace(MARKED, '$1');
}

/** Nested objects and lists of objects as rows of their own: `order.id`, `orders.0.id`. */
export function flatten(record: object, prefix = ''): [string, unknown][] {
  return Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
    const isNested =
      typeof value === 'object' &&
      value !== null &&
      !(value instanceof WrittenNumber) &&
      (Array.isArray(value)
        ? value.some((item) => typeof item === 'object')
        : Object.keys(value).length > 0);
    return isNested ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]];
  });
}

/** One line of text for a table cell or a tab-separated field. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const isText = typeof value !== 'object' || value instanceof WrittenNumber;
  return sanitizeLine(isText ? String(value) : compactJson(value));
}

/** The text at a path such as `order.id`, or null where there is none. */
export function bareValue(record: object, path: string): string | null {
  const value = path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], record);
  return value === undefined || value === null ? null : cellText(value);
}
