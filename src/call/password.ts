import { OxhostError } from '../errors.ts';
import { PASSWORD_LENGTH } from '../plesk/limits.ts';
import { type Environment, variable, wholeNumber } from '../settings.ts';

/** The flags by which a command takes one password; `stem` is its name in them. */
export interface PasswordFlags {
  stem: string;
  value?: string;
  stdin?: boolean;
  file?: string;
  generate?: boolean;
  /** As given on the command line. */
  length?: string;
  out?: string;
}

/** Where the password comes from; `none` leaves it to `--input`, the environment or a question. */
export type PasswordSource =
  | { kind: 'value'; value: string }
  | { kind: 'stdin'; name: string }
  | { kind: 'file'; file: string; name: string }
  | { kind: 'generate'; length: number; out: string | null }
  | { kind: 'none' };

/**
 * Chooses the one source. Pure.
 * @throws OxhostError `usage` when two are given, or an option that belongs to another source.
 */
export function choosePasswordSource(flags: PasswordFlags): PasswordSource {
  const names = {
    value: `--${flags.stem}`,
    stdin: `--${flags.stem}-stdin`,
    file: `--${flags.stem}-file`,
    generate: `--generate-${flags.stem}`,
    length: `--${flags.stem}-length`,
    out: `--${flags.stem}-out`,
  };
  const given = [
    flags.value === undefined ? null : names.value,
    flags.stdin === true ? names.stdin : null,
    flags.file === undefined ? null : names.file,
    flags.generate === true ? names.generate : null,
  ].filter((name) => name !== null);
  if (given.length > 1) {
    throw new OxhostError('usage', `The password can come from one place only${listed(given)}.`);
  }
  if (flags.generate !== true) {
    const stray =
      flags.length !== undefined ? names.length : flags.out !== undefined ? names.out : null;
    if (stray !== null) throw new OxhostError('usage', `${stray} needs ${names.generate}.`);
  }
  if (flags.value !== undefined) return { kind: 'value', value: flags.value };
  if (flags.stdin === true) return { kind: 'stdin', name: names.stdin };
  if (flags.file !== undefined) return { kind: 'file', file: flags.file, name: names.file };
  if (flags.generate !== true) return { kind: 'none' };
  const length = wholeNumber(flags.length, names.length, PASSWORD_LENGTH);
  return { kind: 'generate', length, out: flags.out ?? null };
}

function listed(names: readonly string[]): string {
  return names.length === 2
    ? `: ${names.join(' or ')}, not both`
    : `; ${names.slice(0, -1).join(', ')} and ${names.at(-1)} were given`;
}

/** One newline at the end of a file or of stdin is not part of the password. Pure. */
export function withoutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** The password of the environment, or undefined. Pure. */
export function environmentPassword(
  env: Environment,
  name = 'OXHOST_CLIENT_PASSWORD',
): string | undefined {
  return variable(env, name);
}
