import type { Argument, Command, Option } from 'commander';
import type { Field, Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { ERROR_KINDS, EXIT_CODES } from '../errors.ts';
import { paragraphsOf } from '../help/layout.ts';
import { VARIABLES } from '../help/reference.ts';
import { VERSION } from '../version.ts';
import {
  ChoiceArgument,
  type CommandHelp,
  choicesOf,
  type DescribedCommand,
  exitCodesOf,
  FieldOption,
  GLOBAL_OPTIONS,
  isRepeatable,
  NumberOption,
  type Register,
  SecretOption,
  type WholeProgram,
} from './options.ts';

export function registerFor(wholeProgram: WholeProgram): Register {
  return (command, start) => {
    command.about = ABOUT;
    start(command, (context) => run(context, wholeProgram));
  };
}

export async function run({ output, system }: Context, wholeProgram: WholeProgram): Promise<void> {
  const root = await wholeProgram();
  const all = below(root, []);
  if (output.isJson) return output.json(describe(root, all));
  // A program that reads the list wants each name whole.
  const isTree = system.stdout.isTTY === true;
  const rows = all
    .filter(({ command }) => isTree || isCommand(command))
    .map(({ path, command }) => ({
      command: isTree
        ? `${'  '.repeat(path.length - 1)}${command.name()}${operandsOf(command)}`
        : path.join(' '),
      summary: command.summary(),
    }));
  return output.list(['command', 'summary'], rows);
}

interface Found {
  path: readonly string[];
  command: DescribedCommand;
}

/** Groups before what is in them. */
function below(parent: Command, path: readonly string[]): Found[] {
  return parent.commands.flatMap((command) => {
    const own = [...path, command.name()];
    return [{ path: own, command }, ...below(command, own)];
  });
}

function isGroup({ commands }: Command): boolean {
  return commands.length > 0;
}

/** A group may be one too: `oxhost history`. */
function isCommand(command: DescribedCommand): boolean {
  return !isGroup(command) || command.about !== undefined;
}

function operandsOf({ registeredArguments }: Command): string {
  return registeredArguments.map((operand) => ` <${operand.name()}>`).join('');
}

function describe(root: Command, all: readonly Found[]) {
  return {
    format: 1,
    version: VERSION,
    groups: all
      .filter(({ command }) => isGroup(command))
      .map(({ path, command }) => ({ group: path.join(' '), summary: command.summary() })),
    commands: all.filter(({ command }) => isCommand(command)).map(describeCommand),
    global_options: listed(root, true).map((option) => describeOption(option, undefined)),
    environment: VARIABLES.map(({ name, meaning }) => ({ name, meaning })),
    exit_codes: EXIT_CODES,
    error_codes: Object.entries(ERROR_KINDS).map(([code, { exitCode, retry }]) => ({
      code,
      exit_code: exitCode,
      retry,
    })),
  };
}

function describeCommand({ path, command }: Found) {
  const { about, operation, creates = false } = command;
  const effect = operation?.effect ?? (creates ? 'create' : null);
  return {
    command: path.join(' '),
    summary: command.summary(),
    notes: about?.notes === undefined ? [] : paragraphsOf(about.notes),
    examples: about?.examples ?? [],
    effect,
    creates,
    buys: effect === 'buy',
    request: operation === undefined ? null : describeRequest(operation),
    result_fields: operation?.resultFields ?? null,
    exit_codes: Object.keys(exitCodesOf(command)).map(Number),
    arguments: command.registeredArguments.map((argument) => describeArgument(argument, operation)),
    options: listed(command, false).map((option) => describeOption(option, operation)),
  };
}

function describeRequest({ method, path, encoding, fields }: Operation) {
  return {
    method,
    path,
    encoding,
    fields: fields.map(({ name, kind, required, secret }) => ({
      name,
      type: FIELD_TYPES[kind ?? 'text'],
      required,
      secret,
    })),
  };
}

/** As they stand in a JSON body. */
const FIELD_TYPES: Readonly<Record<NonNullable<Field['kind']>, string>> = {
  text: 'string',
  integer: 'integer',
  switch: 'integer',
  mark: 'string',
  list: 'array',
};

/** Those that every command has, or a command's own. */
function listed(command: Command, isGlobal: boolean): Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ helpGroupHeading }) => (helpGroupHeading === GLOBAL_OPTIONS) === isGlobal);
}

function describeArgument(argument: Argument, operation: Operation | undefined) {
  const field = operation?.fields.find(
    ({ isOperand, valueName }) => isOperand === true && valueName === argument.name(),
  );
  return {
    name: argument.name(),
    required: field?.required ?? argument.required,
    field: field?.name ?? null,
    choices: argument instanceof ChoiceArgument ? argument.values : null,
    description: argument.description,
  };
}

function describeOption(option: Option, operation: Operation | undefined) {
  const field =
    option instanceof FieldOption || option instanceof SecretOption ? option.field : undefined;
  const range = option instanceof NumberOption ? option.range : undefined;
  const isSwitch = !option.required && !option.optional;
  const isSecret = field?.secret === true && option.long === `--${field.flag}`;
  const defaultFrom = defaultFromOf(field, operation);
  return {
    name: option.long ?? '',
    short: option.short ?? null,
    value: /<(.*)>/.exec(option.flags)?.[1] ?? null,
    type: isSwitch ? 'boolean' : typeOf(field, range),
    // A password has several flags, and a switch that is not given says no.
    required: field?.required === true && !field.secret && !isSwitch && defaultFrom === null,
    default: range?.default ?? null,
    default_from: defaultFrom,
    repeatable: isRepeatable(option),
    secret: isSecret,
    choices: choicesOf(option),
    minimum: range?.minimum ?? field?.minimum ?? null,
    maximum: range?.maximum ?? field?.maximum ?? null,
    environment:
      VARIABLES.find(({ flag }) => flag === option.long)?.name ??
      (isSecret ? field.variable : undefined) ??
      null,
    field: field?.name ?? null,
    description: option.description,
  };
}

function typeOf(field: Field | undefined, range: NumberOption['range'] | undefined): string {
  if (range !== undefined) return range.isFraction === true ? 'number' : 'integer';
  return field?.kind === 'integer' ? 'integer' : 'string';
}

/** What fills the field where nobody gives it: the profile, or another flag or operand. */
function defaultFromOf(field: Field | undefined, operation: Operation | undefined): string | null {
  if (field?.remembered !== undefined) return 'profile';
  const source = operation?.fields.find(({ name }) => name === field?.derivedFrom);
  if (source === undefined) return null;
  return source.isOperand === true ? `<${source.valueName}>` : `--${source.flag}`;
}

const ABOUT: CommandHelp = {
  output: `{"format", "version", "groups", "commands", "global_options", "environment", "exit_codes",
"error_codes"}; a command has its notes, examples, options, request, result and exit codes`,
  examples: [
    'oxhost commands',
    `oxhost commands --json | jq -r '.commands[] | select(.effect == "buy").command'`,
  ],
  reach: ['json'],
};
