import { isObject, type JsonObject, type Operation } from '../api/operation.ts';
import { compactJson, WrittenNumber } from '../output/json.ts';
import { createRedactor, isSecretName, MASK, maskByName } from '../output/masking.ts';
import type { Values } from './fields.ts';

/** Shorter passwords are also found in ordinary words and numbers. */
const SHORTEST_PART = 8;

/** An id that the API gives is no password, though it may have the same text. */
const IDENTIFIER = /(?:^|_)id(?:_|$)|_number$/;

/** What a run has sent that must not come back. */
export interface Sent {
  values: Values;
  key: string;
}

export const HIDDEN_NOTE = `What is secret is hidden (${MASK}); --json shows it.`;

/**
 * The part of an answer that may be shown: without the key and the password that were sent, and as
 * text without what is secret by its name. Pure.
 * @returns it, and whether JSON has more.
 */
export function shownResult(
  operation: Operation,
  result: JsonObject,
  { values, key }: Sent,
  isJson: boolean,
): { shown: JsonObject; isShort: boolean } {
  const secretName = operation.fields.find(({ secret }) => secret)?.name ?? '';
  const password = values[secretName] ?? '';
  const known = createRedactor();
  known.add(key);
  const withPassword = createRedactor();
  withPassword.add(key);
  if (password.length >= SHORTEST_PART) withPassword.add(password);

  const isSentElsewhere = (name: string, value: unknown) =>
    name !== secretName && value === values[name];
  const hide = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((member) => hide(name, member));
    if (isObject(value)) return members(value);
    if (password !== '' && isSecretName(name) && String(value) === password) return MASK;
    const isPlain = IDENTIFIER.test(name) || isSentElsewhere(name, value);
    const redactor = isPlain ? known : withPassword;
    if (typeof value === 'string') return redactor.apply(value);
    const isNumber = typeof value === 'number' || value instanceof WrittenNumber;
    return isNumber && redactor.apply(String(value)) !== String(value) ? MASK : value;
  };
  const members = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [withPassword.apply(name), hide(name, value)]),
    );

  const whole = members(result);
  if (isJson) return { shown: whole, isShort: false };
  const masked = maskByName(whole) as JsonObject;
  return { shown: masked, isShort: compactJson(masked) !== compactJson(whole) };
}
