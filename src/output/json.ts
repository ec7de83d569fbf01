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
