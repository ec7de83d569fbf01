import type { Command } from 'commander';
import { createInvoice } from '../../api/operations/account.ts';
import type { CallOptions } from '../../call/flags.ts';
import type { Context } from '../../context.ts';
import { addOperationOptions, type Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, createInvoice);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../call/run.ts');
  await runOperation(context, createInvoice, options, operands);
}

const HELP = `
Makes the invoice by which an order is paid in a coin; asks before it sends, or
needs --yes where nobody can be asked. Sent once, like a client create.

Output with --json:
  {"track_id","amount","currency","pay_amount","pay_currency","network",
   "address","qr_code","lifetime","expired_at","order_id","date"}

Exit codes: 0 made, 1 other failure, 2 usage or --yes missing, 4 key,
5 refused (402: the balance is too low), 7 nothing was sent, 8 unknown (look in
the panel before you repeat it), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost invoice create --order "$order" --currency EUR --pay-currency ETH \\
      --network Ethereum --yes --json | jq -r .address`;
