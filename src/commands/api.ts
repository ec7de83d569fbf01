import { METHODS } from '../api/operation.ts';
import type { Context } from '../context.ts';
import type { RawOptions } from './api/raw.ts';
import type { GivenField } from './api/raw-fields.ts';
import {
  ChoiceOption,
  type CommandHelp,
  type DescribedCommand,
  ListOption,
  type Start,
} from './options.ts';

/** Both kinds fill one list in the order of the command line, on which items of lists depend. */
class RawFieldOption extends ListOption {
  constructor(flags: string, description: string, isTyped: boolean) {
    super(flags, description);
    this.argParser((given: string, earlier: readonly GivenField[] = []) => [
      ...earlier,
      { given, isTyped },
    ]);
  }

  override attributeName(): string {
    return 'givenFields';
  }
}

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command
    .argument('<path>', 'path of the API, such as /API/invoice, also with a query')
    .addOption(
      new ChoiceOption(
        '-X, --method <method>',
        'GET, or POST when there is a body; or another',
        METHODS,
      ),
    )
    .addOption(new RawFieldOption('-f, --raw-field <key=value>', 'a field that is text', false))
    .addOption(
      new RawFieldOption(
        '-F, --field <key=value>',
        'a field that is a number, true, false, null, text or @file',
        true,
      ),
    )
    .option('--input <file>', 'the whole body, as it is (- for standard input)')
    .option('--form', 'send the body as a form, not as JSON');
  start(command, run);
}

export async function run(
  context: Context,
  options: RawOptions,
  [path = '']: readonly string[],
): Promise<void> {
  const { callRaw } = await import('./api/raw.ts');
  await callRaw(context, path, options);
}

const ABOUT: CommandHelp = {
  notes: `The call goes to the address of your key and to no other. Fields become a JSON
body, with --form a form, with GET or HEAD a query; --input has what is nested.

The answer is given as it came, secrets included: indented on a terminal, byte
for byte in a pipe; more than 1 MB is an error. When the server refuses, its
answer is still on stdout, or with --json in the error. Refused is also a 2xx
with "success": false, or with a text in "error" and no "success".

Only GET and HEAD are ever repeated. Nobody is asked, also when money is spent.`,
  exitCodes: {
    0: 'any other 2xx',
    1: 'an answer that cannot be used, to GET and HEAD',
    2: 'usage',
    4: 'key',
    5: 'refused',
    6: 'exists already',
    7: 'nothing was sent (or no answer to GET and HEAD)',
    8: 'unknown (not for GET and HEAD)',
    9: 'rate limited',
  },
  examples: [
    'oxhost api "/API/plesk/subscriptions/detail?id=$subscription"',
    'oxhost api /API/users/change_preferences_notificaction -f user_id="$user" -f preferences=email -F days=3',
    `echo '{"query":"example","suffixes":["com","net"]}' | oxhost api /API/domains/check_availability --input -`,
  ],
  reach: ['json', 'key', 'call'],
};
