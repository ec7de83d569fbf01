import type { Call, Field, JsonValue } from './request.ts';

/** Some of the text that is sent, and after it the encoded value of a variable, if one is named. */
export interface Piece {
  text: string;
  variable?: string;
}

/** What is sent in the body or the query, in the very bytes; a piece for each field. */
export function piecesOf({ encoding, fields }: Call): Piece[] {
  if (fields.length === 0 && encoding !== 'query')
    return [{ text: encoding === 'json' ? '{}' : '' }];
  if (encoding !== 'json') {
    return fields.map((field, index) =>
      piece(`${index === 0 ? '' : '&'}${formEncode(field.name)}=`, field, (value) =>
        formEncode(String(value)),
      ),
    );
  }
  const members = fields.map((field, index) =>
    piece(`${index === 0 ? '{' : ','}${JSON.stringify(field.name)}:`, field, JSON.stringify),
  );
  return [...members, { text: '}' }];
}

function piece(start: string, field: Field, encode: (value: JsonValue) => string): Piece {
  if (field.variable !== undefined) return { text: start, variable: field.variable };
  return { text: start + encode(field.value) };
}

function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/**
 * Whether the JSON writers of other languages give the bytes of `JSON.stringify`: they differ in
 * fractions and large numbers, cannot hold half a surrogate pair, and PHP hides a property whose
 * name begins with NUL.
 */
export function isWrittenAlike(value: JsonValue): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isWrittenAlike);
  return Object.entries(value).every(([name, member]) => isField(name) && isWrittenAlike(member));
}

/** The same for all fields of a call. */
export function areWrittenAlike(fields: readonly Field[]): boolean {
  return fields.every(
    (field) => isField(field.name) && (field.variable !== undefined || isWrittenAlike(field.value)),
  );
}

function isField(name: string): boolean {
  return !name.startsWith('\0') && isWrittenAlike(name);
}
