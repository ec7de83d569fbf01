import type { Argument, Command, Option } from 'commander';
import type { Operation } from '../api/operation.ts';
import { COMMAND_SCHEMA } from '../command-schema.ts';
import type { Context } from '../context.ts';
import { ERROR_KINDS } from '../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { VARIABLES } from '../variables.ts';
import { VERSION } from '../version.ts';
import {
  ChoiceArgument,
  choicesOf,
  FieldOption,
  GLOBAL_OPTIONS,
  isRepeatable,
  type OperationCommand,
  type Register,
  type WholeProgram,
} from './options.ts';

/** Flags of `oxhost commands`. */
export interface CommandsOptions {
  schema?: boolean;
}

export function registerFor(wholeProgram: WholeProgram): Register {
  return (command, start) => {
    command
      .option('--schema', 'give the JSON Schema of what --json gives')
      .addHelpText('after', HELP);
    start(command, (context: Context, options: CommandsOptions) =>
      run(context, options, wholeProgram),
    );
  };
}

export async function run(
  { output }: Context,
  options: CommandsOptions,
  wholeProgram: WholeProgram,
): Promise<void> {
  if (options.schema === true) return output.json(COMMAND_SCHEMA);
  const root = await wholeProgram();
  const leaves = leavesOf(root, []);
  if (output.isJson) return output.json(describe(root, leaves));
  const rows = leaves.map(({ path, command }) => ({
    command: path.join(' '),
    summary: command.summary(),
  }));
  return output.list(['command', 'summary'], rows);
}

interface Found {
  path: readonly string[];
  command: OperationCommand;
}

function leavesOf(parent: Command, path: readonly string[]): Found[] {
  const { visibleCommands } = parent.createHelp();
  return visibleCommands.call(parent.createHelp(), parent).flatMap((command) => {
    const own = [...path, command.name()];
    return command.commands.length > 0 ? leavesOf(command, own) : [{ path: own, command }];
  });
}

function describe(root: Command, leaves: readonly Found[]) {
  return {
    format: 1,
    version: VERSION,
    commands: leaves.map(({ path, command }) => ({
      command: path.join(' '),
      summary: command.summary(),
      effect: command.operation?.effect ?? (command.creates === true ? 'create' : null),
      arguments: command.registeredArguments.map((argument) =>
        describeArgument(argument, command.operation),
      ),
      options: listed(command.options, false).map((option) =>
        describeOption(option, command.operation),
      ),
    })),
    global_options: listed(root.options, true).map((option) => describeOption(option, undefined)),
    environment: VARIABLES,
    exit_codes: EXIT_CODES,
    error_codes: Object.entries(ERROR_KINDS).map(([code, { exitCode, retry }]) => ({
      code,
      exit_code: exitCode,
      retry,
    })),
  };
}

function listed(options: readonly Option[], isGlobal: boolean): Option[] {
  return options.filter(
    ({ hidden, helpGroupHeading }) => !hidden && (helpGroupHeading === GLOBAL_OPTIONS) === isGlobal,
  );
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
  const secret = operation?.fields.find(
    (field) => field.secret && `--${field.flag}` === option.long,
  );
  const field = option instanceof FieldOption ? option.field : secret;
  const isSwitch = !option.required && !option.optional;
  return {
    name: option.long ?? '',
    short: option.short ?? null,
    value: /<(.*)>/.exec(option.flags)?.[1] ?? null,
    type: isSwitch ? 'boolean' : field?.kind === 'integer' ? 'integer' : 'string',
    // A password has several flags, and a switch that is not given says no.
    required: field?.required === true && !field.secret && !isSwitch,
    repeatable: isRepeatable(option),
    secret: field?.secret === true,
    choices: choicesOf(option),
    minimum: field?.minimum ?? null,
    maximum: field?.maximum ?? null,
    environment: field?.variable ?? null,
    field: field?.name ?? null,
    description: option.description,
  };
}

const HELP = `
Examples:
  $ oxhost commands
  $ oxhost commands --json |
      jq -r '.commands[] | select(.effect == "buy").command'
  $ oxhost commands --schema`;
