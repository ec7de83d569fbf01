import { Argument, type Command, Option } from 'commander';
import type { Field, Operation } from '../api/operation.ts';
import type { Context, GivenFlag } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { COLORS, MAX_WAIT, type NumberRange, numberFrom, RETRIES, TIMEOUT } from '../settings.ts';

/** A command's own work. @returns an exit code if it is neither 0 nor that of an error. */
export type Run<Options> = (
  context: Context,
  options: Options,
  operands: readonly string[],
) => Promise<number> | Promise<void>;

/** Has a command's function run with a context and the options as they were given. */
export type Start = <Options>(command: Command, run: Run<Options>) => void;

/** What a command module exports as `register`: its own options, and the function to run. */
export type Register = (command: DescribedCommand, start: Start) => void;

/** All commands with all their options, to be looked at. */
export type WholeProgram = () => Promise<Command>;

/** Heading in the help of every command. */
export const GLOBAL_OPTIONS = 'Global options:';

/** `--no-input` next to `--input <file>`: a switch of its own, not the negation of the other. */
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
        values.map((value) => ({ name, value: typeof value === 'boolean' ? null : String(value) })),
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

/** An option with a closed list of values; another one is a usage error. */
export class ChoiceOption extends Option {
  readonly values: readonly string[];

  constructor(flags: string, description: string, values: readonly string[]) {
    super(flags, description);
    this.values = values;
    this.argParser((value) => {
      const found = values.find((known) => known.toLowerCase() === value.toLowerCase());
      if (found !== undefined) return found;
      const list = `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
      throw new OxhostError('usage', `${this.long} must be ${list}.`);
    });
  }
}

/** An option that takes a number; one outside its range is a usage error. */
export class NumberOption extends Option {
  readonly range: NumberRange;

  constructor(flags: string, description: string, range: NumberRange) {
    super(flags, range.default === null ? description : `${description} (${range.default})`);
    this.range = range;
    this.argParser((value) => numberFrom(value, this.long ?? flags, range));
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

/** What global options act on: those that choose from a result, that answer a question, … */
export type Reach = 'json' | 'result' | 'question' | 'consent' | 'key' | 'call';

/** What a command says of itself; its help, `commands --json` and the man pages are made from it. */
export interface CommandHelp {
  /** Paragraphs; lines that begin with a space stay as they are. */
  notes?: string;
  /** What `--json` gives. */
  output?: string;
  /** When it ends with each code, signals aside; left out for a command that only uses the disk. */
  exitCodes?: Readonly<Record<number, string>>;
  /** Whole command lines for a POSIX shell. */
  examples: readonly string[];
  /** What its help names of the global options; `json` and `result` when left out. */
  reach?: readonly Reach[];
}

/** A command, and what is known of it as data. */
export interface DescribedCommand extends Command {
  operation?: Operation;
  about?: CommandHelp;
  /** Each of its errors says what became of what it was to make. */
  creates?: boolean;
}

/** The names of a command's groups and its own; the root has none. Pure. */
export function pathOf(command: Command): string {
  if (command.parent === null) return '';
  return `${pathOf(command.parent)} ${command.name()}`.trim();
}

const LOCAL = { 0: 'done', 1: 'a local file', 2: 'usage' };
const SIGNALS = { 130: 'Ctrl-C', 143: 'SIGTERM' };

/** Every way in which a command can end. Pure. */
export function exitCodesOf({ about }: DescribedCommand): Readonly<Record<number, string>> {
  return { ...(about?.exitCodes ?? LOCAL), ...SIGNALS };
}
