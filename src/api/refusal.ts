import { isObject, parseJson, textOf } from '../output/json.ts';
import type { Reply } from './http.ts';
import type { Field, JsonObject, Operation } from './operation.ts';

/** What a refusal says, taken from whichever of the usual error shapes it has. Nothing is masked. */
export interface Refusal {
  /** The server's own words, or null. */
  message: string | null;
  /** The server's own code, or null. */
  code: string | null;
  /** What it finds wrong, by the API's names of fields. */
  fields: readonly { name: string; message: string }[];
  /** What kind of refusal its words or its code make it. */
  says: 'exists' | 'weak_password' | 'bad_key' | null;
}

const MOST_FIELDS = 50;

const EXISTS_TEXT =
  /\balready (?:been )?(?:exist|taken|in use|registered|used)|\bduplicate entry\b|že obstaja|\bzaseden/i;
const WEAK_TEXT = /not complex enough|password (?:is )?too (?:weak|simple)/i;
const BAD_KEY_TEXT =
  /\b(?:invalid|expired|revoked|unknown|wrong|incorrect|missing|no)\b[^.\n]{0,30}\bapi[ _-]?key\b|\bapi[ _-]?key\b[^.\n]{0,30}\b(?:invalid|expired|revoked|unknown|wrong|incorrect|missing|required|not (?:valid|found|active|provided))\b|\bunauthenticated\b/i;

/** Plesk: 1002 user account already exists, 1007 inserted data already exists. */
const EXISTS_CODES = new Set(['1002', '1007']);
/** Plesk since 18.0.43: the password is below the server's minimal strength. */
const WEAK_CODES = new Set(['1038']);
/** Plesk: 1019 invalid value, 2204 system user not set; about a weak password only with its name. */
const GENERAL_CODES = new Set(['1019', '2204']);
const OTHER_PASSWORD_TEXT =
  /login or password|should be +\d+ - \d+ characters|contain the username/i;

/** Reads the text first and the code second: a duplicate can hide behind a general code. Pure. */
export function readRefusal(reply: Reply, operation: Operation): Refusal {
  const { words, texts, json: answer } = readAnswer(reply.body);
  const nested = isObject(answer['error']) ? answer['error'] : {};
  const codes = [answer['code'], nested['code'], answer['errcode'], answer['error_code']];
  const code = codes.find((each) => typeof each === 'string' || typeof each === 'number');
  const fields = readFields(answer).slice(0, MOST_FIELDS);
  const taken = whatExists(texts, fields, operation);
  const refusal = { message: words, code: code === undefined ? null : String(code), fields };
  if (taken === 'it') return { ...refusal, says: 'exists' };
  const text = [...texts, ...fields.map(({ message }) => message)].join('\n');
  const says = whatElse(text, refusal, reply.status);
  if (taken === null) return { ...refusal, says };
  const isNamed = fields.length > 0 || words === null;
  return {
    ...refusal,
    fields: isNamed ? fields : [{ name: taken.name, message: words }],
    says: says === 'exists' ? null : says,
  };
}

function whatElse(
  text: string,
  { message, code }: Omit<Refusal, 'says'>,
  status: number,
): Refusal['says'] {
  if (WEAK_TEXT.test(text) || WEAK_CODES.has(code ?? '')) return 'weak_password';
  if (BAD_KEY_TEXT.test(text)) return 'bad_key';
  if (GENERAL_CODES.has(code ?? '') && /password/i.test(text)) {
    return OTHER_PASSWORD_TEXT.test(text) ? null : 'weak_password';
  }
  const saysNothing = message === null || /^\W*(?:409)?\W*conflict\W*$/i.test(message);
  return EXISTS_CODES.has(code ?? '') || (status === 409 && saysNothing) ? 'exists' : null;
}

/** Whether the thing asked for exists already (`it`), or the value of another field does. */
function whatExists(
  texts: readonly string[],
  fields: Refusal['fields'],
  operation: Operation,
): 'it' | Field | null {
  const isOther = (field?: Field) =>
    field !== undefined && !operation.identity.includes(field.name);
  const owners = fields
    .filter(({ message }) => EXISTS_TEXT.test(message))
    .map(({ name }) => fieldNamed(operation, name));
  if (owners.length > 0) return owners.every(isOther) ? (owners[0] ?? 'it') : 'it';
  const sentence = texts.find((text) => EXISTS_TEXT.test(text));
  if (sentence === undefined) return null;
  if (/\b(?:login|user ?name)\b/i.test(sentence)) return 'it';
  // Whatever has a name may be meant by that word.
  const named = operation.fields.filter((field) => isOther(field) && field.name !== 'name');
  return named.find(({ name }) => wordsFor(name).test(sentence)) ?? 'it';
}

function wordsFor(name: string): RegExp {
  const words = name === 'email' ? 'e-?mail|e-?naslov' : name.replaceAll('_', '[ _-]?');
  return new RegExp(`\\b(?:${words})\\b`, 'i');
}

/** Servers write `client_id`, `data.client_id` or `suffixes.0`. */
export function fieldNamed({ fields }: Operation, name: string): Field | undefined {
  const parts = name.split(/[./]/);
  return fields.find((field) => field.name === name || parts.includes(field.name));
}

/** What an answer says, as it came: nothing is masked or cut. */
export interface Said {
  /** Its words: a message in JSON, the title of a page, a plain text; or null. */
  words: string | null;
  /** Its words, or else its text without markup; null when it says nothing. */
  text: string | null;
  /** The whole answer; null when it is empty. */
  body: string | null;
}

/** Whoever shows or keeps any of it masks it first and cuts it then. Pure. */
export function saidBy({ body: raw }: Pick<Reply, 'body'>): Said {
  const { body, words, text } = readAnswer(raw);
  return { words, text, body: body === '' ? null : body };
}

const NONE: JsonObject = {};
const TEXT_NAMES = ['message', 'error', 'detail', 'title', 'details', 'errors'];

/** Also every text that JSON has, and the object that it is. */
function readAnswer(raw: string) {
  const body = raw.replace(/^\uFEFF/, '').trim();
  const parsed = parseJson(body);
  if (parsed !== undefined) {
    const json: JsonObject = isObject(parsed.value) ? parsed.value : { message: parsed.value };
    const texts = TEXT_NAMES.flatMap((name) => textOf(json[name])?.trim() ?? []);
    return { body, json, texts, words: texts[0] ?? null, text: body };
  }
  if (!/<[a-z!/]/i.test(body)) {
    return { body, json: NONE, texts: [body], words: body || null, text: body || null };
  }
  const title = plain(/<title[^<>]*>([^<]*)/i.exec(body)?.[1] ?? '');
  const text = title || plain(body.replace(SCRIPTS, ' ').replace(/<[^<>]*>/g, ' '));
  return { body, json: NONE, texts: [title], words: title || null, text: text || null };
}

/** Neither runs on over the beginning of the next one, so that no page takes long. */
const SCRIPTS = /<(script|style)\b(?:(?!<\/?(?:script|style)\b)[\s\S])*<\/\1>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
};

function plain(html: string): string {
  return html
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

/** As text, or as in JSON:API: `{"pointer": "/data/attributes/login"}`. */
function sourceName(source: unknown): unknown {
  if (!isObject(source)) return source;
  const { pointer } = source;
  const last = typeof pointer === 'string' ? pointer.split('/').at(-1) : undefined;
  return source['field'] ?? source['parameter'] ?? last;
}

/** `{errors: {login: ["…"]}}`, `{errors: [{field, message}]}` and their relatives. */
function readFields(answer: JsonObject): { name: string; message: string }[] {
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
