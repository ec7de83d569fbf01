import { isObject } from './operation.ts';

/** What a refusal says, taken from whichever of the usual error shapes it has. */
export interface Refusal {
  /** The server's own words, or null: whole, not yet masked nor fit for a terminal. */
  message: string | null;
  /** The server's own code, or null. */
  code: string | null;
  fields: readonly { name: string; message: string }[];
  saysExists: boolean;
  saysWeakPassword: boolean;
  saysBadKey: boolean;
}

const MOST_FIELDS = 50;

const EXISTS_TEXT = /already (?:exists|taken|in use|registered)/i;
const WEAK_TEXT = /not complex enough|password (?:is )?too (?:weak|simple)/i;

/** Plesk: 1002 user account already exists, 1007 inserted data already exists. */
const EXISTS_CODES = new Set(['1002', '1007']);
/** Plesk since 18.0.43: the password is below the server's minimal strength. */
const WEAK_CODES = new Set(['1038']);
/** Plesk: 1019 invalid value, 2204 system user not set; about a weak password only with its name. */
const GENERAL_CODES = new Set(['1019', '2204']);
const OTHER_PASSWORD_TEXT =
  /login or password|should be +\d+ - \d+ characters|contain the username/i;

const BAD_KEY_TEXT =
  /\b(?:invalid|expired|revoked|unknown|wrong|incorrect|missing)\b[^.\n]{0,30}\bapi[ _-]?key\b|\bapi[ _-]?key\b[^.\n]{0,30}\b(?:invalid|expired|revoked|unknown|wrong|incorrect|missing|required|not (?:valid|found|active))\b/i;

/** Reads the text first and the code second: a duplicate can hide behind a general code. Pure. */
export function readRefusal(answer: unknown): Refusal {
  if (!isObject(answer)) return EMPTY;
  const nested = isObject(answer['error']) ? answer['error'] : undefined;
  const fields = readFields(answer);
  const texts = [
    answer['message'],
    nested?.['message'] ?? answer['error'],
    answer['detail'],
    answer['details'],
    answer['title'],
    answer['errors'],
  ]
    .map(textOf)
    .filter((text) => text !== undefined);
  const code = firstCode(answer['code'], nested?.['code'], answer['errcode'], answer['error_code']);
  const words = [...texts, ...fields.map((field) => field.message)].join('\n');
  const existsByText = EXISTS_TEXT.test(words);
  const weakByText = WEAK_TEXT.test(words);
  return {
    message: texts[0] ?? null,
    code,
    fields: fields.slice(0, MOST_FIELDS),
    saysExists: existsByText || (!weakByText && code !== null && EXISTS_CODES.has(code)),
    saysWeakPassword: weakByText || (!existsByText && codeSaysWeakPassword(code, words)),
    saysBadKey: BAD_KEY_TEXT.test(words),
  };
}

function codeSaysWeakPassword(code: string | null, words: string): boolean {
  if (code === null) return false;
  if (WEAK_CODES.has(code)) return true;
  return GENERAL_CODES.has(code) && /password/i.test(words) && !OTHER_PASSWORD_TEXT.test(words);
}

const EMPTY: Refusal = {
  message: null,
  code: null,
  fields: [],
  saysExists: false,
  saysWeakPassword: false,
  saysBadKey: false,
};

/** A text, or the texts inside an array or object, one level deep. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const texts = Object.values(value)
    .flatMap((member) =>
      isObject(member) ? [member['message'] ?? member['detail']] : [member].flat(),
    )
    .filter((member): member is string => typeof member === 'string' && member.trim() !== '');
  return texts.length === 0 ? undefined : texts.join('; ');
}

function firstCode(...candidates: readonly unknown[]): string | null {
  const found = candidates.find((value) => typeof value === 'string' || typeof value === 'number');
  return found === undefined ? null : String(found);
}

/** As text, or as in JSON:API: `{"pointer": "/data/attributes/login"}`. */
function sourceName(source: unknown): unknown {
  if (!isObject(source)) return source;
  const { pointer } = source;
  return (
    source['field'] ??
    source['parameter'] ??
    (typeof pointer === 'string' ? pointer.split('/').at(-1) : undefined)
  );
}

/** `{errors: {login: ["…"]}}`, `{errors: [{field, message}]}` and their relatives. */
function readFields(answer: Record<string, unknown>): { name: string; message: string }[] {
  const errors = answer['errors'] ?? answer['details'];
  if (Array.isArray(errors)) {
    return errors.filter(isObject).flatMap((error) => {
      const name = error['field'] ?? sourceName(error['source']) ?? error['param'] ?? error['path'];
      const message = error['message'] ?? error['detail'];
      return typeof name === 'string' && typeof message === 'string' ? [{ name, message }] : [];
    });
  }
  if (!isObject(errors)) return [];
  return Object.entries(errors).flatMap(([name, value]) => {
    const message = textOf(typeof value === 'string' ? value : [value].flat());
    return message === undefined ? [] : [{ name, message }];
  });
}
