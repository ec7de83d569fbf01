import { Chalk, type ChalkInstance } from 'chalk';
import type { OutputStream } from '../context.ts';
import { type Environment, type Settings, variable } from '../settings.ts';

export interface Style {
  error(text: string): string;
  warning(text: string): string;
  note(text: string): string;
  heading(text: string): string;
}

/** One decision for the whole run: flag, then `NO_COLOR`, then `FORCE_COLOR`, then the terminal. */
export function wantsColor(
  choice: Settings['color'],
  env: Environment,
  stream: Pick<OutputStream, 'isTTY'>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (variable(env, 'NO_COLOR') !== undefined) return false;
  const forced = variable(env, 'FORCE_COLOR');
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export function createStyle(colored: boolean): Style {
  const chalk: ChalkInstance = new Chalk({ level: colored ? 1 : 0 });
  return {
    error: chalk.red.bold,
    warning: chalk.yellow,
    note: chalk.dim,
    heading: chalk.bold,
  };
}
