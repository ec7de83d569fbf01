import { type Command, Option } from 'commander';
import type { Field, JsonObject, Operation } from '../api/operation.ts';
import type { CallOptions } from '../call/flags.ts';
import type { NextStep } from '../call/record.ts';
import { OxhostError } from '../errors.ts';
import { dashError } from '../help/usage.ts';
import { PASSWORD_LENGTH } from '../plesk/rules.ts';
import {
  ChoiceOption,
  type CommandHelp,
  type DescribedCommand,
  FieldOption,
  NumberOption,
  type Register,
  SecretOption,
} from './options.ts';

/** What a command's help says that does not follow from its operation. */
export interface OperationHelp {
  /** What `--force` does, where the operation's check can be overruled. */
  force?: string;
  /** What to do after a success, for a person at a terminal. */
  next?: (result: JsonObject, platform: NodeJS.Platform) => readonly NextStep[];
  /** A paragraph, in lines of at most 80. */
  notes?: string;
  /** Command lines as a person types them, without the prompt. */
  examples: readonly string[];
}

/** The whole of a command that is one operation; what it needs beyond that is its own plain code. */
export function registerOperation(operation: Operation, help: OperationHelp): Register {
  return (command, start) => {
    addOperationOptions(command, operation);
    if (help.force !== undefined) command.option('--force', help.force);
    // One operand too many is most often a value whose flag was left out.
    command.allowExcessArguments(true);
    command.about = helpOf(operation, help);
    start(command, async (context, options: CallOptions, operands) => {
      refuseExcess(operation, command.name(), operands);
      const { runOperation } = await import('../call/run.ts');
      await runOperation(context, operation, options, operands, help.next);
    });
  };
}

/** @throws OxhostError `usage` that names the flags; a value may be a secret and is not repeated. */
function refuseExcess({ fields }: Operation, name: string, operands: readonly string[]): void {
  const count = operands.length;
  const most = fields.filter(({ isOperand }) => isOperand === true).length;
  if (count <= most) return;
  const dash = dashError(operands);
  if (dash !== null) throw dash;
  const flags = fields
    .filter(({ required, secret, isOperand }) => required && !secret && isOperand !== true)
    .sort((a, b) => Number(a.remembered === 'user') - Number(b.remembered === 'user'))
    .map(({ flag, valueName }) => `--${flag} <${valueName}>`);
  const [first, ...others] = flags;
  const takes = most === 0 ? 'options only' : `one value and got ${count}`;
  const further = others.length === 0 ? '' : ` Further options: ${others.join(', ')}.`;
  throw new OxhostError(
    'usage',
    `${name} takes ${takes}; a value with spaces needs quotes around it.`,
    { ...(first === undefined ? {} : { hint: `Did you mean ${first}?${further}` }) },
  );
}

function helpOf(operation: Operation, { notes, examples }: OperationHelp): CommandHelp {
  const { effect } = operation;
  return {
    notes: [EFFECTS[effect], ...(notes === undefined ? [] : [notes])].join('\n\n'),
    output: outputOf(operation),
    exitCodes: exitCodesOf(operation),
    examples,
    reach: [
      ...(['json', 'result', 'question', 'key', 'call'] as const),
      ...(effect === 'buy' ? (['consent'] as const) : []),
    ],
  };
}

const EFFECTS: Readonly<Record<Operation['effect'], string>> = {
  read: 'Only reads, so it is repeated when no answer comes (--retries).',
  create: 'Sent once.',
  change: 'Sent once.',
  buy: `Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once; if no usable answer came, the same command
is refused until you have looked in the panel and said what is there:
oxhost history settle.`,
};

function outputOf({ resultFields, givesList, fields }: Operation): string {
  const names = `{${resultFields.map((name) => `"${name}"`).join(', ')}}`;
  const output = givesList === true ? `[${names}]` : names;
  const secret = fields.find((field) => field.secret);
  return secret === undefined
    ? output
    : `${output}, and "generated_${secret.name}" with a generated password`;
}

function exitCodesOf({ effect, words, fields }: Operation): Record<number, string> {
  const isRead = effect === 'read';
  const isPaid = fields.some(({ name }) => name === 'type_payment');
  return {
    0: words.done,
    1: isRead ? 'no usable answer' : 'a local file',
    2: effect === 'buy' ? 'usage or --yes missing' : 'usage',
    4: 'key',
    5: isPaid ? 'refused (402: the balance is too low)' : 'refused',
    // What is read or set anew cannot exist already.
    ...(effect === 'change' || isRead ? {} : { 6: 'exists already' }),
    7: isRead ? 'no answer (safe to repeat)' : 'nothing was sent',
    ...(isRead ? {} : { 8: 'unknown (look in the panel before you repeat it)' }),
    9: 'rate limited',
  };
}

/**
 * All that follows from an operation's fields: operands, one flag for each other field, required
 * ones first, the ways to give its password, and what shows the request instead of sending it.
 */
function addOperationOptions(command: DescribedCommand, operation: Operation): void {
  command.operation = operation;
  const fields = [...operation.fields].sort((a, b) => Number(b.required) - Number(a.required));
  const operands = fields.filter(({ isOperand }) => isOperand === true);
  // Optional to commander, so that it can be asked for and is missed together with the others.
  for (const { valueName, help } of operands) command.argument(`[${valueName}]`, help);
  if (operands.length > 0) {
    command.usage(`[options] ${operands.map(({ valueName }) => `<${valueName}>`).join(' ')}`);
  }
  for (const field of fields) {
    if (!field.secret && !operands.includes(field)) command.addOption(new FieldOption(field));
  }
  const secret = fields.find((field) => field.secret);
  if (secret !== undefined) addPasswordOptions(command, secret);
  command
    .option('--input <file>', 'read the fields from a JSON object (- for standard input)')
    .option('--dry-run', 'show the request as JSON and send nothing')
    .addOption(
      new ChoiceOption('--code <language>', 'print this call as curl, javascript, python or php', [
        'curl',
        'javascript',
        'python',
        'php',
      ]),
    );
}

/** The ways to give one password. */
function addPasswordOptions(command: Command, field: Field): void {
  const stem = field.flag;
  const { minimum, maximum } = PASSWORD_LENGTH;
  const length = `length of the password made, ${minimum} to ${maximum}`;
  const options = [
    new SecretOption(`--${stem}-stdin`, 'read the password from standard input', field),
    new SecretOption(`--${stem}-file <path>`, 'read the password from a file', field),
    new SecretOption(`--generate-${stem}`, 'make a strong password and show it once', field),
    new NumberOption(`--${stem}-length <n>`, length, PASSWORD_LENGTH),
    new Option(
      `--${stem}-out <path>`,
      'write the password made to this new file, for you alone, not to the result',
    ),
    new SecretOption(
      `--${stem} <value>`,
      'the password itself: other users of this machine can read it',
      field,
    ),
  ];
  for (const option of options) command.addOption(option);
}
