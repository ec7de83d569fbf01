/** Deeper nesting than any export has; it also bounds what a reader of the value has to stand. */
export const DEPTH_MAXIMUM = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

export type MemberKind = 'text' | 'number' | 'boolean' | 'null' | 'object' | 'array';

export interface Member {
  readonly key: string;
  readonly kind: MemberKind;
  /** Text: its value. Everything else: its literal source, so that no number is rounded. */
  readonly text: string;
}

/** `isInvalid` tells text that is no JSON from JSON that is no record. */
export interface Unusable {
  /** A fragment that repeats nothing of the text. */
  readonly problem: string;
  readonly isInvalid: boolean;
}

/** The members in the order of the text, keys that occur twice included. */
export type JsonRecord = { readonly members: readonly Member[] } | Unusable;

/** Looks at the keys alone, which is quicker. */
export function readJsonKeys(text: string): { readonly keys: readonly string[] } | Unusable {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: describeSyntax(text, error), isInvalid: true };
  }
  if (value === null || typeof value !== 'object') {
    return unusable(`is ${named(kindAt(text, skipSpace(text, 0)))}, not an object`);
  }
  if (Array.isArray(value)) return unusable('is an array, not an object');
  return { keys: Object.keys(value) };
}

/** Reads one object. */
export function readJsonRecord(text: string): JsonRecord {
  const parsed = readJsonKeys(text);
  if ('problem' in parsed) return parsed;
  const members = readMembers(text);
  const isTooDeep = members.some(
    ({ kind, text: source }) =>
      (kind === 'object' || kind === 'array') && deepest(source) >= DEPTH_MAXIMUM,
  );
  return isTooDeep ? unusable(`is nested deeper than ${DEPTH_MAXIMUM} levels`) : { members };
}

/** A kind with its article. */
export function named(kind: MemberKind): string {
  if (kind === 'null' || kind === 'text') return kind;
  return kind === 'object' || kind === 'array' ? `an ${kind}` : `a ${kind}`;
}

function unusable(problem: string): Unusable {
  return { problem, isInvalid: false };
}

/** The text must be a valid JSON object. */
function readMembers(text: string): Member[] {
  const members: Member[] = [];
  let index = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(index) === QUOTE) {
    const keyEnd = stringEnd(text, index);
    const key = stringValue(text, index, keyEnd);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const kind = kindAt(text, start);
    const end = kind === 'text' ? stringEnd(text, start) : valueEnd(text, start);
    const value = kind === 'text' ? stringValue(text, start, end) : text.slice(start, end);
    members.push({ key, kind, text: value });
    index = skipSpace(text, end);
    if (text.charCodeAt(index) === COMMA) index = skipSpace(text, index + 1);
  }
  return members;
}

/** Of valid JSON the first character tells the kind. */
function kindAt(text: string, start: number): MemberKind {
  switch (text[start]) {
    case '"':
      return 'text';
    case '{':
      return 'object';
    case '[':
      return 'array';
    case 't':
    case 'f':
      return 'boolean';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}

function stringValue(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (index < text.length && isSpace(text.charCodeAt(index))) index += 1;
  return index;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The offset behind the string that opens at start. */
function stringEnd(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    index += code === BACKSLASH ? 2 : 1;
  }
  return index;
}

/** The offset behind the value that begins at start and is no string. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const change = depthChange(text, index);
    if (depth === 0 && (change < 0 || isBehindScalar(text.charCodeAt(index)))) return index;
    depth += change;
    index = text.charCodeAt(index) === QUOTE ? stringEnd(text, index) : index + 1;
    if (depth === 0 && change < 0) return index;
  }
  return index;
}

function isBehindScalar(code: number): boolean {
  return code === COMMA || isSpace(code);
}

function depthChange(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code === BRACE || code === BRACKET) return 1;
  return code === BRACE_END || code === BRACKET_END ? -1 : 0;
}

function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let index = 0;
  while (index < text.length) {
    depth += depthChange(text, index);
    if (depth > most) most = depth;
    index = text.charCodeAt(index) === QUOTE ? stringEnd(text, index) : index + 1;
  }
  return most;
}

/** The parser's own words quote the text, which may hold a password: only its position is used. */
function describeSyntax(text: string, error: unknown): string {
  if (text === '') return 'is missing: there is a comma too many';
  if (/,\s*[}\]]\s*$/.test(text)) return 'is not valid JSON: it has a comma before its end';
  const position =
    error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  const where = position === undefined ? '' : ` (character ${Number(position) + 1})`;
  return `is not valid JSON${where}`;
}
