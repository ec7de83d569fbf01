import type { Context } from '../../context.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  start(command, run);
}

export async function run(context: Context): Promise<void> {
  const { output } = context;
  const { shownKey } = await import('../../store/access.ts');
  const { current, profiles } = await (await context.configuration()).read();
  const records = Object.entries(profiles).map(([profile, stored]) => {
    const { key = null, key_command: command } = shownKey(stored);
    return {
      profile,
      current: profile === current,
      origin: stored.origin,
      key: output.isJson || command === undefined ? key : `from ${command}`,
      ...(output.isJson && command !== undefined ? { key_command: command } : {}),
      user: stored.user ?? null,
    };
  });
  await output.list(['profile', 'current', 'origin', 'key', 'user'], records);
  if (records.length === 0)
    output.note('no_profiles', 'No key is stored yet: oxhost auth login stores one.');
}

const ABOUT: CommandHelp = {
  examples: ['oxhost auth list', "oxhost auth list --json | jq -r '.[].profile'"],
};
