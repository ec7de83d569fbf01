import { isSafeNumber, parse } from 'lossless-json';

/**
 * Parses JSON without rounding: a number that a double cannot hold stays as its own text.
 * A leading byte order mark is skipped. Duplicate keys with different values and nesting
 * beyond the stack are errors like any other.
 * @returns the value, or undefined when the text is no JSON.
 */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: parse(text.replace(/^\uFEFF/, ''), null, parseNumber) };
  } catch {
    return undefined;
  }
}

function parseNumber(text: string): number | string {
  return isSafeNumber(text) ? Number(text) : text;
}
