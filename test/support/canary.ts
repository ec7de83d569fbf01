import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Long enough that no ordinary word of a message has so much of a secret in it. */
const PART = 8;

/**
 * Every way in which a secret is in a text: as it is, a part of it, or escaped for JSON, URLs, forms
 * and HTML, or in base64 wherever that begins.
 */
export function formsFound(text: string, secret: string): string[] {
  return Object.entries(formsOf(secret))
    .filter(([, forms]) => forms.some((form) => text.includes(form)))
    .map(([name]) => name);
}

export function formsOf(secret: string): Record<string, string[]> {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const url = encodeURIComponent(secret);
  const html = secret.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const named = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return {
    plain: [secret],
    part: windows(secret),
    json: [json, ascii, json.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')],
    'json twice': [json, ascii].map((text) => JSON.stringify(text).slice(1, -1)),
    url: [url, url.toLowerCase(), encodeURI(secret)],
    form: [new URLSearchParams({ '': secret }).toString().slice(1)],
    html: [html, named],
    base64: [0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
  };
}

function windows(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PART + 1) }, (_, start) =>
    text.slice(start, start + PART),
  );
}

/** What the secret becomes behind a text whose length leaves that remainder by three. */
function base64Forms(secret: string, offset: number): string[] {
  const bytes = Buffer.from('x'.repeat(offset) + secret);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  const sure = whole.slice(offset === 0 ? 0 : 4);
  return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
}

/** All files below a folder, by their path. */
export async function filesBelow(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(path, await readFile(path, 'utf8'));
  }
  return found;
}
