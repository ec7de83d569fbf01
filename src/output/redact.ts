import { escapeNonAscii } from './sanitize.ts';

export const MASK = '********';

/** Shorter values would also be found inside ordinary words. */
const SHORTEST_SECRET = 4;

/** An ellipsis, as it is and in JSON. */
const CUT = /…|\\u2026/g;

const SECRET_NAMES =
  /^(?:.*password.*|passwd|pwd|secret|token|metadata|x-api-key|api_?key|authorization|proxy-authorization|cookie|set-cookie)$/i;

/** Whether a field or header of this name is never shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.test(name);
}

/** Masks by name, at any depth; the input is not changed. */
export function redactByName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactByName);
  if (typeof value !== 'object' || value === null) return value;
  const masked: [string, unknown][] = Object.entries(value).map(([name, member]) => [
    name,
    isSecretName(name) && member !== null ? MASK : redactByName(member),
  ]);
  return Object.fromEntries(masked);
}

/** Knows every secret of this run and masks each one wherever it appears, however it is written. */
export interface Redactor {
  add(secret: string): void;
  /** Undoes one `add`; what was added more often stays known. */
  remove(secret: string): void;
  apply(text: string): string;
}

export function createRedactor(): Redactor {
  const counts = new Map<string, number>();
  /** Null while out of date: most secrets of an import come and go between two texts. */
  let ordered: string[] | null = [];
  const change = (secret: string, by: 1 | -1) => {
    if (secret.length < SHORTEST_SECRET) return;
    for (const form of new Set(writtenForms(secret))) {
      const count = (counts.get(form) ?? 0) + by;
      if (count > 0) counts.set(form, count);
      else counts.delete(form);
    }
    ordered = null;
  };
  return {
    add: (secret) => change(secret, 1),
    remove: (secret) => change(secret, -1),
    apply(text) {
      ordered ??= [...counts.keys()].sort((a, b) => b.length - a.length);
      const masked = ordered.reduce((rest, form) => rest.replaceAll(form, MASK), text);
      return maskCutOff(masked, ordered);
    },
  };
}

/** Masks the beginning of a secret where a text was cut in the middle of it. */
function maskCutOff(text: string, forms: readonly string[]): string {
  let masked = '';
  let from = 0;
  for (const { 0: ellipsis, index } of text.matchAll(CUT)) {
    masked += withoutBeginning(text.slice(from, index), forms) + ellipsis;
    from = index + ellipsis.length;
  }
  return masked + text.slice(from);
}

function withoutBeginning(text: string, forms: readonly string[]): string {
  for (const form of forms) {
    if (!text.includes(form.slice(0, SHORTEST_SECRET))) continue;
    for (let length = form.length - 1; length >= SHORTEST_SECRET; length -= 1) {
      if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + MASK;
    }
  }
  return text;
}

/** As it is, in JSON once and twice escaped, in a URL, in a form, in HTML, and in base64. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    escapeNonAscii(json),
    JSON.stringify(json).slice(1, -1),
    ...percentEncoded(secret).flatMap((form) => [form, withSmallHex(form)]),
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
  ];
}

/** Encoders differ in the marks that they leave alone (RFC 3986 section 2.3, HTML forms, PHP). */
function percentEncoded(secret: string): string[] {
  // A lone surrogate cannot be encoded, and is in no text that was read as UTF-8.
  const usual = encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd'));
  const strict = usual.replace(/[!'()*]/g, hexOf);
  return [
    usual,
    strict,
    strict.replaceAll('~', '%7E'),
    strict.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+').replaceAll('~', '%7E'),
    new URLSearchParams({ '': secret }).toString().slice(1),
  ];
}

function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function withSmallHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
