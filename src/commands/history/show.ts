import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command.argument('<number>', 'its number in oxhost history');
  start(command, (context, _options: unknown, [number = '']) => run(context, number));
}

export async function run({ output, system }: Context, operand: string): Promise<void> {
  const { openHistory } = await import('../../store/history.ts');
  const number = Number(operand);
  const { entries } = await openHistory(system).list();
  const entry = entries.find((candidate) => candidate.number === number);
  if (entry === undefined || !/^\d+$/.test(operand)) {
    throw new OxhostError('usage', `The history has no number ${operand}.`, {
      hint: 'oxhost history lists all numbers.',
    });
  }
  return output.record({ ...entry });
}

const ABOUT: CommandHelp = {
  notes: `Shows all that is kept of one create or purchase: its ids and, while its end is
not known, what the server said and the password that was generated for it.`,
  output: `{"number", "time", "operation", "origin", "login", "domain", "ids", "state"},
and of an open attempt "fields", "answer", "generated_password", "file"`,
  exitCodes: { 0: 'shown', 1: 'a local file', 2: 'usage, or no such number' },
  examples: ['oxhost history show 12', 'oxhost history show 12 --json | jq -r .generated_password'],
};
