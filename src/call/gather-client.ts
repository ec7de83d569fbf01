import type { Field } from '../api/operation.ts';
import { createClient } from '../api/operations/clients.ts';
import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import { type AccountFields, checkAccount } from '../plesk/account.ts';
import { generatePassword } from '../plesk/password.ts';
import { askForMissing, type GatheredCall, readInputObject, type Values } from './fields.ts';
import { choosePasswordSource, type PasswordFlags } from './password.ts';
import { readPassword } from './read-password.ts';

/** What the command line says about a new client. */
export interface ClientInput {
  given: Values;
  /** `--input`, or undefined. */
  inputSource: string | undefined;
  password: PasswordFlags;
  force: boolean;
  /** The password is not needed: only its variable is printed. */
  withoutPassword?: boolean;
  /** Called before the first question, so that nobody answers in vain. */
  beforeAsking: () => Promise<void>;
}

const FIELD_NAMES = createClient.fields.map((field) => field.name);

/**
 * Collects flags, `--input`, password and answers, and checks them all.
 * @throws OxhostError `usage`, `missing_input` or `invalid_input`, naming every field at once.
 */
export async function gatherClient(context: Context, input: ClientInput): Promise<GatheredCall> {
  const source = choosePasswordSource(input.password);
  if (input.inputSource === '-' && source.kind === 'stdin') {
    throw new OxhostError(
      'usage',
      '--input - and --password-stdin cannot both read standard input.',
    );
  }
  const fromInput =
    input.inputSource === undefined
      ? {}
      : await readInputObject(context, input.inputSource, createClient);
  let values: Values = { ...fromInput, ...input.given };
  const password = await readPassword(
    context,
    source,
    values['password'],
    'OXHOST_CLIENT_PASSWORD',
  );
  if (password === undefined) delete values['password'];
  else values['password'] = password;

  const generates = source.kind === 'generate';
  const needsNoPassword = generates || input.withoutPassword === true;
  const problems = findProblems(values, input.force);
  const missing = missingFields(values, needsNoPassword);
  // Where standard input gave a value, nobody can type into it.
  const mayAsk = context.mayAsk && source.kind !== 'stdin' && input.inputSource !== '-';
  if (problems.length === 0 && missing.length > 0 && mayAsk) {
    await input.beforeAsking();
    values = await ask(context, values, needsNoPassword, input.force);
  } else if (missing.length > 0 || problems.length > 0) {
    throw inputError(missing, problems);
  }
  // Two ways to write one accented letter are one name (Unicode Standard Annex 15).
  for (const name of ['name', 'company']) {
    if (values[name] !== undefined) values[name] = values[name].normalize('NFC');
  }
  if (generates) {
    values['password'] = generateFor(values, source.length, context);
  }
  const checked = { ...values } as unknown as AccountFields;
  const { warnings } = checkAccount(checked, { passwordIsGenerated: generates });
  for (const { code, field, message } of warnings) {
    context.output.warning(code, `--${field} ${message}`);
  }
  return {
    values: inDocumentedOrder(values),
    passwordIsGenerated: generates,
    passwordOut: generates ? source.out : null,
  };
}

function ask(
  context: Context,
  values: Values,
  generates: boolean,
  force: boolean,
): Promise<Values> {
  const fields = createClient.fields.filter((field) => !(field.secret && generates));
  return askForMissing(context, fields, values, (field: Field, soFar) => (answer) => {
    const all = findProblems({ ...soFar, [field.name]: answer }, force);
    const own = all.find((problem) => problem.name === field.name);
    if (own !== undefined) return `It ${own.message}.`;
    // A password that was given beforehand and contains the login that is now chosen.
    const other = all[0];
    return other === undefined ? null : `With it the ${other.name} is wrong: it ${other.message}.`;
  });
}

function findProblems(values: Values, force: boolean): FieldMessage[] {
  return checkAccount(values as Partial<AccountFields>)
    .problems.filter((problem) => !(problem.canForce && force))
    .map(({ name, message, canForce }) => ({
      name,
      message: canForce ? `${message} (--force sends it all the same)` : message,
    }));
}

function missingFields(values: Values, generates: boolean): FieldMessage[] {
  return createClient.fields
    .filter(
      ({ name, required, secret }) =>
        required && values[name] === undefined && !(secret && generates),
    )
    .map(({ flag }) => ({ name: flag, message: 'is missing' }));
}

function inputError(missing: FieldMessage[], problems: FieldMessage[]): OxhostError {
  const fields = [...missing, ...problems];
  const flags = [...new Set(fields.map(({ name }) => `--${name}`))].join(', ');
  const is = fields.length === 1 ? 'is' : 'are';
  if (missing.length === 0) {
    return new OxhostError('invalid_input', `Nothing was sent: ${flags} cannot be used as given.`, {
      fields,
      outcome: 'not_created',
    });
  }
  const lacksPassword = missing.some(({ name }) => name === 'password');
  return new OxhostError(
    'missing_input',
    `Nothing was sent: ${flags} ${is} missing${problems.length === 0 ? '' : ' or cannot be used'}.`,
    {
      fields,
      outcome: 'not_created',
      ...(lacksPassword
        ? {
            hint: 'For the password use --generate-password, --password-stdin, --password-file or OXHOST_CLIENT_PASSWORD.',
          }
        : {}),
    },
  );
}

function generateFor(values: Values, length: number, context: Context): string {
  const { login = '', email = '' } = values;
  return generatePassword({
    length,
    avoid: [login, email.split('@')[0] ?? ''],
    randomInteger: (maximum) => context.system.randomInteger(maximum),
  });
}

function inDocumentedOrder(values: Values): Values {
  return Object.fromEntries(
    FIELD_NAMES.filter((name) => values[name] !== undefined && values[name] !== '').map((name) => [
      name,
      values[name] as string,
    ]),
  );
}
