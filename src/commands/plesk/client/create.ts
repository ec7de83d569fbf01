import type { Command } from 'commander';
import { CLIENT_RESULT_FIELDS, createClient } from '../../../api/operations/clients.ts';
import { buildRequest } from '../../../api/request.ts';
import type { Context } from '../../../context.ts';
import { OxhostError } from '../../../errors.ts';
import type { GatheredClient } from '../../../input/client.ts';
import { MASK } from '../../../output/redact.ts';
import { DEFAULT_ORIGIN } from '../../../settings.ts';
import { USER_AGENT } from '../../../version.ts';
import { addFieldOptions, addPasswordOptions, type Start } from '../../options.ts';

/** Flags of `oxhost plesk client create`, as they were given. */
export interface CreateOptions {
  name?: string;
  login?: string;
  email?: string;
  company?: string;
  password?: string;
  passwordStdin?: boolean;
  passwordFile?: string;
  generatePassword?: boolean;
  passwordLength?: string;
  passwordOut?: string;
  input?: string;
  dryRun?: boolean;
  force?: boolean;
}

export function register(command: Command, start: Start): void {
  addFieldOptions(command, createClient);
  addPasswordOptions(command, 'password');
  command
    .option('--input <file>', 'read the fields from a JSON object (- for standard input)')
    .option('--dry-run', 'show the request as JSON and send nothing')
    .option('--force', 'send an e-mail address or password even if it looks wrong')
    .addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context, options: CreateOptions): Promise<void> {
  checkChosenFields(context, options);
  const { gatherClient } = await import('../../../input/client.ts');
  const client = await gatherClient(context, {
    given: givenValues(options),
    inputSource: options.input,
    password: passwordFlags(options),
    force: options.force ?? false,
    beforeAsking: async () => {
      if (options.dryRun !== true) await context.client();
    },
  });
  context.redactor.add(client.values['password'] ?? '');
  if (options.dryRun === true) return showRequest(context, client);
  const { createOnce } = await import('../../../create-once.ts');
  await createOnce(context, client);
}

/** After the request it would be too late to find out that a field does not exist. */
function checkChosenFields(context: Context, options: CreateOptions): void {
  const known = [...CLIENT_RESULT_FIELDS, 'generated_password'] as string[];
  const unknown = (context.settings.fields ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OxhostError(
      'usage',
      `--fields: there is no ${unknown.join(', ')}; there are ${known.join(', ')}.`,
    );
  }
  const hidesPassword = context.settings.fields?.includes('generated_password') === false;
  if (hidesPassword && options.generatePassword === true && options.passwordOut === undefined) {
    throw new OxhostError(
      'usage',
      '--fields leaves out generated_password, which would be lost; add it, or use --password-out.',
    );
  }
}

function givenValues(options: CreateOptions): Record<string, string> {
  const { name, login, email, company } = options;
  const given = Object.entries({ name, login, email, company });
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function passwordFlags(options: CreateOptions) {
  return {
    stem: 'password',
    ...(options.password === undefined ? {} : { value: options.password }),
    ...(options.passwordStdin === undefined ? {} : { stdin: options.passwordStdin }),
    ...(options.passwordFile === undefined ? {} : { file: options.passwordFile }),
    ...(options.generatePassword === undefined ? {} : { generate: options.generatePassword }),
    ...(options.passwordLength === undefined ? {} : { length: options.passwordLength }),
    ...(options.passwordOut === undefined ? {} : { out: options.passwordOut }),
  };
}

/** `--dry-run`: the very request, its secrets masked; a key is not needed. */
async function showRequest(context: Context, client: GatheredClient): Promise<void> {
  const origin = await context.access().then(
    (access) => access.origin,
    (error: unknown) => {
      if (error instanceof OxhostError && error.code === 'no_api_key') {
        return context.settings.apiUrl ?? DEFAULT_ORIGIN;
      }
      throw error;
    },
  );
  const identity = { key: MASK, userAgent: USER_AGENT };
  const { method, url, headers } = buildRequest(origin, createClient, client.values, identity);
  const body = { ...client.values, password: MASK };
  await context.output.json({ method, url: url.href, headers, body });
}

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
