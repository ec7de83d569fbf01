import type { Command } from 'commander';
import { showSubscription } from '../../../api/operations/hosting.ts';
import type { CallOptions } from '../../../call/flags.ts';
import type { Context } from '../../../context.ts';
import { addOperationOptions, type Start } from '../../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, showSubscription);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../../call/run.ts');
  await runOperation(context, showSubscription, options, operands);
}

const HELP = `
Only reads, so it is repeated when no usable answer comes (--retries).

Output with --json: {"subscription","orders"}

Exit codes: 0 done, 1 no usable answer, 2 usage, 4 key, 5 refused, 7 no answer
(safe to repeat), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost plesk subscription show "$subscription"
  $ oxhost plesk subscription show "$subscription" --json |
      jq -r .subscription.status`;
