import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  start(command, run);
}

export async function run({ configuration, settings, output }: Context): Promise<void> {
  const { noProfile, ownProfile } = await import('../../store/access.ts');
  let profile: string | null = null;
  let current: string | null = null;
  await (await configuration()).change((store) => {
    profile = settings.profile ?? store.current;
    if (profile === null) {
      throw new OxhostError('no_api_key', 'No key is stored.', {
        hint: 'oxhost auth list shows the profiles that there are.',
      });
    }
    if (ownProfile(store.profiles, profile) === undefined) throw noProfile(profile);
    delete store.profiles[profile];
    if (store.current === profile) store.current = Object.keys(store.profiles)[0] ?? null;
    current = store.current;
  });
  await output.record({ profile, removed: true, current });
  output.note(
    'key_still_valid',
    'The key is forgotten here but still valid: end it on the keys page of your account.',
  );
}

const ABOUT: CommandHelp = {
  notes: `Forgets the current profile's key, or that of --profile, and says which profile
is the current one now.`,
  exitCodes: { 0: 'forgotten', 1: 'a local file', 2: 'usage', 4: 'no such key' },
  examples: ['oxhost auth logout', 'oxhost auth logout --profile agency'],
  reach: ['json', 'result', 'key'],
};
