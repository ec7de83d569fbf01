import { parse } from 'lossless-json';
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

const DEEPEST = 200;
/** Places in front of which the text before the JSON may end, at most. */
const MOST_STARTS = 20;

/**
 * Parses JSON without rounding: a number that JavaScript would write otherwise keeps its text. A
 * leading byte order mark is skipped. Duplicate keys with different values are errors like any
 * other, and so is nesting so deep that masking or printing it could exhaust the stack.
 * @returns the value, or undefined when the text is no JSON.
 */
export function parseJson(text: string): { value: unknown } | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    const value = parse(text.replace(/^\uFEFF/, ''), null, (written) => {
      const number = Number(written);
      return String(number) === written ? number : new WrittenNumber(written);
    });
    return { value };
  } catch {
    return undefined;
  }
}

/** JSON that may have other text before it, such as a PHP warning, or a byte order mark. */
export function findJson(text: string): { value: unknown; before: string } | undefined {
  const whole = parseJson(text);
  if (whole !== undefined) return { ...whole, before: text.startsWith('\uFEFF') ? '\uFEFF' : '' };
  // Half a JSON text has whole objects in it, which mean nothing by themselves.
  if (/^\s*[[{]/.test(text)) return undefined;
  for (const { index } of [...text.matchAll(/\{\s*"/g)].slice(0, MOST_STARTS)) {
    const found = parseJson(text.slice(index));
    if (found !== undefined) return { ...found, before: text.slice(0, index) };
  }
  return undefined;
}

/** A text, or the texts inside an array or object, one level deep. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (isObject(value) && typeof value['message'] === 'string') return textOf(value['message']);
  const texts = Object.values(value)
    .flatMap((member) =>
      isObject(member) ? [member['message'] ?? member['detail']] : [member].flat(),
    )
    .filter((member): member is string => typeof member === 'string' && member.trim() !== '');
  return texts.length === 0 ? undefined : texts.join('; ');
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isInString = !isInString;
    else if (isInString) index += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof WrittenNumber)
  );
}
