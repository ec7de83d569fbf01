import type { Command } from 'commander';
import { checkDomain } from '../../api/operations/domains.ts';
import type { CallOptions } from '../../call/flags.ts';
import type { Context } from '../../context.ts';
import { addOperationOptions, type Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, checkDomain);
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const { runOperation } = await import('../../call/run.ts');
  await runOperation(context, checkDomain, options, operands);
}

const HELP = `
A name with a dot is taken apart (example.com: example and com) when there is no
--suffix. Exit code 0 whatever is free. Only reads, so it is repeated when no
usable answer comes (--retries).

Output with --json: [{"domain","available","status","premium","message"}]

Exit codes: 0 done, 1 no usable answer, 2 usage, 4 key, 5 refused, 7 no answer
(safe to repeat), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost domain check example --suffix com --suffix net
  $ oxhost domain check example.com --json | jq -e '.[0].available'`;
