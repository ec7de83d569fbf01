import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { columns, flow, paragraphsOf, widthOf } from '../help/layout.ts';
import { HELP_TOPICS, isHelpTopic } from '../help/reference.ts';
import { explain } from './help/explanations.ts';
import { ChoiceArgument, type CommandHelp, type DescribedCommand, type Start } from './options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command.addArgument(new ChoiceArgument('<topic>', HELP_TOPICS.join(', '), HELP_TOPICS));
  start(command, run);
}

export async function run(
  { output, system }: Context,
  _options: object,
  [topic]: readonly string[],
): Promise<void> {
  if (!isHelpTopic(topic)) {
    throw new OxhostError('usage', `There is help on ${HELP_TOPICS.join(', ')}.`);
  }
  const { words, rows } = explain(topic);
  if (output.isJson) {
    return output.json(rows?.map(({ data }) => data) ?? paragraphsOf(words));
  }
  const width = widthOf(system.stdout);
  const table = (rows ?? []).map(({ name, text }) => [name, text] as const);
  const parts = [flow(words, width), ...(rows === undefined ? [] : [columns(table, width)])];
  return output.write(`${parts.join('\n\n')}\n`);
}

const ABOUT: CommandHelp = {
  notes: 'Also explains any command: oxhost help plesk client create is as --help behind it.',
  examples: ['oxhost help exit-codes', 'oxhost help unknown'],
  reach: ['json'],
};
