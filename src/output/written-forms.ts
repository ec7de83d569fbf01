import { escapeNonAscii } from './sanitize.ts';

/** As it is, in JSON once and twice escaped, in a URL, in a form, in HTML, and in base64. */
export function writtenForms(secret: string): string[] {
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
  const usual = encodeURIComponent(secret.toWellFormed());
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
