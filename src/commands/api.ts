import type { Command } from 'commander';
import { METHODS } from '../api/methods.ts';
import type { RawOptions } from '../call/raw.ts';
import type { Context } from '../context.ts';
import { ChoiceOption, type Start } from './options.ts';

export function register(command: Command, start: Start): void {
  const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  command
    .argument('<path>', 'path of the API, such as /API/invoice, also with a query')
    .addOption(
      new ChoiceOption(
        '-X, --method <method>',
        'GET, or POST when there is a body; or another',
        METHODS,
      ),
    )
    .option('-f, --raw-field <key=value>', 'a field that is text; may be repeated', collect)
    .option(
      '-F, --field <key=value>',
      'a field that is a number, true, false, null, text or @file; may be repeated',
      collect,
    )
    .option('--input <file>', 'the whole body, as it is (- for standard input)')
    .addHelpText('after', HELP);
  start(command, run);
}

export async function run(
  context: Context,
  options: RawOptions,
  [path = '']: readonly string[],
): Promise<void> {
  const { callRaw } = await import('../call/raw.ts');
  await callRaw(context, path, options);
}

const HELP = `
The call goes to the address of your key and to no other. Fields become a JSON
body; with GET they go into the query. The answer is given as it came, secrets
included: indented on a terminal, byte for byte in a pipe. When the server
refuses, its answer is still on stdout, or with --json in the error.

Only GET and HEAD are ever repeated. Nobody is asked, also when money is spent.

Exit codes: 0 any 2xx without "success": false, 2 usage, 4 key, 5 refused,
6 exists already, 7 nothing was sent, 8 unknown (not for GET and HEAD; they have
1 for an answer that cannot be used), 9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost api "/API/plesk/subscriptions/detail?id=$subscription"
  $ oxhost api -X GET /API/plesk/subscriptions/detail -f id="$subscription"
  $ oxhost api /API/users/change_preferences_notificaction \\
      -f user_id="$user" -f preferences=email -F days=3
  $ jq -n '{query: "example", suffixes: ["com"]}' |
      oxhost api /API/domains/check_availability --input - | jq .data`;
