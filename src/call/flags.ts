import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';

/** Values by the API's names, as texts. */
export type Values = Record<string, string>;

/** Flags of a command that is one operation, by the names that commander gives them. */
export type CallOptions = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** An option's text, `''` for a switch that is on, undefined where it was not given. */
export function textOption(options: CallOptions, flag: string): string | undefined {
  const value = options[camelCase(flag)];
  if (value === undefined || value === false) return undefined;
  return value === true ? '' : [value].flat().join(',');
}

/** The fields that were given as flags or operands, as texts. Pure. */
export function givenValues(
  { fields }: Operation,
  options: CallOptions,
  operands: readonly string[],
): Values {
  const places = fields.filter((field) => field.isOperand === true);
  return Object.fromEntries(
    fields.flatMap((field): [string, string][] => {
      if (field.secret) return [];
      const position = places.indexOf(field);
      const value = position === -1 ? textOption(options, field.flag) : operands[position];
      const isSwitch = field.kind === 'switch' || field.kind === 'mark';
      return value === undefined ? [] : [[field.name, isSwitch ? '1' : value]];
    }),
  );
}

/** Name of a generated password in the result: `generated_ftp_password`. */
export function generatedName({ fields }: Operation): string {
  return `generated_${fields.find(({ secret }) => secret)?.name ?? 'password'}`;
}

/**
 * After the request it would be too late to find out that a field does not exist.
 * @throws OxhostError `usage`.
 */
export function checkChosenFields(
  { settings }: Pick<Context, 'settings'>,
  operation: Operation,
  options: CallOptions,
): void {
  const { fields, get } = settings;
  const chosen = get === null ? fields : [get];
  if (chosen === null) return;
  const name = get === null ? '--fields' : '--get';
  const secret = operation.fields.find((field) => field.secret);
  const generated = secret === undefined ? [] : [generatedName(operation)];
  const { members, extra = [] } = operation.answer;
  const known = [...operation.resultFields, ...generated];
  const unknown = chosen.filter((path) => {
    const isNested = get !== null && [...members, ...extra].some((each) => each === path);
    // What stands deeper than what is documented may be there.
    const isBelow = [...members, ...extra].some((each) => path.startsWith(`${each}.`));
    return !known.includes(path) && !isNested && !(get !== null && isBelow);
  });
  if (unknown.length > 0) {
    const all = get === null ? known : [...members, ...extra, ...generated];
    throw new OxhostError(
      'usage',
      `${name}: there is no ${unknown.join(', ')}; there are ${all.join(', ')}.`,
    );
  }
  const makesOne =
    secret !== undefined &&
    textOption(options, `generate-${secret.flag}`) !== undefined &&
    textOption(options, `${secret.flag}-out`) === undefined;
  if (makesOne && !chosen.some((path) => generated.includes(path))) {
    throw new OxhostError(
      'usage',
      `${name} leaves out ${generated[0]}, which would be lost: add --${secret.flag}-out.`,
    );
  }
}

/** As commander names the value of a flag. */
function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}
