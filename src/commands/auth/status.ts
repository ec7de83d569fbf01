import type { Context } from '../../context.ts';
import type { Access } from '../../store/access.ts';
import type { CommandHelp, DescribedCommand, Start } from '../options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  start(command, run);
}

export async function run(context: Context): Promise<void> {
  const { key, origin, source, profile, user } = await context.access();
  const { maskKey } = await import('../../store/access.ts');
  await context.output.record({
    profile,
    origin,
    ...(user === null ? {} : { user }),
    key: maskKey(key),
    source: await nameOf(context, source, profile),
  });
}

async function nameOf(
  context: Context,
  source: Access['source'],
  profile: string | null,
): Promise<string> {
  if (profile !== null) return (await context.configuration()).file;
  return source === 'command' ? 'OXHOST_KEY_COMMAND' : 'OXHOST_API_KEY';
}

const ABOUT: CommandHelp = {
  notes: `Shows the key that a command would use, where it comes from and where it is
sent, and makes no request.`,
  exitCodes: { 0: 'there is a key', 1: 'a local file', 2: 'usage', 4: 'there is none' },
  examples: ['oxhost auth status', 'oxhost auth status --profile agency'],
  reach: ['json', 'result', 'key'],
};
