import type { FieldMessage } from '../errors.ts';
import type { Field, Operation } from './operation.ts';
import type { Refusal } from './refusal.ts';

/** What a person calls a field: its option without dashes, or its operand as in the usage line. */
export function labelOf({ isOperand, flag, valueName }: Field): string {
  return isOperand === true ? `<${valueName}>` : flag;
}

/**
 * What the server finds wrong, under the names that the command line has. Servers write
 * `client_id`, `data.client_id` or `suffixes.0`. A name that is no field's stays as it is. Pure.
 */
export function refusedFields({ fields }: Operation, refusal: Refusal): FieldMessage[] {
  return refusal.fields.map(({ name, message }) => {
    const parts = name.split(/[./]/);
    const field = fields.find((each) => each.name === name || parts.includes(each.name));
    return field === undefined
      ? { name, message, isOption: false }
      : { name: labelOf(field), message };
  });
}
