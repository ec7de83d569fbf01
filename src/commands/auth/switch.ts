import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  command.argument('<profile>', 'the profile to use from now on');
  start(command, run);
}

export async function run(
  context: Context,
  _options: object,
  [profile = '']: readonly string[],
): Promise<void> {
  const configuration = await context.configuration();
  await configuration.change((store) => {
    if (!Object.hasOwn(store.profiles, profile)) {
      const names = Object.keys(store.profiles).join(', ');
      throw new OxhostError('usage', `There is no profile "${profile}".`, {
        hint: names === '' ? 'oxhost auth login stores a key.' : `There are: ${names}.`,
      });
    }
    store.current = profile;
  });
  await context.output.record({ current: profile });
}

const ABOUT: CommandHelp = {
  examples: ['oxhost auth switch agency'],
};
