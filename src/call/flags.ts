import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { generatedName } from './attempt.ts';
import type { Values } from './fields.ts';
import type { PasswordFlags } from './password.ts';

/** Flags of a command that is one operation, by the names that commander gives them. */
export type CallOptions = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

/** The fields that were given as flags or operands, as texts. Pure. */
export function givenValues(
  { fields }: Operation,
  options: CallOptions,
  operands: readonly string[] = [],
): Values {
  const isOperand = fields.filter((field) => field.isOperand === true);
  return Object.fromEntries(
    fields
      .filter(({ secret }) => !secret)
      .flatMap((field): [string, string][] => {
        const position = isOperand.indexOf(field);
        const value = position === -1 ? options[camelCase(field.flag)] : operands[position];
        if (value === undefined || value === false) return [];
        if (value === true) return [[field.name, '1']];
        return [[field.name, typeof value === 'string' ? value : value.join(',')]];
      }),
  );
}

/** The flags of the operation's password. Pure. */
export function passwordFlags({ fields }: Operation, options: CallOptions): PasswordFlags {
  const stem = fields.find(({ secret }) => secret)?.flag ?? 'password';
  const text = (flag: string) => {
    const value = options[camelCase(flag)];
    return typeof value === 'string' ? value : undefined;
  };
  const [value, file] = [text(stem), text(`${stem}-file`)];
  const [length, out] = [text(`${stem}-length`), text(`${stem}-out`)];
  return {
    stem,
    ...(value === undefined ? {} : { value }),
    ...(options[camelCase(`${stem}-stdin`)] === true ? { stdin: true } : {}),
    ...(file === undefined ? {} : { file }),
    ...(options[camelCase(`generate-${stem}`)] === true ? { generate: true } : {}),
    ...(length === undefined ? {} : { length }),
    ...(out === undefined ? {} : { out }),
  };
}

/**
 * After the request it would be too late to find out that a field does not exist, where it may not
 * be repeated.
 * @throws OxhostError `usage`.
 */
export function checkChosenFields(
  { settings }: Pick<Context, 'settings'>,
  operation: Operation,
  password: PasswordFlags,
): void {
  const { fields } = settings;
  if (fields === null || operation.effect === 'read') return;
  const hasSecret = operation.fields.some(({ secret }) => secret);
  const generated = generatedName(operation);
  const known = [...operation.resultFields, ...(hasSecret ? [generated] : [])];
  checkKnown(fields, known);
  if (!fields.includes(generated) && password.generate === true && password.out === undefined) {
    throw new OxhostError(
      'usage',
      `--fields leaves out ${generated}, which would be lost; add it, or use --${password.stem}-out.`,
    );
  }
}

/** @throws OxhostError `usage`. */
export function checkKnown(
  chosen: readonly string[],
  known: readonly string[],
  attempts = 0,
): void {
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new OxhostError(
    'usage',
    `--fields: there is no ${unknown.join(', ')}; there are ${known.join(', ')}.`,
    { attempts },
  );
}

/** As commander names the value of a flag. */
function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}
