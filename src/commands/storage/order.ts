import type { Command } from 'commander';
import { orderStorage } from '../../api/operations/storage.ts';
import type { CallOptions } from '../../call/flags.ts';
import type { Context } from '../../context.ts';
import { addOperationOptions, type Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, orderStorage);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../call/run.ts');
  await runOperation(context, orderStorage, options, operands);
}

const HELP = `
Spends money: asks before it sends, or needs --yes where nobody can be asked.
The price is the server's. Sent once, like a client create.

The server's password comes from one of its flags, --input,
OXHOST_SERVER_PASSWORD or a question. Passwords in the answer are hidden in
text; --json gives the server's own, but never the one that was sent.

Output with --json: {"order","server_status"}

Exit codes: 0 ordered, 1 other failure, 2 usage or --yes missing, 4 key,
5 refused (402: the balance is too low), 7 nothing was sent, 8 unknown (look in
the panel before you repeat it), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost storage order --plan "$plan" --image "$image" --hours 720 \\
      --os-version "Debian 13" --payment balance --generate-server-password`;
