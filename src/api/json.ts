import { parse } from 'lossless-json';
import { WrittenNumber } from '../output/json.ts';
import { isObject } from './operation.ts';

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
