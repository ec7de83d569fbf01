import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';
import type { CommandHelp, DescribedCommand, Start } from './options.ts';

export function register(command: DescribedCommand, start: Start): void {
  command.about = ABOUT;
  start(command, run);
}

export async function run({ output }: Context): Promise<void> {
  await output.write(`${VERSION}\n`);
}

const ABOUT: CommandHelp = { examples: ['oxhost version'], reach: [] };
