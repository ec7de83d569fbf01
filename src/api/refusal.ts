import { isObject } from './operation.ts';

/** What a refusal says, taken from whichever of the usual error shapes it has. */
export interface Refusal {
  /** The server's own words, or null. Not yet fit for a terminal. */
  message: string | null;
  /** The server's own code, or null. */
  code: string | null;
  fields: readonly { name: string; message: string }[];
  saysExists: boolean;
  saysWeakPassword: boolean;
}

const EXISTS_TEXT = /already (?:exists|taken|in use|registered)/i;
const WEAK_TEXT = /not complex enough|password (?:is )?too (?:weak|simple)/i;

/** Plesk: 1002 user account already exists, 1007 inserted data already exists. */
const EXISTS_CODES = new Set(['1002', '1007']);
/** Plesk since 18.0.43: the password is below the server's minimal strength. */
const WEAK_CODES = new Set(['1038']);

/** Reads the text first and the code second: a duplicate can hide behind a general code. Pure. */
export function readRefusal(answer: unknown): Refusal {
  if (!isObject(answer)) return EMPTY;
  const nested = isObject(answer['error']) ? answer['error'] : undefined;
  const fields = readFields(answer);
  const message =
    firstText(
      answer['message'],
      answer['error'],
      nested?.['message'],
      answer['detail'],
      answer['details'],
      answer['title'],
      answer['errors'],
    ) ?? null;
  const code = firstCode(answer['code'], nested?.['code'], answer['errcode'], answer['error_code']);
  const words = [message ?? '', ...fields.map((field) => field.message)].join('\n');
  return {
    message,
    code,
    fields,
    saysExists: EXISTS_TEXT.test(words) || (code !== null && EXISTS_CODES.has(code)),
    saysWeakPassword: WEAK_TEXT.test(words) || (code !== null && WEAK_CODES.has(code)),
  };
}

const EMPTY: Refusal = {
  message: null,
  code: null,
  fields: [],
  saysExists: false,
  saysWeakPassword: false,
};

function firstText(...candidates: readonly unknown[]): string | undefined {
  for (const candidate of candidates) {
    const text = textOf(candidate);
    if (text !== undefined) return text;
  }
  return undefined;
}

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

/** `{errors: {login: ["…"]}}`, `{errors: [{field, message}]}` and their relatives. */
function readFields(answer: Record<string, unknown>): { name: string; message: string }[] {
  const errors = answer['errors'] ?? answer['details'];
  if (Array.isArray(errors)) {
    return errors.filter(isObject).flatMap((error) => {
      const source = isObject(error['source']) ? error['source'] : undefined;
      const name = error['field'] ?? source?.['field'] ?? error['param'] ?? error['path'];
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
