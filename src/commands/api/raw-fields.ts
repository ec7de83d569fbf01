import { readStandardInput, readTextFile } from '../../call/text-sources.ts';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';

/** One `-f` or `-F`, which is typed, as it was given. */
export interface GivenField {
  given: string;
  isTyped: boolean;
}

/** The same, read. */
export interface RawField {
  name: string;
  /** As it stands in a query or form. */
  text: string;
  /** As it stands in a JSON body, where numbers stay as they were written. */
  json: string;
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * Reads `key=value`: as a text, or typed, where numbers, true, false and null are what they look
 * like and `@file` is the file's text (`@-` that of stdin).
 * @throws OxhostError `usage` or `invalid_input`.
 */
export async function readField(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  { given, isTyped }: GivenField,
): Promise<RawField> {
  const equals = given.indexOf('=');
  if (equals < 1) throw new OxhostError('usage', `${isTyped ? '-F' : '-f'} must be key=value.`);
  const [name, value] = [given.slice(0, equals), given.slice(equals + 1)];
  if (isTyped && LITERAL.test(value)) return { name, text: value, json: value };
  const text =
    !isTyped || !value.startsWith('@')
      ? value
      : value === '@-'
        ? await readStandardInput(system.stdin, '-F', signal)
        : await readTextFile(value.slice(1), '-F', signal);
  return { name, text, json: JSON.stringify(text) };
}

/**
 * The fields as a JSON object. Pure.
 * @throws OxhostError `usage` for a name given twice, or with brackets, which stand for more.
 */
export function jsonBody(fields: readonly RawField[]): string {
  const names = fields.map(({ name }) => name);
  const nested = names.find((name) => /[[\]]/.test(name));
  if (nested !== undefined) {
    throw new OxhostError('usage', `The field ${nested} has brackets in its name.`, {
      hint: 'Lists and objects go into a JSON body by --input.',
    });
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new OxhostError('usage', `The field ${twice} is given twice.`);
  return `{${fields.map(({ name, json }) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

/**
 * The address of a path on an origin. The key goes with it, so a path that could mean another host
 * or another path than it shows is refused rather than corrected.
 * @throws OxhostError `usage`.
 */
export function addressOf(origin: string, path: string): URL {
  const fault = faultOf(path);
  if (fault !== null) throw new OxhostError('usage', `The path ${fault}.`);
  const url = new URL(path.startsWith('/') ? path : `/${path}`, origin);
  if (url.origin !== new URL(origin).origin) {
    throw new OxhostError('usage', 'The path must be one of the API, not an address.');
  }
  return url;
}

function faultOf(path: string): string | null {
  if (path === '') return 'must not be empty';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u.test(path)) {
    return 'must not contain white space or control characters; write %20 for a space';
  }
  if (path.includes('\\')) return 'must not contain a backslash';
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')) {
    return 'must be one of the API, such as /API/invoice, not an address';
  }
  if (path.includes('#')) return 'must not contain #; write %23 for it';
  const [way = ''] = path.split('?');
  if (/(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(way) || /%5c|%0[ad]/i.test(way)) {
    return 'must not contain . or .. as a step, a backslash or a line break, however encoded';
  }
  return null;
}
