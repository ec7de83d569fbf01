import { isSafeNumber, parse, stringify } from 'lossless-json';
import { WrittenNumber } from '../output/json.ts';

const DEEPEST = 200;

/**
 * Parses JSON without rounding: a number that a double cannot hold stays as its own text.
 * A leading byte order mark is skipped. Duplicate keys with different values are errors like any
 * other, and so is nesting so deep that masking or printing it could exhaust the stack.
 * @returns the value, or undefined when the text is no JSON.
 */
export function parseJson(text: string): { value: unknown } | undefined {
  return parseWith(text, parseNumber);
}

/** The same, but that a number keeps its text where JavaScript would write it otherwise. */
export function parseAnswer(text: string): { value: unknown } | undefined {
  return parseWith(text, (written) => {
    const number = Number(written);
    return String(number) === written ? number : new WrittenNumber(written);
  });
}

function parseWith(
  text: string,
  numberOf: (text: string) => unknown,
): { value: unknown } | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return { value: parse(text.replace(/^\uFEFF/, ''), null, numberOf) };
  } catch {
    return undefined;
  }
}

/**
 * The same JSON with line breaks and indents, every number as it was written.
 * @returns undefined when the text is no JSON.
 */
export function indentJson(text: string): string | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return stringify(parse(text.replace(/^\uFEFF/, '')), null, 2);
  } catch {
    return undefined;
  }
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

function parseNumber(text: string): number | string {
  return isSafeNumber(text) ? Number(text) : text;
}
