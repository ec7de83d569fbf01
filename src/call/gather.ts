import { type Field, labelOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import { generatePassword } from '../plesk/password.ts';
import { PASSWORD_LENGTH, SHORTEST_TELLING_NAME } from '../plesk/rules.ts';
import {
  type CallOptions,
  checkField,
  choosePasswordSource,
  givenValues,
  type PasswordSource,
  readPassword,
  type Values,
} from './flags.ts';
import { readInputObject } from './input-object.ts';

/** A call that is ready to be sent. */
export interface GatheredCall {
  /** By the API's names, as texts, a secret included. */
  values: Values;
  passwordIsGenerated: boolean;
  /** Where a generated password goes instead of the result, or null. */
  passwordOut: string | null;
}

/** What a command knows next to its flags. */
export interface GatherOptions {
  operands: readonly string[];
  /** The password is not needed: only its variable is printed. */
  withoutPassword: boolean;
  /** The user id kept in the profile, or null. */
  rememberedUser: () => Promise<string | null>;
  /** Called before the first question, so that nobody answers for nothing. */
  beforeAsking: () => Promise<void>;
  /** What else is missing, to be said together with the fields. */
  alsoMissing: readonly FieldMessage[];
}

/**
 * Collects flags, `--input`, the environment, what is remembered and answers, and checks them all.
 * @throws OxhostError `usage`, `missing_input` or `invalid_input`, naming every field at once.
 */
export async function gather(
  context: Context,
  operation: Operation,
  options: CallOptions,
  extra: GatherOptions,
): Promise<GatheredCall> {
  const source = choosePasswordSource(operation, options);
  const { values: given, sources } = await readGiven(context, operation, options, extra, source);
  const complete = (values: Values): Values => operation.complete?.(values) ?? values;
  let values = complete(given);
  let generates = source.kind === 'generate';
  const isAsked = (field: Field) =>
    !isSwitch(field) && !(field.secret && (generates || extra.withoutPassword || !field.required));
  const force = options['force'] === true;
  const problems = findProblems(operation, values, given, force);
  const missing = operation.fields.filter(
    (field) => field.required && isAsked(field) && values[field.name] === undefined,
  );
  if (missing.length > 0 && problems.length === 0 && mayAsk(context, source, options)) {
    await extra.beforeAsking();
    const { askForMissing } = await import('./questions.ts');
    const fields = operation.fields.filter(isAsked);
    const answers = await askForMissing(context, operation, fields, values, complete);
    generates ||= answers.generates;
    values = complete(answers.values);
  } else if (missing.length + problems.length > 0) {
    throw inputError(missing, extra.alsoMissing, problems);
  }
  const secret = operation.fields.find((field) => field.secret);
  if (secret !== undefined && generates) {
    values[secret.name] = generatePassword({
      length: source.kind === 'generate' ? source.length : PASSWORD_LENGTH.default,
      avoid: guessable(operation, values),
      randomInteger: (maximum) => context.system.randomInteger(maximum),
    });
  }
  for (const { code, field, message } of operation.check?.(values, generates).warnings ?? []) {
    // What was asked for was said at the question.
    if (sources[field] !== undefined) context.output.warning(code, `${sources[field]} ${message}`);
  }
  return {
    values: inDocumentedOrder(operation, values),
    passwordIsGenerated: generates,
    passwordOut: source.kind === 'generate' ? source.out : null,
  };
}

/** What is given, by falling precedence, and what a message calls each place. */
async function readGiven(
  context: Context,
  operation: Operation,
  options: CallOptions,
  { operands, rememberedUser }: GatherOptions,
  source: PasswordSource,
): Promise<{ values: Values; sources: Record<string, string> }> {
  const input = typeof options['input'] === 'string' ? options['input'] : undefined;
  if (input === '-' && source.kind === 'stdin') {
    throw new OxhostError('usage', `--input - and ${source.name} cannot both read standard input.`);
  }
  const fromInput = input === undefined ? {} : await readInputObject(context, input, operation);
  const fromFlags = givenValues(operation, options, operands);
  const values: Values = { ...fromInput, ...fromFlags };
  const sources: Record<string, string> = {};
  for (const field of operation.fields) {
    const { name, secret, remembered } = field;
    if (remembered === 'user' && values[name] === undefined) {
      const user = await rememberedUser();
      if (user !== null) values[name] = user;
    }
    if (secret) {
      const { value, from } = await readPassword(context, source, field, values[name]);
      delete values[name];
      if (value !== undefined) Object.assign(values, { [name]: value });
      if (from !== undefined) sources[name] = from;
    } else if (fromFlags[name] !== undefined) sources[name] = `--${labelOf(field)}`;
    else if (values[name] !== undefined) sources[name] = `${name} in --input`;
  }
  return { values, sources };
}

/** Where standard input gave a value, nobody can type into it. */
function mayAsk(context: Context, source: PasswordSource, options: CallOptions): boolean {
  return context.mayAsk && source.kind !== 'stdin' && options['input'] !== '-';
}

/** What a guesser would try first: a login, a domain, a name. */
function guessable({ fields }: Operation, values: Values): string[] {
  const texts = fields.filter(({ kind, choices }) => kind === undefined && choices === undefined);
  return texts
    .map(({ name }) => ({ name, value: (values[name] ?? '').replace(/@.*/s, '') }))
    .filter(({ name, value }) => name.endsWith('login') || value.length >= SHORTEST_TELLING_NAME)
    .map(({ value }) => value);
}

/** On a switch silence is an answer. */
function isSwitch({ kind }: Field): boolean {
  return kind === 'switch' || kind === 'mark';
}

/** What was filled in follows from what was given: it is wrong by itself only if nothing else is. */
function findProblems(
  operation: Operation,
  values: Values,
  given: Values,
  force: boolean,
): FieldMessage[] {
  const { fields, check } = operation;
  const found = fields.flatMap((field) => {
    const value = values[field.name];
    if (value === undefined || (value === '' && !field.required)) return [];
    const message = checkField(field, value);
    return message === null ? [] : [{ field, message }];
  });
  const own = found.filter(({ field }) => field.secret || given[field.name] !== undefined);
  const wrong = (own.length > 0 ? own : found).map(({ field, message }) => ({
    ...{ name: labelOf(field), message },
  }));
  const names = new Set(found.map(({ field }) => field.name));
  // A client's fields are checked as a whole; elsewhere one fault follows from another.
  const problems =
    wrong.length > 0 && operation.effect !== 'create' ? [] : check?.(values, false).problems;
  const further = (problems ?? [])
    .filter(({ name, canForce }) => !names.has(name) && !(force && canForce === true))
    .map(({ name, message, canForce }) => {
      const field = fields.find((each) => each.name === name);
      const way = canForce === true ? ' (--force sends it all the same)' : '';
      return { name: field === undefined ? name : labelOf(field), message: `${message}${way}` };
    });
  const place = ({ name }: FieldMessage) => fields.findIndex((field) => labelOf(field) === name);
  return [...wrong, ...further].sort((a, b) => place(a) - place(b));
}

function inputError(
  missing: readonly Field[],
  alsoMissing: readonly FieldMessage[],
  problems: readonly FieldMessage[],
): OxhostError {
  const fields = [
    ...missing.map((field) => ({ name: labelOf(field), message: 'is missing' })),
    ...alsoMissing,
    ...problems,
  ];
  const names = [...new Set(fields.map(({ name }) => name))];
  const labels = names.map((name) => (name.startsWith('<') ? name : `--${name}`)).join(', ');
  if (missing.length + alsoMissing.length === 0) {
    const message = `Nothing was sent: ${labels} cannot be used as given.`;
    return new OxhostError('invalid_input', message, { fields });
  }
  const is = names.length === 1 ? 'is' : 'are';
  const secret = missing.find((field) => field.secret);
  const hints = [
    ...(secret === undefined
      ? []
      : [
          `For the password use --generate-${secret.flag}, --${secret.flag}-stdin, --${secret.flag}-file or ${secret.variable}.`,
        ]),
    ...(missing.some(({ remembered }) => remembered === 'user')
      ? ['The user id need not be given each time: oxhost auth login --user keeps it.']
      : []),
  ];
  return new OxhostError(
    'missing_input',
    `Nothing was sent: ${labels} ${is} missing${problems.length === 0 ? '' : ' or cannot be used'}.`,
    { fields, ...(hints.length === 0 ? {} : { hint: hints.join(' ') }) },
  );
}

function inDocumentedOrder({ fields }: Operation, values: Values): Values {
  return Object.fromEntries(
    fields.flatMap((field): [string, string][] => {
      const value = values[field.name];
      if (field.kind === 'mark') return value === '1' ? [[field.name, '1']] : [];
      if (field.kind === 'switch' && field.required) return [[field.name, value ?? '0']];
      return value === undefined || value === '' ? [] : [[field.name, value]];
    }),
  );
}
