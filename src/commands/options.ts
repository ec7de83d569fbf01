import { Argument, type Command, Option } from 'commander';
import type { Field, Operation } from '../api/operation.ts';
import type { Context, GivenFlag } from '../context.ts';
import { PASSWORD_LENGTH } from '../plesk/limits.ts';
import { COLORS, MAX_WAIT, type NumberRange, RETRIES, TIMEOUT } from '../settings.ts';

/** A command's own work. @returns an exit code if it is neither 0 nor that of an error. */
export type Run<Options> = (
  context: Context,
  options: Options,
  operands: readonly string[],
) => Promise<number> | Promise<void>;

/** Has a command's function run with a context and the options as they were given. */
export type Start = <Options>(command: Command, run: Run<Options>) => void;

/** What a command module exports as `register`: its own options, and the function to run. */
export type Register = (command: Command, start: Start) => void;

/** All commands with all their options, to be looked at. */
export type WholeProgram = () => Promise<Command>;

/** Heading in the help of every command. */
export const GLOBAL_OPTIONS = 'Global options:';

/** `--no-input` beside `--input <file>`: a switch of its own, not the negation of the other. */
function separateSwitch(flags: string, description: string): Option {
  const option = new Option(flags, description);
  option.negate = false;
  return option;
}

/** The global options, to be made once for a program: every command has them. */
export function globalOptions(): readonly Option[] {
  const options = [
    new Option('--json', 'data, notes and errors as JSON; never asks'),
    new Option('--fields <names>', 'with --json: only these fields, such as id,login'),
    new Option('--get <field>', 'print this one value of the result, such as id'),
    new Option('-q, --quiet', 'no notes, no spinner'),
    new Option('--debug', 'trace the request on stderr, without secrets'),
    new ChoiceOption('--color <when>', 'when to use color: auto, always or never', COLORS),
    separateSwitch('--no-color', 'the same as --color never'),
    separateSwitch('--no-input', 'never ask; what is missing is an error'),
    new Option('-y, --yes', 'answer every confirmation with yes'),
    new Option('-p, --profile <name>', 'use the key of this profile'),
    new Option('--api-url <url>', 'another API address than https://0xhost.com'),
    new Option('--sandbox', 'talk to an embedded sandbox, not to 0xHost'),
    new NumberOption('--timeout <seconds>', 'longest wait for the answer', TIMEOUT),
    new NumberOption('--max-wait <seconds>', 'longest wait in all when rate limited', MAX_WAIT),
    new NumberOption('--retries <n>', 'repeats of what was not sent, and of reads', RETRIES),
    new Option('-V, --version', 'show the version'),
    new Option('--api-key [key]').hideHelp(),
  ];
  return options.map((option) => option.helpGroup(GLOBAL_OPTIONS));
}

/** They stand on every command, so that they work before and after its name. */
export function addGlobalOptions(command: Command, options: readonly Option[]): void {
  for (const option of options) command.addOption(option);
  command.addHelpOption(new Option('-h, --help', 'show help').helpGroup(GLOBAL_OPTIONS));
}

/** The flags of a command line, whether they stand before or after the command's name. */
export function givenFlags(command: Command): GivenFlag[] {
  const given = new Map<string, readonly GivenFlag[]>();
  for (let level: Command | null = command; level !== null; level = level.parent) {
    for (const option of level.options) {
      const name = option.long ?? option.flags;
      const attribute = option.attributeName();
      if (given.has(name) || level.getOptionValueSource(attribute) !== 'cli') continue;
      const values = [level.getOptionValue(attribute)].flat() as unknown[];
      given.set(
        name,
        values.map((value) => ({ name, value: typeof value === 'string' ? value : null })),
      );
    }
  }
  return [...given.values()].flat();
}

/** The flag of a field, which knows what it stands for. */
export class FieldOption extends Option {
  readonly field: Field;

  constructor(field: Field) {
    const isSwitch = field.kind === 'switch' || field.kind === 'mark';
    super(`--${field.flag}${isSwitch ? '' : ` <${field.valueName}>`}`, field.help);
    this.field = field;
    if (field.kind === 'list') {
      this.argParser((value, earlier: readonly string[] = []) => [...earlier, value]);
    }
  }
}

/** An option with a closed list of values, which whoever uses the value checks. */
export class ChoiceOption extends Option {
  readonly values: readonly string[];

  constructor(flags: string, description: string, values: readonly string[]) {
    super(flags, description);
    this.values = values;
  }
}

/** An option that takes a number, which whoever uses the value checks against the same range. */
export class NumberOption extends Option {
  readonly range: NumberRange;

  constructor(flags: string, description: string, range: NumberRange) {
    super(flags, range.default === null ? description : `${description} (${range.default})`);
    this.range = range;
  }
}

/** An option that may be given again; its value is the list of them. */
export class ListOption extends Option {
  constructor(flags: string, description: string) {
    super(flags, `${description}; may be repeated`);
    this.argParser((value, earlier: readonly string[] = []) => [...earlier, value]);
  }
}

/** One of the flags that fill a secret field; only one of them takes the secret itself. */
export class SecretOption extends Option {
  readonly field: Field;

  constructor(flags: string, description: string, field: Field) {
    super(flags, description);
    this.field = field;
  }
}

/** An operand with a closed list of values, which whoever uses the value checks. */
export class ChoiceArgument extends Argument {
  readonly values: readonly string[];

  constructor(name: string, description: string, values: readonly string[]) {
    super(name, description);
    this.values = values;
  }
}

/** The only values that an option takes, or null. */
export function choicesOf(option: Option): readonly string[] | null {
  if (option instanceof ChoiceOption) return option.values;
  return option instanceof FieldOption ? (option.field.choices ?? null) : null;
}

/** Whether an option may be given several times, each time with a further value. */
export function isRepeatable(option: Option): boolean {
  const isList = option instanceof FieldOption && option.field.kind === 'list';
  return isList || option instanceof ListOption;
}

/** A command, and what is known of it as data. */
export interface DescribedCommand extends Command {
  operation?: Operation;
  /** Each of its errors says what became of what it was to make. */
  creates?: boolean;
  /** Where they are not those of its operation, or of a command that makes no call. */
  exitCodes?: readonly number[];
}

/**
 * All that follows from an operation's fields: operands, one flag for each other field, required
 * ones first, the ways to give its password, and what shows the request instead of sending it.
 */
export function addOperationOptions(command: DescribedCommand, operation: Operation): void {
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
