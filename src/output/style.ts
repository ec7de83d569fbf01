import { Chalk } from 'chalk';
import { type Environment, type Settings, variable } from '../settings.ts';
import type { OutputStream } from '../system.ts';

export interface Style {
  error(text: string): string;
  warning(text: string): string;
  note(text: string): string;
  success(text: string): string;
  heading(text: string): string;
  /** A word for how something is: ok, warning, error, created, unknown. */
  state(text: string): string;
}

const COLOR = /\u001b\[[\d;]*m/g;

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

/** The stream without the colours of a library that has its own mind about them. */
export function withoutColor(stream: OutputStream): OutputStream {
  const write = (text: string, ...rest: never[]) =>
    stream.write(typeof text === 'string' ? text.replace(COLOR, '') : text, ...rest);
  return replacing(stream, (name) => (name === 'write' ? write : undefined));
}

/** The stream with some of its members replaced. */
export function replacing(
  stream: OutputStream,
  memberOf: (name: string | symbol) => unknown,
): OutputStream {
  return new Proxy(stream, {
    get(target, name) {
      const value: unknown = memberOf(name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const STATES: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  ...{ ok: 'green', created: 'green' },
  ...{ warning: 'yellow', unknown: 'yellow', error: 'red' },
};

const asItIs = (text: string) => text;
const PLAIN: Style = {
  ...{ error: asItIs, warning: asItIs, note: asItIs },
  ...{ success: asItIs, heading: asItIs, state: asItIs },
};

export function createStyle(colored: boolean): Style {
  if (!colored) return PLAIN;
  const colors = new Chalk({ level: 1 });
  return {
    error: colors.red.bold,
    warning: colors.yellow,
    note: colors.dim,
    success: colors.green,
    heading: colors.bold,
    state: (text) => (STATES[text] === undefined ? text : colors[STATES[text]](text)),
  };
}
