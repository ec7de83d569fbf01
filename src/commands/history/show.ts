import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { openHistory } from '../../store/history.ts';
import type { Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  command.argument('<number>', 'its number in oxhost history').addHelpText('after', HELP);
  start(command, (context, _options: unknown, [number = '']) => run(context, number));
}

export async function run({ output, system }: Context, operand: string): Promise<void> {
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

const HELP = `
Shows all that is kept of one create or purchase: its ids and, while its end is
not known, what the server said and the password that was generated for it.

Output with --json:
  {"number","time","operation","origin","login","domain","ids","state"}
  and, of an open attempt, "fields", "answer", "generated_password", "file"

Exit codes: 0 shown, 1 the disk, 2 no such number, 130 Ctrl-C

Examples:
  $ oxhost history show 12
  $ oxhost history show 12 --json | jq -r .generated_password`;
