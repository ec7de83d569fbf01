import { domainToASCII } from 'node:url';
import { identifierOf, isObject, type JsonObject, type Operation, valueAt } from './operation.ts';
import { textOf } from './refusal.ts';

export interface Warning {
  code: string;
  message: string;
}

/** What an operation's answer comes to when it says success. */
export type Acceptance =
  | { result: JsonObject; rows?: readonly JsonObject[]; warnings: readonly Warning[] }
  /** Why nobody can say whether it was done: a clause. */
  | { problem: string };

/**
 * Takes a success for what it is: whoever paid must not be told that nobody knows, so only what
 * contradicts success, or lacks every id, is a problem. All other oddities are warnings. Pure.
 */
export function accept(operation: Operation, answer: JsonObject, sent: JsonObject): Acceptance {
  const { answer: facts, effect } = operation;
  const { success: _success, message: _message, data, ...rest } = answer;
  if (facts.in === 'list') return acceptRows(operation, answer, sent);
  const inner = onlyObject(data);
  const result =
    facts.in === 'data' && inner !== undefined
      ? { ...inner, ...pick(rest, facts.extra) }
      : { ...rest, ...(data === undefined ? {} : { data }) };

  const problem =
    effect === 'read' ? null : (contradiction(operation, answer) ?? lack(operation, result, sent));
  if (problem !== null) return { problem };
  const oddities = [...absences(operation, result, sent), ...differences(operation, result, sent)];
  const warnings = [...changedName(operation, result, sent), ...errorWarnings(answer)];
  if (oddities.length > 0) {
    const message = `The answer is not as documented: ${oddities.join('; ')}.`;
    warnings.push({ code: 'unusual_answer', message });
  }
  return { result: tidied(operation, result), warnings };
}

/** The reference calls `data` "object or array": an array of exactly one object counts as it. */
function onlyObject(data: unknown): JsonObject | undefined {
  const candidate = Array.isArray(data) && data.length === 1 ? data[0] : data;
  return isObject(candidate) ? candidate : undefined;
}

function pick(object: JsonObject, names: readonly string[] = []): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

/** Ids of what is made are texts, its documented members come first, and ids that are null are left out. */
function tidied({ resultFields, answer }: Operation, result: JsonObject): JsonObject {
  if (answer.isImmediate !== true) return result;
  const ids = Object.values(answer.ids ?? {});
  return Object.fromEntries(
    [...new Set([...resultFields, ...Object.keys(result)])].flatMap((name): [string, unknown][] => {
      if (!Object.hasOwn(result, name)) return [];
      const value = result[name];
      if (!ids.includes(name)) return [[name, value]];
      return value === null ? [] : [[name, identifierOf(value) ?? value]];
    }),
  );
}

const FAILED = /^(?:fail(?:ed|ure)?|cancell?ed|declined|rejected|error)$/i;
const PENDING = /^(?:pending|processing|queued|in[ _-]progress)$/i;

/** What the answer says against its own `success`. */
function contradiction({ answer: facts, words }: Operation, answer: JsonObject): string | null {
  for (const [path, value] of membersWithin(answer)) {
    const name = path.split('.').at(-1);
    if (name === 'success' && path !== name && isFalse(value))
      return `it says success, but ${path} is false`;
    if (name !== 'status' && name !== 'state') continue;
    const status = String(value).trim();
    if (FAILED.test(status)) return `it says success, but ${path} is "${status}"`;
    if (facts.isImmediate === true && PENDING.test(status)) {
      return `it says that ${words.subject} is still to be ${words.done}`;
    }
  }
  return null;
}

const DEEPEST = 3;

/** All members of an object and of the objects in it, by their paths. */
function membersWithin(value: JsonObject, above: readonly string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const path = [...above, name];
    const inner = onlyObject(member);
    const below = inner !== undefined && path.length < DEEPEST ? membersWithin(inner, path) : [];
    return [[path.join('.'), member], ...below];
  });
}

/** Why the answer does not prove that what was sent was done, or null. */
function lack(
  { answer: facts, words }: Operation,
  result: JsonObject,
  sent: JsonObject,
): string | null {
  const { proof, recognizedBy } = facts;
  if (proof?.every((path) => identifierOf(valueAt(result, path)) === undefined)) {
    return `it has no id of ${words.subject}`;
  }
  const name = recognizedBy === undefined ? undefined : result[recognizedBy];
  if (name == null || recognizedBy === undefined) return null;
  const [returned, asked] = [identifierOf(name), String(sent[recognizedBy])];
  if (returned?.toLowerCase().includes(asked.toLowerCase()) === true) return null;
  return `it names another ${recognizedBy} than the one that was sent`;
}

/** The server may put something before or after a login, or change its case. */
function changedName(
  { answer: { recognizedBy } }: Operation,
  result: JsonObject,
  sent: JsonObject,
): Warning[] {
  if (recognizedBy === undefined) return [];
  const returned = identifierOf(result[recognizedBy]);
  const asked = String(sent[recognizedBy]);
  if (returned === undefined || returned === asked) return [];
  const message = `The server changed the ${recognizedBy} ${asked} to ${returned}; ${returned} is the one to keep.`;
  return [{ code: `${recognizedBy}_changed`, message }];
}

/** What is documented and is not there; what is there but null counts as absent without a word. */
function absences({ answer: facts }: Operation, result: JsonObject, sent: JsonObject): string[] {
  const isOpen = PENDING.test(statusOf(result)) || sent['type_payment'] === 'crypto';
  const absent = (facts.expected ?? []).map((path) => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    if (parent !== '' && parent !== 'order' && isOpen) return null;
    if (valueAt(result, path) !== undefined) return null;
    return parent !== '' && valueAt(result, parent) === undefined ? parent : path;
  });
  return [...new Set(absent.filter((path) => path !== null))].map((path) => `${path} is missing`);
}

/** Of an order that is still to be paid nothing else can be there yet. */
function statusOf(result: JsonObject): string {
  return String(valueAt(result, 'order.status') ?? result['status'] ?? '').trim();
}

function differences({ answer: facts }: Operation, result: JsonObject, sent: JsonObject): string[] {
  return Object.entries(facts.repeats ?? {}).flatMap(([path, name]) => {
    const returned = identifierOf(valueAt(result, path));
    const asked = sent[name];
    if (returned === undefined || asked === undefined || isSame(returned, String(asked))) return [];
    return [`${path} is "${returned}", but "${asked}" was sent`];
  });
}

/** Case and the ways to write a number do not count, nor those to write a domain. */
function isSame(returned: string, sent: string): boolean {
  return canonical(returned) === canonical(sent);
}

function canonical(text: string): string {
  const plain = text.trim().toLowerCase();
  if (/^\d+$/.test(plain)) return plain.replace(/^0+(?=\d)/, '');
  return /[^\x00-\x7f]/.test(plain) ? domainToASCII(plain) || plain : plain;
}

function errorWarnings({ error, errors }: JsonObject): Warning[] {
  const said = textOf(error) ?? textOf(errors);
  if (said === undefined) return [];
  const message = `The server says success, but also: "${said}". Look in the panel before you rely on it.`;
  return [{ code: 'error_in_success', message }];
}

/** Rows of which some may be missing: what was answered is given, what was not is named. */
function acceptRows(
  { answer: facts }: Operation,
  answer: JsonObject,
  sent: JsonObject,
): Acceptance {
  const { success: _success, message: _message, ...whole } = answer;
  const { data } = answer;
  const warnings = errorWarnings(answer);
  if (!Array.isArray(data)) {
    const message = 'The answer is not as documented: data is not a list.';
    return { result: whole, warnings: [...warnings, { code: 'unusual_answer', message }] };
  }
  const rows = data.filter(isObject).map((row) => {
    const available = readFlag(row['available']);
    // To a script any text is true, "false" too.
    return available === undefined ? row : { ...row, available };
  });
  const answered = rows.filter((row) => typeof row['available'] === 'boolean');
  const missing = (facts.asked?.(sent) ?? []).filter(
    (asked) => !answered.some((row) => isSame(String(row['domain']), asked)),
  );
  if (missing.length > 0) {
    const message = `The server did not answer for ${missing.join(', ')}.`;
    warnings.push({ code: 'not_answered', message });
  }
  return { result: { data: rows }, rows, warnings };
}

/** A flag in any of the ways in which servers write one; undefined for anything else. */
export function readFlag(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  return isFalse(value) ? false : undefined;
}

function isFalse(value: unknown): boolean {
  return value === false || value === 0 || value === '0' || value === 'false';
}
