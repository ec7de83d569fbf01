import type { Command } from 'commander';
import { orderDomain } from '../../api/operations/domains.ts';
import type { CallOptions } from '../../call/flags.ts';
import type { Context } from '../../context.ts';
import { addOperationOptions, type Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, orderDomain);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../call/run.ts');
  await runOperation(context, orderDomain, options, operands);
}

const HELP = `
Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once, like a client create.

Without --suffix it is what follows the first dot of the domain. The password is
optional and sent only when a flag, --input or OXHOST_PASSWORD gives it.

Output with --json: {"id","status","metadata","amount","currency"}

Exit codes: 0 ordered, 1 other failure, 2 usage or --yes missing, 4 key,
5 refused (402: the balance is too low), 7 nothing was sent, 8 unknown (look in
the panel before you repeat it), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost domain order --domain example.com --years 1
  $ oxhost domain order --domain example.com --years 1 --yes --json | jq -r .id`;
