import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.exitCodes = [0, 1, 2, 4, 130, 143];
  command.addHelpText('after', HELP);
  start(command, run);
}

export async function run(context: Context): Promise<void> {
  const configuration = await context.configuration();
  const store = await configuration.read();
  const profile = context.settings.profile ?? store.current;
  if (profile === null || !Object.hasOwn(store.profiles, profile)) {
    throw new OxhostError(
      'no_api_key',
      profile === null ? 'No key is stored.' : `There is no profile "${profile}".`,
      {
        hint: 'oxhost auth list shows the profiles that there are.',
      },
    );
  }
  await configuration.change((newest) => {
    delete newest.profiles[profile];
    if (newest.current === profile) newest.current = Object.keys(newest.profiles)[0] ?? null;
  });
  const { current } = await configuration.read();
  await context.output.record({ profile, removed: true, current });
  context.output.note(
    'key_still_valid',
    'The key is forgotten here but still valid: end it on the keys page of your account.',
  );
}

const HELP = `
Forgets the current profile's key, or that of --profile.`;
