import { isObject, type JsonObject, type Operation } from '../api/operation.ts';
import type { Values } from '../input/fields.ts';
import { isSecretName, MASK } from '../output/redact.ts';

/**
 * The part of an answer that may be shown. A password that was sent is masked wherever it comes
 * back, other secrets by their names; only JSON has those that are the result. Pure.
 */
export function shownResult(
  operation: Operation,
  result: JsonObject,
  sent: Values,
  isJson: boolean,
): JsonObject {
  const secretName = operation.fields.find(({ secret }) => secret)?.name;
  const password = secretName === undefined ? '' : (sent[secretName] ?? '');
  const givesSecrets = operation.givesSecrets === true && isJson;

  const masked = (value: unknown): unknown => {
    if (typeof value === 'string')
      return password === '' ? value : value.replaceAll(password, MASK);
    if (Array.isArray(value)) return value.map(masked);
    return isObject(value) ? members(value) : value;
  };
  const members = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
        // What was sent as another field, or is called an id, is no leak.
        if (isIdentifier(name) || isEcho(name, value)) return [[name, value]];
        if (givesSecrets || !isSecretName(name) || value === null) return [[name, masked(value)]];
        return isPasswordName(name) ? [] : [[name, MASK]];
      }),
    );
  const isEcho = (name: string, value: unknown) =>
    name !== secretName && value !== undefined && value === sent[name];
  return members(result);
}

function isIdentifier(name: string): boolean {
  return /^(?:id|.*_id|order_number)$/.test(name);
}

function isPasswordName(name: string): boolean {
  return /password|passwd/i.test(name);
}
