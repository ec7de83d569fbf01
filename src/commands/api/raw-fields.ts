import { readStandardInput, readTextFile } from '../../call/text-sources.ts';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { isSecretName } from '../../output/masking.ts';
import { stepsOf } from './raw-body.ts';

/** One `-f` or `-F`, which is typed, as it was given. */
export interface GivenField {
  given: string;
  isTyped: boolean;
}

/** The same, read. */
export interface RawField {
  name: string;
  /** As it stands in a query. */
  text: string;
  /** As it stands in a JSON body; null for a list without items. */
  json: string | null;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads `key=value`, or `key[]` for a list without items: as a text, or typed, where numbers, true, false and null are what they look
 * like and `@file` is the file's text (`@-` that of stdin). Values of secret names are remembered as
 * secrets.
 * @throws OxhostError `usage` or `invalid_input`.
 */
export async function readField(
  context: Pick<Context, 'system' | 'signal' | 'redactor'>,
  { given, isTyped }: GivenField,
): Promise<RawField> {
  const equals = given.indexOf('=');
  const option = isTyped ? '-F' : '-f';
  if (equals === -1 && given.endsWith('[]')) {
    stepsOf(given);
    return { name: given, text: '', json: null };
  }
  if (equals < 1) throw new OxhostError('usage', `${option} must be key=value.`);
  const [name, value] = [given.slice(0, equals), given.slice(equals + 1)];
  const steps = stepsOf(name);
  const field = { name, ...(await readValue(context, value, isTyped)) };
  if (steps.some(isSecretName)) context.redactor.add(field.text);
  return field;
}

async function readValue(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  value: string,
  isTyped: boolean,
): Promise<{ text: string; json: string }> {
  if (isTyped && (/^(?:true|false|null)$/.test(value) || NUMBER.test(value))) {
    return { text: value, json: value };
  }
  const text =
    !isTyped || !value.startsWith('@')
      ? value
      : value === '@-'
        ? await readStandardInput(system.stdin, '-F', signal)
        : await readTextFile(value.slice(1), '-F', signal);
  return { text, json: JSON.stringify(text) };
}
