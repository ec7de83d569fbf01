import type { Field, JsonValue } from './request.ts';

/** How a language writes values in its source. */
export interface Syntax {
  string(text: string): string;
  constants: { true: string; false: string; null: string };
  list(items: readonly string[]): string;
  /** Names are given as they are, values as source. */
  object(members: readonly (readonly [name: string, source: string])[]): string;
}

export function literal(value: JsonValue, syntax: Syntax): string {
  if (typeof value === 'string') return syntax.string(value);
  if (typeof value === 'number') return JSON.stringify(value);
  if (typeof value === 'boolean') return syntax.constants[value ? 'true' : 'false'];
  if (value === null) return syntax.constants.null;
  if (Array.isArray(value)) return syntax.list(value.map((item) => literal(item, syntax)));
  return syntax.object(
    Object.entries(value).map(([name, member]) => [name, literal(member, syntax)]),
  );
}

/** The lines between the brackets of an object, one for each field. */
export function memberLines(
  fields: readonly Field[],
  syntax: Syntax,
  member: (name: string, source: string) => string,
  isText: boolean,
): string[] {
  return fields.map((field) => {
    const name = isText ? wellFormed(field.name) : field.name;
    if (field.variable !== undefined) {
      return member(name, `variable(${syntax.string(field.variable)})`);
    }
    const value = isText ? wellFormed(String(field.value)) : field.value;
    return member(name, literal(value, syntax));
  });
}

/** As `URLSearchParams` takes text: half a surrogate pair becomes U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * Characters that a terminal obeys, that are not seen, or that end a line somewhere: they are
 * printed as escapes in every language, so that the program shows what it holds.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

export function escapeHidden(text: string, escapeOf: (codePoint: number) => string): string {
  return text.replace(HIDDEN, (character) => escapeOf(character.codePointAt(0) ?? 0));
}

export function hexadecimal(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** In double quotes, with the escapes that JavaScript and Python share. */
export function doubleQuoted(text: string, escapeAstral: (codePoint: number) => string): string {
  const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`;
  return escapeHidden(quoted, (codePoint) => {
    if (codePoint === 0x0a) return '\\n';
    if (codePoint === 0x0d) return '\\r';
    if (codePoint === 0x09) return '\\t';
    return codePoint > 0xffff ? escapeAstral(codePoint) : `\\u${hexadecimal(codePoint, 4)}`;
  });
}
