import { domainToASCII } from 'node:url';
import { isObject, textOf } from '../output/json.ts';
import { identifierOf, type JsonObject, type Operation, valueAt } from './operation.ts';

export interface Warning {
  code: string;
  message: string;
}

/** What an operation's answer comes to when it says success. */
export type Acceptance =
  | { result: JsonObject; rows?: readonly JsonObject[]; warnings: Warning[] }
  /** Why nobody can say whether it was done: a clause. */
  | { problem: string };

/**
 * Takes a success for what it is: whoever paid must not read that nobody knows, so only what
 * contradicts success, or lacks every id, is a problem. All other oddities are warnings. Pure.
 */
export function accept(operation: Operation, answer: JsonObject, sent: JsonObject): Acceptance {
  const { answer: facts, effect } = operation;
  const { success: _success, message: _message, ...whole } = answer;
  if (facts.in === 'list') return acceptRows(operation, answer, whole, sent);
  const data = facts.in === 'data' ? onlyObject(whole['data']) : undefined;
  const extra = Object.entries(whole).filter(([name]) => facts.extra?.includes(name));
  const result = data === undefined ? whole : { ...data, ...Object.fromEntries(extra) };
  const problem =
    effect === 'read' ? null : (contradiction(operation, answer) ?? lack(operation, result, sent));
  if (problem !== null) return { problem };
  const warnings = [
    ...differences(operation, result, sent),
    ...absences(operation, result, sent),
    ...errorWarnings(answer),
  ];
  return { result: withTextIds(operation, result), warnings };
}

/** The reference calls `data` "object or array": an array of exactly one object counts as it. */
function onlyObject(data: unknown): JsonObject | undefined {
  const candidate = Array.isArray(data) && data.length === 1 ? data[0] : data;
  return isObject(candidate) ? candidate : undefined;
}

/** Of what is created: documented members first, ids as texts, and none that is null. */
function withTextIds({ resultFields, answer, effect }: Operation, result: JsonObject): JsonObject {
  if (effect !== 'create') return result;
  const ids = Object.values(answer.ids ?? {});
  const names = [...new Set([...resultFields, ...Object.keys(result)])];
  const entries = names
    .filter((name) => Object.hasOwn(result, name) && !(ids.includes(name) && result[name] === null))
    .map((name) => [name, ids.includes(name) ? identifierOf(result[name]) : result[name]]);
  return Object.fromEntries(entries);
}

const FAILED = /^\s*(?:fail(?:ed|ure)?|cancell?ed|declined|rejected|error)\s*$/i;
const PENDING = /^\s*(?:pending|processing|queued|in[ _-]progress)\s*$/i;

/** What the answer says against its own `success`. */
function contradiction({ effect, words }: Operation, answer: JsonObject): string | null {
  for (const [path, value] of membersWithin(answer)) {
    const name = path.split('.').at(-1);
    const isStatus = name === 'status' || name === 'state';
    if (name === 'success' && path !== name && readFlag(value) === false) {
      return `it says success, but ${path} is false`;
    }
    if (isStatus && FAILED.test(String(value))) {
      return `it says success, but ${path} is "${String(value).trim()}"`;
    }
    if (isStatus && effect === 'create' && PENDING.test(String(value))) {
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
    const inner = path.length < DEEPEST ? onlyObject(member) : undefined;
    return [[path.join('.'), member], ...(inner === undefined ? [] : membersWithin(inner, path))];
  });
}

/** Why the answer does not prove that what was sent was done, or null. */
function lack({ answer: facts, words }: Operation, result: JsonObject, sent: JsonObject) {
  const { proof, recognizedBy } = facts;
  if (proof?.every((path) => identifierOf(valueAt(result, path)) === undefined)) {
    return `it has no id of ${words.subject}`;
  }
  if (recognizedBy === undefined || result[recognizedBy] == null) return null;
  // The server may put something before or after a login, or change its case.
  const returned = identifierOf(result[recognizedBy])?.toLowerCase() ?? '';
  return returned.includes(String(sent[recognizedBy]).toLowerCase())
    ? null
    : `it names another ${recognizedBy} than the one that was sent`;
}

function odd(what: string): Warning {
  return { code: 'unusual_answer', message: `The answer is not as documented: ${what}.` };
}

function differences({ answer: facts }: Operation, result: JsonObject, sent: JsonObject) {
  const { recognizedBy: name, repeats = {} } = facts;
  const [returned, asked] = name === undefined ? [] : [identifierOf(result[name]), sent[name]];
  const message = `The server changed the ${name} ${asked} to ${returned}; ${returned} is the one to keep.`;
  const isChanged = returned !== undefined && returned !== asked;
  const others = Object.entries(repeats).flatMap(([path, field]) => {
    const value = identifierOf(valueAt(result, path));
    const given = sent[field];
    return value === undefined || given === undefined || isSame(value, String(given))
      ? []
      : [odd(`${path} is "${value}", but "${given}" was sent`)];
  });
  return isChanged ? [{ code: `${name}_changed`, message }, ...others] : others;
}

/** What is documented and is not there; what is there but null counts as absent without a word. */
function absences({ answer: facts }: Operation, result: JsonObject, sent: JsonObject): Warning[] {
  // Of an order that is still to be paid nothing else can be there yet.
  const status = valueAt(result, 'order.status') ?? result['status'];
  const isOpen = PENDING.test(String(status)) || sent['type_payment'] === 'crypto';
  const absent = (facts.expected ?? []).flatMap((path) => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    const isLater = isOpen && parent !== '' && parent !== 'order';
    if (isLater || valueAt(result, path) !== undefined) return [];
    return [parent !== '' && valueAt(result, parent) === undefined ? parent : path];
  });
  return [...new Set(absent)].map((path) => odd(`${path} is missing`));
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
  whole: JsonObject,
  sent: JsonObject,
): Acceptance {
  const { data } = answer;
  const warnings = errorWarnings(answer);
  if (!Array.isArray(data)) {
    return { result: whole, warnings: [...warnings, odd('data is not a list')] };
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
  return value === false || value === 0 || value === '0' || value === 'false' ? false : undefined;
}
