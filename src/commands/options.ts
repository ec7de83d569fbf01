import { type Command, Option } from 'commander';
import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';

/** A command's own work. @returns an exit code if it is neither 0 nor that of an error. */
export type Run<Options> = (
  context: Context,
  options: Options,
  operands: readonly string[],
) => Promise<number | void>;

/** Has a command's function run with a context and the options as they were given. */
export type Start = <Options>(command: Command, run: Run<Options>) => void;

/** What a command module exports as `register`: its own options, and the function to run. */
export type Register = (command: Command, start: Start) => void;

/** Heading in the help of every command. */
export const GLOBAL_OPTIONS = 'Global options:';

/** `--no-input` beside `--input <file>`: a switch of its own, not the negation of the other. */
function separateSwitch(flags: string, description: string): Option {
  const option = new Option(flags, description);
  option.negate = false;
  return option;
}

/** The global options; they stand on every command, so that they work before and after its name. */
export function addGlobalOptions(command: Command): void {
  const options = [
    new Option('--json', 'data, notes and errors as JSON; never asks'),
    new Option('--fields <names>', 'with --json: only these fields, such as id,login'),
    new Option('-q, --quiet', 'no notes, no spinner'),
    new Option('--debug', 'trace the request on stderr, without secrets'),
    new Option('--color <when>', 'when to use color: auto, always or never'),
    separateSwitch('--no-color', 'the same as --color never'),
    separateSwitch('--no-input', 'never ask; what is missing is an error'),
    new Option('-y, --yes', 'answer every confirmation with yes'),
    new Option('-p, --profile <name>', 'use the key of this profile'),
    new Option('--api-url <url>', 'another API address than https://0xhost.com'),
    new Option('--sandbox', 'talk to an embedded sandbox, not to 0xHost'),
    new Option('--timeout <seconds>', 'longest wait for the answer (150)'),
    new Option('--max-wait <seconds>', 'longest wait in all when rate limited (60)'),
    new Option('--retries <n>', 'repeats of what certainly was not sent (2)'),
    new Option('-V, --version', 'show the version'),
    new Option('--api-key [key]').hideHelp(),
  ];
  for (const option of options) command.addOption(option.helpGroup(GLOBAL_OPTIONS));
  command.addHelpOption(new Option('-h, --help', 'show help').helpGroup(GLOBAL_OPTIONS));
}

/** One flag for each field of the operation, required ones first. */
export function addFieldOptions(command: Command, operation: Operation): void {
  const fields = [...operation.fields].sort((a, b) => Number(b.required) - Number(a.required));
  for (const field of fields.filter(({ secret }) => !secret)) {
    command.option(`--${field.flag} <${field.valueName}>`, field.help);
  }
}

/** The ways to give one password; `stem` is its name in the flags. */
export function addPasswordOptions(command: Command, stem: string): void {
  command
    .option(`--${stem}-stdin`, 'read the password from standard input')
    .option(`--${stem}-file <path>`, 'read the password from a file')
    .option(`--generate-${stem}`, 'make a strong password and show it once')
    .option(`--${stem}-length <n>`, 'length of the password made, 14 to 64 (20)')
    .option(
      `--${stem}-out <path>`,
      'write the password made to this new file, for you alone, not to the result',
    )
    .option(`--${stem} <value>`, 'the password itself: other users of this machine can read it');
}
