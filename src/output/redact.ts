import { WrittenNumber } from './json.ts';
import { maskPairs, replaceSecretValues } from './mask-pairs.ts';
import { isPlainWord, isSentence, maskUnlessWords } from './plain-words.ts';
import { isSecretName, MASK } from './secret-names.ts';
import { writtenForms } from './written-forms.ts';

export { isSecretName, MASK, maskPairs, replaceSecretValues };

/** Shorter values would also be found inside ordinary words. */
const SHORTEST_SECRET = 4;

/** Of secrets that a server makes; shorter ones are hidden where they stand. */
const SHORTEST_TELLING = 6;
const LONGEST_TELLING = 4_096;

/** So that an import of any length takes no more memory. */
export const MOST_LEARNED = 32;

/** An ellipsis, as it is and in JSON. */
const CUT = /…|\\u2026/g;

/** Members of these tell what is wrong with a value. */
const ERRORS = /^errors?$/i;

/** Masks by name, at any depth, and in texts; the input is not changed. */
export function redactByName(value: unknown): unknown {
  return redactMembers(value, false);
}

function redactMembers(value: unknown, areErrors: boolean): unknown {
  if (typeof value === 'string') return maskPairs(value);
  if (Array.isArray(value)) return value.map((member) => redactMembers(member, areErrors));
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) return value;
  const masked: [string, unknown][] = Object.entries(value).map(([name, member]) => [
    name,
    isSecretName(name)
      ? redactSecret(member, areErrors)
      : redactMembers(member, areErrors || ERRORS.test(name)),
  ]);
  return Object.fromEntries(masked);
}

function redactSecret(value: unknown, areErrors: boolean): unknown {
  if (typeof value === 'boolean' || value === null) return value;
  const areSentences =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((member) => typeof member === 'string' && isSentence(member));
  return areErrors || areSentences ? onlyWords(value) : MASK;
}

/** What is said about a secret, at any depth. */
function onlyWords(value: unknown): unknown {
  if (typeof value === 'string') return maskUnlessWords(value);
  if (typeof value === 'number') return isPlainWord(String(value)) ? value : MASK;
  if (Array.isArray(value)) return value.map(onlyWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, onlyWords(member)]),
  );
}

/**
 * Secrets that an answer gives away: values of secret names and of `password=…` in its texts, less
 * what is but a word, which would be found in every other sentence. Pure.
 */
export function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const found: string[] = [];
    replaceSecretValues(value, (secret, isWords) => {
      if (!isWords) found.push(secret);
      return secret;
    });
    // Metadata is a list of pairs itself.
    return found.flatMap((secret) => {
      const inside = secretsIn(secret);
      return inside.length > 0 ? inside : isTelling(secret) ? [secret] : [];
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const isSecret = isSecretName(name) && !/metadata/i.test(name);
    return typeof member === 'string' && isSecret && isTelling(member)
      ? [member]
      : secretsIn(member);
  });
}

function isTelling(secret: string): boolean {
  const { length } = secret;
  return (
    length >= SHORTEST_TELLING &&
    length <= LONGEST_TELLING &&
    !isPlainWord(secret) &&
    !isSentence(secret)
  );
}

/** Knows every secret of this run and masks each one wherever it appears, however it is written. */
export interface Redactor {
  add(secret: string): void;
  /** Undoes one `add`; what was added more often stays known. */
  remove(secret: string): void;
  /** Adds what an answer gave away; of many such only the last ones are kept. */
  learn(secret: string): void;
  apply(text: string): string;
  /** The same for words of an answer, in which also what follows a secret's name is masked. */
  applyToAnswer(text: string): string;
}

export function createRedactor(): Redactor {
  const counts = new Map<string, number>();
  /** All their forms, or null while out of date: most secrets of an import come and go between two texts. */
  let ordered: string[] | null = [];
  const change = (secret: string, by: 1 | -1) => {
    if (secret.length < SHORTEST_SECRET) return;
    const count = (counts.get(secret) ?? 0) + by;
    if (count > 0) counts.set(secret, count);
    else counts.delete(secret);
    ordered = null;
  };
  const learned: string[] = [];
  const redactor: Redactor = {
    add: (secret) => change(secret, 1),
    remove: (secret) => change(secret, -1),
    learn(secret) {
      if (counts.has(secret)) return;
      change(secret, 1);
      learned.push(secret);
      if (learned.length > MOST_LEARNED) change(learned.shift() ?? '', -1);
    },
    apply(text) {
      ordered ??= formsOf(counts.keys());
      const masked = ordered.reduce((rest, form) => rest.replaceAll(form, MASK), text);
      return maskCutOff(withoutEnds(masked, ordered), ordered);
    },
    applyToAnswer: (text) => redactor.apply(maskPairs(text)),
  };
  return redactor;
}

/** Longest first, so that none hides a longer one. */
function formsOf(secrets: Iterable<string>): string[] {
  const forms = new Set([...secrets].flatMap(writtenForms));
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Takes away the end of a secret whose beginning was masked before, as far as a mark or a space. */
function withoutEnds(text: string, forms: readonly string[]): string {
  if (forms.length === 0 || !text.includes(MASK)) return text;
  const [first = '', ...others] = text.split(MASK);
  return [first, ...others.map((rest) => withoutEnd(rest, forms))].join(MASK);
}

function withoutEnd(text: string, forms: readonly string[]): string {
  const beginning = text.slice(0, SHORTEST_SECRET);
  if (beginning.length < SHORTEST_SECRET) return text;
  for (const form of forms) {
    for (let at = form.indexOf(beginning, 1); at !== -1; at = form.indexOf(beginning, at + 1)) {
      if (text.startsWith(form.slice(at))) return text.slice(form.length - at);
    }
  }
  return text;
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
