import { type Field, labelOf, membersOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { isObject } from '../output/json.ts';
import type { Values } from './flags.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

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
          message: `is unknown; the members of --input are ${known.join(', ')}`,
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
