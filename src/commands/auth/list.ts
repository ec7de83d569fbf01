import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { maskKey } from '../../store/access.ts';
import type { Start } from '../options.ts';

export function register(command: Command, start: Start): void {
  start(command, run);
}

export async function run(context: Context): Promise<void> {
  const { current, profiles } = await (await context.configuration()).read();
  const records = Object.entries(profiles).map(([profile, { origin, key, user }]) => ({
    profile,
    current: profile === current,
    origin,
    key: maskKey(key),
    user: user ?? null,
  }));
  await context.output.list(['profile', 'current', 'origin', 'key', 'user'], records);
  if (records.length === 0)
    context.output.note('no_profiles', 'No key is stored yet: oxhost auth login stores one.');
}
