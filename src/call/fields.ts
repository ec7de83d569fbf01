import { type Field, isObject, labelOf, membersOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { Check } from '../prompts.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

/** Values by the API's names. */
export type Values = Record<string, string>;

/** A call that is ready to be sent. */
export interface GatheredCall {
  /** By the API's names, as texts, a secret included. */
  values: Values;
  passwordIsGenerated: boolean;
  /** Where a generated password goes instead of the result, or null. */
  passwordOut: string | null;
}

/**
 * The fields of `--input <file|->`: a JSON object under the API's own names.
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
  const values: Values = {};
  const fields = entries.flatMap(([name, member]) => {
    const field = operation.fields.find((candidate) => candidate.name === name);
    if (field === undefined)
      return [
        {
          name,
          message: `is no field of --input; there are ${known.join(', ')}`,
          isOption: false as const,
        },
      ];
    const text = textOfMember(field, member);
    if (text === undefined)
      return [{ name: labelOf(field), message: `${WANTED[field.kind ?? 'text']} in --input` }];
    values[name] = text;
    return [];
  });
  if (fields.length > 0) {
    throw new OxhostError('invalid_input', '--input has members that cannot be used.', { fields });
  }
  return values;
}

const WANTED: Readonly<Record<NonNullable<Field['kind']>, string>> = {
  text: 'must be a text in quotation marks',
  integer: 'must be a whole number',
  switch: 'must be true or false',
  mark: 'must be true or false',
  list: 'must be an array of texts',
};

/** A member as a person would give it on the command line, or undefined if it is of another kind. */
function textOfMember({ kind }: Field, member: unknown): string | undefined {
  if (kind === 'switch' || kind === 'mark') {
    if (member === true || member === 1 || member === '1') return '1';
    return member === false || member === 0 || member === '0' ? '0' : undefined;
  }
  if (typeof member === 'string') return kind === 'list' ? membersOf(member).join(',') : member;
  if (kind === 'integer' && typeof member === 'number') return String(member);
  const isList = Array.isArray(member) && member.every((item) => typeof item === 'string');
  return kind === 'list' && isList ? member.join(',') : undefined;
}

/** Asks for every required field that has no value; then offers the optional ones. */
export async function askForMissing(
  context: Pick<Context, 'prompter'>,
  fields: readonly Field[],
  given: Values,
  checkFor: (field: Field, soFar: Values) => Check,
  complete: (values: Values) => Values = (values) => values,
): Promise<Values> {
  let values: Values = { ...given };
  const prompter = await context.prompter();
  for (const field of fields) {
    values = complete(values);
    if (values[field.name] !== undefined) continue;
    const { question, choices, required, secret } = field;
    const check = checkFor(field, values);
    const answer = secret
      ? await prompter.secret(question, {
          check,
          empty: `Please give a value, or stop with Ctrl-C and use --generate-${field.flag}.`,
        })
      : choices !== undefined && required
        ? await prompter.select(question, choices)
        : await prompter.text(question, { required, check });
    if (answer.trim() !== '') values[field.name] = answer;
  }
  return values;
}
