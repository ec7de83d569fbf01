export const MASK = '********';

/** Shorter values would also be found inside ordinary words. */
const SHORTEST_SECRET = 4;

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
  apply(text: string): string;
}

export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let ordered: string[] = [];
  return {
    add(secret) {
      if (secret.length < SHORTEST_SECRET) return;
      for (const form of writtenForms(secret)) forms.add(form);
      ordered = [...forms].sort((a, b) => b.length - a.length);
    },
    apply(text) {
      return ordered.reduce((masked, form) => masked.replaceAll(form, MASK), text);
    },
  };
}

/** As it is, in JSON once and twice escaped, in a URL, in a form, in HTML, and in base64. */
function writtenForms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    percentEncode(secret),
    percentEncode(secret).toLowerCase(),
    new URLSearchParams({ '': secret }).toString().slice(1),
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
}

/** A lone surrogate cannot be encoded, and is in no text that was read as UTF-8. */
function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}
