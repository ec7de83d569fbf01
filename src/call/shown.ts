import { isObject, type JsonObject, type Operation } from '../api/operation.ts';
import { WrittenNumber } from '../output/json.ts';
import { looksMachineMade } from '../output/plain-words.ts';
import {
  createRedactor,
  isSecretName,
  MASK,
  maskPairs,
  replaceSecretValues,
} from '../output/redact.ts';
import { writtenForms } from '../output/written-forms.ts';
import type { Values } from './fields.ts';

/** Shorter passwords are also found in ordinary words and numbers. */
const SHORTEST_SUBSTRING = 8;

/** An id that the API gives; no password stands there, but the same text may be one. */
const IDENTIFIER = /^(?:id|.+_id|id_.+|order_number)$/;

/** States, money, times and counts: a short password may well be the same. */
const ORDINARY =
  /^(?:status|state|currency|pay_currency|network|price|total|fee|cost|days|months.*|premium|available|(?:.+_)?amount|balance.*|lifetime|(?:.+_)?date|.+_at|.+_on)$/;

const DATE = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** What a run has sent that must not come back. */
export interface Sent {
  values: Values;
  key: string;
}

/**
 * The part of an answer that may be shown. The key and a password that was sent are hidden wherever
 * and however they come back, other secrets by their names; only JSON has those that are the
 * result. Pure.
 */
export function shownResult(
  operation: Operation,
  result: JsonObject,
  { values, key }: Sent,
  isJson: boolean,
): JsonObject {
  const secretName = operation.fields.find(({ secret }) => secret)?.name;
  const password = secretName === undefined ? '' : (values[secretName] ?? '');
  const forms = new Set(password === '' ? [] : writtenForms(password));
  const isPassword = (text: string) => forms.has(text);
  const withoutKey = redactorOf(key);
  const withoutBoth = redactorOf(key, password);
  const hidesParts = password.length >= SHORTEST_SUBSTRING;
  const givesSecrets = operation.givesSecrets === true && isJson;

  /** Behind `password=`, whatever its length. */
  const inPairs = (text: string) =>
    givesSecrets
      ? replaceSecretValues(text, (value) => (isPassword(value) ? MASK : value))
      : maskPairs(text);

  const ordinary = (name: string, text: string) => {
    if (isPassword(text) && (hidesParts || !(ORDINARY.test(name) || text.length < 4))) return MASK;
    return inPairs(hidesParts ? withoutBoth(text) : withoutKey(text));
  };
  const secret = (name: string, text: string) => {
    if (isPassword(text)) return MASK;
    const hidden = withoutBoth(text);
    if (givesSecrets || (DATE.test(text) && hidden === text)) return inPairs(hidden);
    return /metadata/i.test(name) && !looksMachineMade(text) ? inPairs(hidden) : MASK;
  };

  const shown = (name: string, value: unknown): unknown => {
    const isSecret = isSecretName(name);
    if (typeof value === 'string') return isSecret ? secret(name, value) : ordinary(name, value);
    if (typeof value === 'number' || value instanceof WrittenNumber) return number(isSecret, value);
    if (isSecret && !givesSecrets && typeof value === 'object' && value !== null) return MASK;
    if (Array.isArray(value)) return value.map((member) => shown(name, member));
    return isObject(value) ? members(value) : value;
  };
  const number = (isSecret: boolean, value: number | WrittenNumber) => {
    const text = String(value);
    const isHidden = isSecret ? !givesSecrets || isPassword(text) : isPassword(text) && hidesParts;
    return isHidden || text === key ? MASK : value;
  };

  const members = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
        if (value === undefined) return [[name, value]];
        // What was sent as another field, or is called an id, is no password.
        if (isKnown(name, value)) return [[name, exceptKey(value)]];
        const isBack = /password|passwd/i.test(name) && isPassword(String(value));
        return isBack && !givesSecrets ? [] : [[name, shown(name, value)]];
      }),
    );
  const isKnown = (name: string, value: unknown) =>
    ((typeof value === 'string' || typeof value === 'number') && IDENTIFIER.test(name)) ||
    (name !== secretName && value === values[name]);
  const exceptKey = (value: unknown) =>
    typeof value === 'string' ? withoutKey(value) : String(value) === key ? MASK : value;

  return members(result);
}

function redactorOf(...secrets: string[]): (text: string) => string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return (text) => redactor.apply(text);
}
