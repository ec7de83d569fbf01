import { WrittenNumber } from './json.ts';
import { escapeNonAscii } from './text.ts';

export const MASK = '********';

/** Shorter values would also be found inside ordinary words. */
const SHORTEST_SECRET = 4;

/** A shorter piece may stand in other data by chance. */
const SHORTEST_BASE64 = 5;

/** What a name ends in: `ftp_password`, `rootPass`, `X-Api-Key`; `compass` and `passport` do not. */
const SECRET_NAME =
  /(?:password|passwd|passphrase|pwd|secret|token|(?:api|access|private|auth) ?key|(?:^| )(?:pass|pw|pin|otp|epp|jwt|credential|authorization|cookie|metadata|(?:auth|epp|transfer) ?code))s?(?: (?:hash|confirmation))?$/;

/** Members of these tell what is wrong with a value. */
const ERRORS = /^errors?$/i;

/** Whether what a field, a parameter or a header of this name holds is never shown. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();
  return SECRET_NAME.test(words);
}

/**
 * Masks members by name at any depth, and pairs in all texts. What `errors` says about a field is
 * no secret. The input is not changed.
 * @param mask hides the secrets of this run in a text, before pairs are looked for in it.
 */
export function maskByName(
  value: unknown,
  mask: (text: string) => string = (text) => text,
  areErrors = false,
): unknown {
  if (typeof value === 'string') return maskPairs(mask(value));
  if (Array.isArray(value)) return value.map((member) => maskByName(member, mask, areErrors));
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]): [string, unknown] => {
      const isSecret = !areErrors && isSecretName(name) && holdsMore(member);
      return [
        mask(name),
        isSecret ? MASK : maskByName(member, mask, areErrors || ERRORS.test(name)),
      ];
    }),
  );
}

/** The texts of members that are secret by name, at any depth. */
export function secretsIn(value: unknown, isSecret = false): string[] {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    secretsIn(member, isSecret || isSecretName(name)),
  );
}

/** Whether a value can be a secret: true, false, null and the empty text cannot. */
function holdsMore(value: unknown): boolean {
  return typeof value !== 'boolean' && value !== null && value !== undefined && value !== '';
}

/** A quotation mark; in a text inside JSON or HTML it is escaped. */
const QUOTE = String.raw`\\{0,7}["']|\\{1,7}u0022|&quot;|&#34;`;

/** `name=`, `name="`, `'name' => '`, `"name": "` or `"name": `; no character is looked at more than a few times. */
const NAME_OF_PAIR = new RegExp(
  String.raw`(?<![\w.[\]-])([\w.[\]-]{1,80})(?:(?:${QUOTE})?[ \t]{0,2}=>?[ \t]{0,2}(${QUOTE})?|(?:${QUOTE})\s{0,9}:\s{0,9}(?:(${QUOTE})|(?=[\d-])))`,
  'g',
);

/** As far as an unquoted value goes. */
const BARE_VALUE = /(?:[^\s&;,"'<>]|&(?:lt|gt|amp|#\d{1,5});|,(?!\s))*/y;

/**
 * Masks what follows a secret's name in a text: `name=value` and `"name": "value"`. Takes time in
 * proportion to the text.
 */
export function maskPairs(text: string): string {
  let masked = '';
  let from = 0;
  for (const { 0: found, 1: name = '', 2: assigned, 3: quoted, index } of text.matchAll(
    NAME_OF_PAIR,
  )) {
    if (index < from || !isSecretName(name)) continue;
    const start = index + found.length;
    const end = endOfValue(text, start, assigned ?? quoted);
    if (end === start) continue;
    masked += text.slice(from, start) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}

function endOfValue(text: string, start: number, quote: string | undefined): number {
  if (quote === undefined) {
    BARE_VALUE.lastIndex = start;
    return start + (BARE_VALUE.exec(text)?.[0].length ?? 0);
  }
  let end = text.indexOf(quote, start);
  // What is escaped once more than the opening quote closes nothing.
  while (end > start && text[end - 1] === '\\') end = text.indexOf(quote, end + quote.length);
  return end === -1 ? text.length : end;
}

/** Knows every secret of this run and masks each one wherever it appears, however it is written. */
export interface Redactor {
  add(secret: string): void;
  /** Undoes one `add`; what was added more often stays known. */
  remove(secret: string): void;
  apply(text: string): string;
}

export function createRedactor(): Redactor {
  /** How often each was added, and its forms, made when a text is first masked. */
  const known = new Map<string, { count: number; forms?: readonly string[] }>();
  let secrets: readonly string[] = [];
  const change = (secret: string, by: 1 | -1) => {
    if (secret.length < SHORTEST_SECRET) return;
    const entry = known.get(secret) ?? { count: 0 };
    entry.count += by;
    if (entry.count > 0) known.set(secret, entry);
    else known.delete(secret);
    // Longest first, so that none hides a longer one.
    secrets = [...known.keys()].sort((a, b) => b.length - a.length);
  };
  const mask = (text: string, secret: string) => {
    const entry = known.get(secret);
    if (entry === undefined) return text;
    entry.forms ??= writtenForms(secret);
    return entry.forms.reduce((rest, form) => rest.replaceAll(form, MASK), text);
  };
  return {
    add: (secret) => change(secret, 1),
    remove: (secret) => change(secret, -1),
    apply: (text) => secrets.reduce(mask, text),
  };
}

/** As it is, in JSON and in JSON inside JSON, in a URL, in a form, in HTML, and in base64; longest first. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    ...[json, escapeNonAscii(json)].flatMap((text) => [
      text,
      text.replaceAll('/', '\\/'),
      JSON.stringify(text).slice(1, -1),
    ]),
    ...inUrls(secret),
    ...inHtml(secret),
    ...inBase64(secret),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Encoders differ in the marks that they leave alone (RFC 3986 section 2.3, HTML forms, PHP). */
function inUrls(secret: string): string[] {
  // A lone surrogate cannot be encoded, and is in no text that was read as UTF-8.
  const text = secret.toWellFormed();
  const usual = encodeURIComponent(text);
  const encode = (marks: RegExp) =>
    usual.replace(marks, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [usual, encode(/[!'()*]/g), encode(/[!'()~]/g), encode(/[!'()*~]/g), encodeURI(text)]
    .flatMap((form) => [form, form.replaceAll('%20', '+')])
    .flatMap((form) => [form, form.replace(/%../g, (code) => code.toLowerCase())]);
}

function inHtml(secret: string): string[] {
  const least = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const usual = least.replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const byCode = secret.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return [least, usual, usual.replaceAll("'", '&#39;'), usual.replaceAll("'", '&#039;'), byCode];
}

/** With its end, and without what depends on the text before or behind it. */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const sure = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
    return before === 0 ? sure : sure.slice(4);
  });
  return [bytes.toString('base64').replace(/=+$/, ''), ...inside]
    .filter((form) => form.length >= SHORTEST_BASE64)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
