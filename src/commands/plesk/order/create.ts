import type { Command } from 'commander';
import { createOrder } from '../../../api/operations/hosting.ts';
import type { CallOptions } from '../../../call/flags.ts';
import type { Context } from '../../../context.ts';
import { addOperationOptions, type Start } from '../../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, createOrder);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../../call/run.ts');
  await runOperation(context, createOrder, options, operands);
}

const HELP = `
Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once, like a client create.

The FTP password comes from one of its flags, --input, OXHOST_FTP_PASSWORD or a
question; a generated one is "generated_ftp_password" in the result.

Output with --json: {"order","subscription","balance_after"}

Exit codes: 0 ordered, 1 other failure, 2 usage or --yes missing, 4 key,
5 refused (402: the balance is too low), 7 nothing was sent, 8 unknown (look in
the panel before you repeat it), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost plesk order create
  $ oxhost plesk order create --yes --json --client "$client" --plan "$plan" \\
      --domain example.com --ftp-login client1 --generate-ftp-password \\
      --months 1 --payment balance | jq -r .subscription.id
  $ oxhost plesk order create --code php --client ID --plan ID --months 1 \\
      --domain example.com --ftp-login client1 --payment balance`;
