import { type Field, isObject, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { Check } from '../prompts.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

/** Values by the API's names. */
export type Values = Record<string, string>;

/**
 * The fields of `--input <file|->`: a JSON object of texts under the API's own names.
 * @throws OxhostError `invalid_input` for anything else, naming every bad member at once.
 */
export async function readInputObject(
  context: Pick<Context, 'system' | 'signal'>,
  source: string,
  operation: Operation,
): Promise<Values> {
  const text =
    source === '-'
      ? await readStandardInput(context.system.stdin, '--input', context.signal)
      : await readTextFile(source, '--input', context.signal);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OxhostError('invalid_input', '--input must be a JSON object; this is not JSON.');
  }
  if (!isObject(value)) throw new OxhostError('invalid_input', '--input must be one JSON object.');
  const known = operation.fields.map((field) => field.name);
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  const fields = entries.flatMap(([name, member]) => {
    if (!known.includes(name))
      return [{ name, message: `is no field of --input; there are ${known.join(', ')}` }];
    return typeof member === 'string'
      ? []
      : [{ name, message: 'must be a text in quotation marks' }];
  });
  if (fields.length > 0) {
    throw new OxhostError('invalid_input', '--input has members that cannot be used.', { fields });
  }
  return Object.fromEntries(entries) as Values;
}

/** Asks for every required field that has no value; then offers the optional ones. */
export async function askForMissing(
  context: Pick<Context, 'prompter'>,
  fields: readonly Field[],
  given: Values,
  checkFor: (field: Field, soFar: Values) => Check,
): Promise<Values> {
  const values: Values = { ...given };
  const prompter = await context.prompter();
  for (const field of fields) {
    if (values[field.name] !== undefined) continue;
    const check = checkFor(field, values);
    const answer = field.secret
      ? await prompter.secret(field.question, { check })
      : await prompter.text(field.question, { required: field.required, check });
    if (answer.trim() !== '') values[field.name] = answer;
  }
  return values;
}
