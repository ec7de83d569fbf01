import type { Command } from 'commander';
import { renewOrder } from '../../../api/operations/hosting.ts';
import type { CallOptions } from '../../../call/flags.ts';
import type { Context } from '../../../context.ts';
import { addOperationOptions, type Start } from '../../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, renewOrder);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../../call/run.ts');
  await runOperation(context, renewOrder, options, operands);
}

const HELP = `
Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once: every renewal that is carried out adds
months and costs money, so an unknown one has to be looked up first.

Output with --json: {"order","subscription","balance_after"}

Exit codes: 0 renewed, 1 other failure, 2 usage or --yes missing, 4 key,
5 refused (402: the balance is too low), 7 nothing was sent, 8 unknown (look in
the panel before you repeat it), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost plesk order renew "$subscription" --months 3 --payment balance
  $ oxhost plesk order renew "$subscription" --months 1 --payment balance \\
      --new-plan "$plan" --yes --json | jq -r .balance_after`;
