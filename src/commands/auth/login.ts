import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { DEFAULT_ORIGIN } from '../../settings.ts';
import type { Profile } from '../../store/config.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

/** Flags of `oxhost auth login`. */
export interface LoginOptions {
  keyStdin?: boolean;
  keyCommand?: string;
  user?: string;
}

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command
    .option('--key-stdin', 'read the key from standard input')
    .option('--key-command <command>', 'keep a command that prints the key, not the key itself')
    .option('--user <id>', 'the user id of your account, kept for commands that need it');
  start(command, run);
}

export async function run(context: Context, options: LoginOptions): Promise<void> {
  const { settings, output, system } = context;
  const { keyVariable, originOf, ownProfile, shownKey } = await import('../../store/access.ts');
  const name = settings.profile ?? 'default';
  checkOptions(options);
  const configuration = await context.configuration();
  const known = ownProfile((await configuration.read()).profiles, name);
  // What is not given stays: a new key for the same address.
  const origin = settings.apiUrl ?? (known === undefined ? DEFAULT_ORIGIN : originOf(name, known));
  const key = await readKey(context, options, origin);

  let before: string | null = null;
  let replaced: Profile | undefined;
  let stored: Profile | undefined;
  await configuration.change((store) => {
    before = store.current;
    replaced = ownProfile(store.profiles, name);
    const user = options.user ?? (replaced?.origin === origin ? replaced.user : undefined);
    stored = { ...key, origin, ...(user === undefined ? {} : { user }) };
    store.profiles[name] = stored;
    store.current = name;
  });
  const shown = stored === undefined ? {} : shownKey(stored);
  await output.record({ profile: name, origin, ...shown, file: configuration.file });
  if (replaced !== undefined && secretOf(replaced) !== secretOf({ ...key, origin })) {
    output.note('key_replaced', `The key that ${name} had before was replaced.`);
  }
  if (before !== null && before !== name) {
    output.note(
      'current_changed',
      `${name} is now the current profile; oxhost auth switch ${before} goes back.`,
    );
  }
  output.note(
    'not_checked',
    options.keyCommand === undefined
      ? 'The key was stored but not tried: the API has no call that only checks a key.'
      : 'The command was stored but not run; oxhost auth status runs it.',
  );
  const winner = keyVariable(system.env);
  if (winner !== undefined) {
    output.warning(
      'environment_wins',
      `${winner} is set and wins over this profile, unless --profile is given.`,
    );
  }
}

function checkOptions({ keyStdin, keyCommand, user }: LoginOptions): void {
  if (user?.trim() === '') throw new OxhostError('usage', '--user must not be empty.');
  if (keyCommand?.trim() === '') throw new OxhostError('usage', '--key-command must not be empty.');
  if (keyStdin === true && keyCommand !== undefined) {
    throw new OxhostError('usage', 'Give either --key-stdin or --key-command.');
  }
}

async function readKey(
  context: Context,
  options: LoginOptions,
  origin: string,
): Promise<Pick<Profile, 'key' | 'key_command'>> {
  if (options.keyCommand !== undefined) return { key_command: options.keyCommand };
  if (options.keyStdin !== true && !context.mayAsk) {
    throw new OxhostError(
      'missing_input',
      'There is nobody to ask for the key: give it with --key-stdin or --key-command.',
      { fields: [{ name: 'key-stdin', message: 'is missing' }] },
    );
  }
  const { readStandardInput } = await import('../../call/text-sources.ts');
  const { checkKey } = await import('../../store/access.ts');
  const given =
    options.keyStdin === true
      ? await readStandardInput(context.system.stdin, '--key-stdin', context.signal)
      : await (await context.prompter()).secret(`API key for ${origin}`, { twice: false });
  const key = checkKey(given, 'What was given');
  context.redactor.add(key);
  return { key };
}

function secretOf(profile: Profile): string | undefined {
  return profile.key ?? profile.key_command;
}

const ABOUT: CommandHelp = {
  notes: `Keys are made on the keys page of your account and shown there once. A stored
key is sent to the address it was stored with (--api-url) and to no other; a
profile that is there keeps its address and user id unless others are given.`,
  exitCodes: { 0: 'stored', 1: 'a local file', 2: 'usage, or what was given is no key' },
  examples: [
    'oxhost auth login',
    'pass show 0xhost | oxhost auth login --key-stdin --profile agency',
    "oxhost auth login --key-command 'op read op://work/0xhost/key'",
  ],
  reach: ['json', 'result', 'question', 'key'],
};
