import type { Command } from 'commander';
import { createClient } from '../../../api/operations/clients.ts';
import type { CallOptions } from '../../../call/flags.ts';
import type { Context } from '../../../context.ts';
import { addOperationOptions, type Start } from '../../options.ts';

export function register(command: Command, start: Start): void {
  addOperationOptions(command, createClient);
  command
    .option('--force', 'send an e-mail address or password even if it looks wrong')
    .addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context, options: CallOptions): Promise<void> {
  const [{ checkChosenFields, givenValues, passwordFlags }, { previewOf, showPreview }] =
    await Promise.all([import('../../../call/flags.ts'), import('../../../call/preview.ts')]);
  const password = passwordFlags(createClient, options);
  checkChosenFields(context, createClient, password);
  const preview = previewOf(context, options);
  const { gatherClient } = await import('../../../call/gather-client.ts');
  const client = await gatherClient(context, {
    given: givenValues(createClient, options),
    inputSource: typeof options['input'] === 'string' ? options['input'] : undefined,
    password,
    force: options['force'] === true,
    withoutPassword: preview?.kind === 'code',
    beforeAsking: async () => {
      if (preview === null) await context.client();
    },
  });
  context.redactor.add(client.values['password'] ?? '');
  if (preview !== null) return showPreview(context, createClient, client, preview);
  const { callOnce } = await import('../../../call/once.ts');
  await callOnce(context, { operation: createClient, call: client, notes: () => [NEXT_STEP] });
}

const NEXT_STEP = {
  code: 'next_step',
  message:
    'The client cannot log in before it has hosting; order that next, with the id of the client.',
};

const HELP = `
Without a terminal, or with --json, nothing is asked: what is missing is an
error. Give the password by one of its flags; without one it is taken from
--input, OXHOST_CLIENT_PASSWORD or a question, in this order.

Output with --json:
  {"id","plesk_client_id","name","login","email","company"}
  and "generated_password" with --generate-password

Exit codes: 0 created, 1 other failure, 2 usage, 4 key, 5 refused, 6 exists
already, 7 nothing was sent, 8 unknown (look in the panel before you repeat it),
9 rate limited, 130 Ctrl-C

Examples:
  $ oxhost plesk client create
  $ oxhost plesk client create --name "Example Client" --login client1 \\
      --email client1@example.com --generate-password
  $ pass show client1 | oxhost plesk client create --password-stdin --json \\
      --name "Example Client" --login client1 --email client1@example.com |
      jq -r .id
  $ oxhost plesk client create --sandbox --generate-password \\
      --name "Example Client" --login client1 --email client1@example.com`;
