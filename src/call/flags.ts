import { type Field, membersOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { isBlank, PASSWORD_LENGTH, textProblems } from '../plesk/rules.ts';
import type { Language } from '../samples/index.ts';
import { variable } from '../settings.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

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

/** Where a password comes from; `none` leaves it to `--input`, the environment or a question. */
export type PasswordSource =
  | { kind: 'value'; value: string }
  | { kind: 'stdin'; name: string }
  | { kind: 'file'; file: string; name: string }
  | { kind: 'generate'; length: number; out: string | null }
  | { kind: 'none' };

/**
 * Chooses the one source. Pure.
 * @throws OxhostError `usage` when two are given, or an option that belongs to another source.
 */
export function choosePasswordSource({ fields }: Operation, options: CallOptions): PasswordSource {
  const stem = fields.find(({ secret }) => secret)?.flag ?? 'password';
  const value = textOption(options, stem);
  const file = textOption(options, `${stem}-file`);
  const length = textOption(options, `${stem}-length`);
  const out = textOption(options, `${stem}-out`);
  const isStdin = textOption(options, `${stem}-stdin`) !== undefined;
  const generates = textOption(options, `generate-${stem}`) !== undefined;
  const given = [
    ...(value === undefined ? [] : [`--${stem}`]),
    ...(isStdin ? [`--${stem}-stdin`] : []),
    ...(file === undefined ? [] : [`--${stem}-file`]),
    ...(generates ? [`--generate-${stem}`] : []),
  ];
  if (given.length > 1) {
    const which = given.length === 2 ? `${given.join(' or ')}, not both` : given.join(', ');
    throw new OxhostError('usage', `The password can come from one place only: ${which}.`);
  }
  const stray = length !== undefined ? 'length' : out !== undefined ? 'out' : null;
  if (!generates && stray !== null) {
    throw new OxhostError('usage', `--${stem}-${stray} needs --generate-${stem}.`);
  }
  if (value !== undefined) return { kind: 'value', value };
  if (isStdin) return { kind: 'stdin', name: `--${stem}-stdin` };
  if (file !== undefined) return { kind: 'file', file, name: `--${stem}-file` };
  if (!generates) return { kind: 'none' };
  return { kind: 'generate', length: Number(length ?? PASSWORD_LENGTH.default), out: out ?? null };
}

/**
 * The password from its source, and what a message calls that; nothing when it is to be generated
 * or asked for.
 * @param fromInput what `--input` has, which beats the environment.
 * @throws OxhostError `invalid_input` for a file or stdin that cannot be read.
 */
export async function readPassword(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  source: PasswordSource,
  field: Field,
  fromInput: string | undefined,
): Promise<{ value?: string; from?: string }> {
  switch (source.kind) {
    case 'value':
      return { value: source.value, from: `--${field.flag}` };
    case 'stdin': {
      const text = await readStandardInput(system.stdin, source.name, signal);
      return { value: withoutFinalNewline(text), from: `The password of ${source.name}` };
    }
    case 'file': {
      const text = await readTextFile(source.file, source.name, signal);
      return { value: withoutFinalNewline(text), from: `The password in ${source.file}` };
    }
    case 'generate':
      return {};
    case 'none': {
      if (fromInput !== undefined) return { value: fromInput, from: `${field.name} in --input` };
      const name = field.variable ?? '';
      const value = variable(system.env, name);
      return value === undefined ? {} : { value, from: name };
    }
  }
}

/** One newline at the end of a file or of stdin is not part of the password. */
function withoutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What is wrong with a value, as a fragment that follows the field's name, or null. Pure. */
export function checkField(field: Field, value: string): string | null {
  if (isBlank(value)) return 'must not be empty or blank';
  const [problem] = textProblems(value);
  if (problem !== undefined) return problem;
  if (field.kind === 'integer') {
    const problem = integerProblem(field, value);
    if (problem !== null) return problem;
  }
  if (field.kind === 'list') return membersProblem(field, membersOf(value));
  if (field.choices?.includes(value) === false) return `must be ${field.choices.join(' or ')}`;
  return field.check?.(value) ?? null;
}

function membersProblem({ check }: Field, members: readonly string[]): string | null {
  if (members.length === 0 || members.some(isBlank)) return 'must be values with commas between';
  const problem = members.map((member) => check?.(member) ?? null).find((found) => found !== null);
  return problem ?? null;
}

function integerProblem({ minimum = 0, maximum }: Field, value: string): string | null {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= minimum && number <= (maximum ?? number)) return null;
  const bounds = maximum === undefined ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return `must be a whole number ${bounds}`;
}

/** What shows the request instead of sending it; neither needs a key. */
export type Preview = { kind: 'dry-run' } | { kind: 'code'; language: Language };

/** @throws OxhostError `usage` where both are asked for. */
export function previewOf(
  { settings }: Pick<Context, 'settings'>,
  options: CallOptions,
): Preview | null {
  const { code } = options;
  if (code === undefined) return options['dryRun'] === true ? { kind: 'dry-run' } : null;
  if (options['dryRun'] === true) {
    throw new OxhostError('usage', 'Give --dry-run or --code, not both.');
  }
  if (settings.sandbox) {
    throw new OxhostError(
      'usage',
      '--code --sandbox would print an address that is gone; use oxhost sandbox and --api-url.',
    );
  }
  return { kind: 'code', language: code as Language };
}
