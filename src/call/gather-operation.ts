import { type Field, labelOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import { SHORTEST_TELLING_NAME } from '../plesk/limits.ts';
import { generatePassword } from '../plesk/password.ts';
import { checkField } from './field-check.ts';
import { askForMissing, type GatheredCall, readInputObject, type Values } from './fields.ts';
import { choosePasswordSource, type PasswordFlags } from './password.ts';
import { readPassword } from './read-password.ts';

/** What the command line says about a call. */
export interface OperationInput {
  given: Values;
  /** `--input`, or undefined. */
  inputSource: string | undefined;
  /** Of the operation's one secret field, if it has one. */
  password: PasswordFlags;
  /** The password is not needed: only its variable is printed. */
  withoutPassword: boolean;
  /** The user id kept in the profile, or null. */
  rememberedUser: () => Promise<string | null>;
  /** Whether a profile would fill it in. */
  mayKeepUser: () => Promise<boolean>;
  /** Called before the first question, so that nobody answers in vain. */
  beforeAsking: () => Promise<void>;
  /** What else is missing, to be told together with the fields. */
  alsoMissing?: FieldMessage[];
}

/**
 * Collects flags, `--input`, what is remembered, password and answers, and checks them all.
 * @throws OxhostError `usage`, `missing_input` or `invalid_input`, naming every field at once.
 */
export async function gatherCall(
  context: Context,
  operation: Operation,
  input: OperationInput,
): Promise<GatheredCall> {
  const secret = operation.fields.find((field) => field.secret);
  const source = choosePasswordSource(input.password);
  if (input.inputSource === '-' && source.kind === 'stdin') {
    throw new OxhostError('usage', `--input - and ${source.name} cannot both read standard input.`);
  }
  const fromInput =
    input.inputSource === undefined
      ? {}
      : await readInputObject(context, input.inputSource, operation);
  const complete = (values: Values) => operation.complete?.(values) ?? values;
  const known = await remember(operation, { ...fromInput, ...input.given }, input);
  let values = complete(known);
  if (secret !== undefined) {
    const variable = secret.variable ?? '';
    const password = await readPassword(context, source, values[secret.name], variable);
    if (password === undefined) delete values[secret.name];
    else values[secret.name] = password;
  }
  const generates = source.kind === 'generate';
  const isAsked = (field: Field) =>
    !isSwitch(field) && !(field.secret && (generates || input.withoutPassword || !field.required));

  const problems = findProblems(operation, values, known);
  if (problems.length === 0) problems.push(...findConflicts(operation, values));
  const missing = operation.fields.filter(
    (field) => field.required && isAsked(field) && values[field.name] === undefined,
  );
  // Where standard input gave a value, nobody can type into it.
  const mayAsk = context.mayAsk && source.kind !== 'stdin' && input.inputSource !== '-';
  if (problems.length === 0 && missing.length > 0 && mayAsk) {
    await input.beforeAsking();
    const checkFor = (field: Field, soFar: Values) => (answer: string) => {
      const { name } = field;
      const completed = complete({ ...soFar, [name]: answer });
      const own = checkField(field, completed[name] ?? answer);
      if (own !== null) return `It ${own}.`;
      const [conflict] = findConflicts(operation, completed);
      return conflict === undefined ? null : `The ${conflict.name} ${conflict.message}.`;
    };
    const asked = operation.fields.filter(isAsked);
    values = complete(await askForMissing(context, asked, values, checkFor, complete));
  } else if (missing.length > 0 || problems.length > 0) {
    const lacksUser = missing.some(({ remembered }) => remembered === 'user');
    const mayKeepUser = lacksUser && (await input.mayKeepUser());
    throw inputError(missing, input.alsoMissing ?? [], problems, mayKeepUser);
  }
  if (secret !== undefined && generates) {
    values[secret.name] = generatePassword({
      length: source.length,
      avoid: tellingValues(operation, values),
      randomInteger: (maximum) => context.system.randomInteger(maximum),
    });
  }
  return {
    values: inDocumentedOrder(operation, values),
    passwordIsGenerated: generates,
    passwordOut: generates ? source.out : null,
  };
}

/** What a guesser would try first: a login, a domain, a name. */
function tellingValues({ fields }: Operation, values: Values): string[] {
  const texts = fields.filter(({ kind, choices }) => kind === undefined && choices === undefined);
  return texts
    .map(({ name }) => ({ name, value: values[name] ?? '' }))
    .filter(({ name, value }) => name.endsWith('login') || value.length >= SHORTEST_TELLING_NAME)
    .map(({ value }) => value);
}

/** On a switch silence is an answer. */
function isSwitch({ kind }: Field): boolean {
  return kind === 'switch' || kind === 'mark';
}

async function remember(
  { fields }: Operation,
  values: Values,
  { rememberedUser }: OperationInput,
): Promise<Values> {
  const field = fields.find(({ remembered }) => remembered === 'user');
  if (field === undefined || values[field.name] !== undefined) return values;
  const user = await rememberedUser();
  return user === null ? values : { ...values, [field.name]: user };
}

/** What was filled in follows from what was given: it is wrong by itself only if nothing else is. */
function findProblems({ fields }: Operation, values: Values, given: Values): FieldMessage[] {
  const found = fields.flatMap((field) => {
    const value = values[field.name];
    if (value === undefined || (value === '' && !field.required)) return [];
    const message = checkField(field, value);
    return message === null ? [] : [{ field, message }];
  });
  const own = found.filter(({ field }) => field.secret || given[field.name] !== undefined);
  const told = own.length > 0 ? own : found;
  return told.map(({ field, message }) => ({ name: labelOf(field), message }));
}

/** What is wrong only beside another field. */
function findConflicts({ fields, check }: Operation, values: Values): FieldMessage[] {
  return (check?.(values, false).problems ?? []).map(({ name, message }) => {
    const field = fields.find((each) => each.name === name);
    return { name: field === undefined ? name : labelOf(field), message };
  });
}

function inputError(
  missing: readonly Field[],
  alsoMissing: readonly FieldMessage[],
  problems: readonly FieldMessage[],
  mayKeepUser: boolean,
): OxhostError {
  const fields = [
    ...missing.map((field) => ({ name: labelOf(field), message: 'is missing' })),
    ...alsoMissing,
    ...problems,
  ];
  const labels = fields.map(({ name }) => (name.startsWith('<') ? name : `--${name}`)).join(', ');
  if (missing.length + alsoMissing.length === 0) {
    return new OxhostError(
      'invalid_input',
      `Nothing was sent: ${labels} cannot be used as given.`,
      {
        fields,
      },
    );
  }
  const is = fields.length === 1 ? 'is' : 'are';
  const secret = missing.find((field) => field.secret);
  const hint =
    secret === undefined
      ? mayKeepUser
        ? 'The user id need not be given each time: oxhost auth login --user keeps it.'
        : undefined
      : `For the password use --generate-${secret.flag}, --${secret.flag}-stdin, --${secret.flag}-file or ${secret.variable}.`;
  return new OxhostError(
    'missing_input',
    `Nothing was sent: ${labels} ${is} missing${problems.length === 0 ? '' : ' or cannot be used'}.`,
    { fields, ...(hint === undefined ? {} : { hint }) },
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
