import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { ERROR_FIELDS, EXIT_CODES, OxhostError } from '../errors.ts';
import { HELP_TOPICS, type HelpTopic, isHelpTopic } from '../help/topics.ts';
import { VARIABLES } from '../help/variables.ts';
import { ChoiceArgument, type Start } from './options.ts';

export function register(command: Command, start: Start): void {
  command.addArgument(new ChoiceArgument('<topic>', HELP_TOPICS.join(', '), HELP_TOPICS));
  start(command, run);
}

export async function run(
  context: Context,
  _options: object,
  [topic]: readonly string[],
): Promise<void> {
  if (!isHelpTopic(topic)) {
    throw new OxhostError('usage', `There is help on ${HELP_TOPICS.join(', ')}.`);
  }
  const { output } = context;
  const { columns, rows, words } = TOPICS[topic];
  if (!output.isJson) await output.write(`${words.trim()}\n\n`);
  await output.list(columns, rows);
}

const TOPICS: Readonly<
  Record<HelpTopic, { columns: string[]; rows: readonly Record<string, unknown>[]; words: string }>
> = {
  'exit-codes': {
    columns: ['code', 'meaning', 'repeat'],
    rows: EXIT_CODES.map((row) => ({ ...row })),
    words: `
Each end of a command has its own exit code. "repeat" says whether to give the
same command again.`,
  },
  environment: {
    columns: ['name', 'meaning'],
    rows: VARIABLES.map(({ name, meaning }) => ({ name, meaning })),
    words: `
A flag wins over the environment, the environment over the profile. Empty counts
as unset.`,
  },
  json: {
    columns: ['field', 'meaning'],
    rows: Object.entries(ERROR_FIELDS).map(([field, meaning]) => ({ field, meaning })),
    words: `
With --json stdout is the result alone, in a pipe on one line, with the names of
the API: the answer's data, or the answer less success and message. --fields
picks from it. Nothing is ever asked.

Each line of stderr is an object: {"error":{...}}, {"note":{"code","message"}},
{"warning":{"code","message"}} or {"summary":{...}}. After an error stdout is
empty. The fields of "error":`,
  },
};
