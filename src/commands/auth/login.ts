import { readStandardInput } from '../../call/text-sources.ts';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { DEFAULT_ORIGIN, variable } from '../../settings.ts';
import { checkKey, maskKey } from '../../store/access.ts';
import type { DescribedCommand, Start } from '../options.ts';

/** Flags of `oxhost auth login`. */
export interface LoginOptions {
  keyStdin?: boolean;
  user?: string;
}

export function register(command: DescribedCommand, start: Start): void {
  command.exitCodes = [0, 1, 2, 4, 130, 143];
  command
    .option('--key-stdin', 'read the key from standard input')
    .option('--user <id>', 'the user id of your account, kept for commands that need it')
    .addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context, options: LoginOptions): Promise<void> {
  const { settings, output, system } = context;
  const profile = settings.profile ?? 'default';
  const origin = settings.apiUrl ?? DEFAULT_ORIGIN;
  if (options.user?.trim() === '') throw new OxhostError('usage', '--user must not be empty.');
  const key = checkKey(await readKey(context, options, origin), 'What was given');
  context.redactor.add(key);

  const configuration = await context.configuration();
  let before: string | null = null;
  let replaced: string | undefined;
  await configuration.change((store) => {
    before = store.current;
    replaced = store.profiles[profile]?.key;
    store.profiles[profile] = {
      key,
      origin,
      ...(options.user === undefined ? {} : { user: options.user }),
    };
    store.current = profile;
  });
  await output.record({ profile, origin, key: maskKey(key), file: configuration.file });
  if (replaced !== undefined && replaced !== key) {
    output.note('key_replaced', `The key that ${profile} had before was replaced.`);
  }
  if (before !== null && before !== profile) {
    output.note(
      'current_changed',
      `${profile} is now the current profile; oxhost auth switch ${before} goes back.`,
    );
  }
  output.note(
    'not_checked',
    'The key was stored but not tried: the API has no call that only checks a key.',
  );
  const winner = ['OXHOST_API_KEY', 'OXHOST_KEY_COMMAND'].find(
    (name) => variable(system.env, name) !== undefined,
  );
  if (winner !== undefined) {
    output.warning(
      'environment_wins',
      `${winner} is set and wins over this profile, unless --profile is given.`,
    );
  }
}

async function readKey(context: Context, options: LoginOptions, origin: string): Promise<string> {
  if (options.keyStdin === true) {
    return readStandardInput(context.system.stdin, '--key-stdin', context.signal);
  }
  if (!context.mayAsk) {
    throw new OxhostError(
      'missing_input',
      'There is nobody to ask for the key: give it with --key-stdin.',
      {
        fields: [{ name: 'key-stdin', message: 'is missing' }],
      },
    );
  }
  const prompter = await context.prompter();
  return prompter.secret(`API key for ${origin}`, { twice: false });
}

const HELP = `
Keys are made on the keys page of your account and shown there once. A stored
key is sent to the address it was stored with (--api-url) and to no other.

Examples:
  $ oxhost auth login
  $ pass show 0xhost | oxhost auth login --key-stdin --profile agency`;
