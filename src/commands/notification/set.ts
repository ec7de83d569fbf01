import type { Command } from 'commander';
import { setNotification } from '../../api/operations/account.ts';
import type { CallOptions } from '../../call/flags.ts';
import type { Context } from '../../context.ts';
import { addOperationOptions, type Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, setNotification);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../call/run.ts');
  await runOperation(context, setNotification, options, operands);
}

const HELP = `
Output with --json: {"user_id","preferences","days","updated_at"}

Exit codes: 0 set, 1 other failure, 2 usage, 4 key, 5 refused, 7 nothing was
sent, 8 unknown (look in the panel), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost notification set --preference email --days 3`;
