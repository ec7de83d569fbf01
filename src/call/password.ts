import type { Field, Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { PASSWORD_LENGTH } from '../plesk/limits.ts';
import { variable } from '../settings.ts';
import { type CallOptions, textOption } from './flags.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

/** Where a password comes from; `none` leaves it to `--input`, the environment or a question. */
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
export function choosePasswordSource({ fields }: Operation, options: CallOptions): PasswordSource {
  const stem = fields.find(({ secret }) => secret)?.flag ?? 'password';
  const value = textOption(options, stem);
  const file = textOption(options, `${stem}-file`);
  const length = textOption(options, `${stem}-length`);
  const out = textOption(options, `${stem}-out`);
  const isStdin = textOption(options, `${stem}-stdin`) !== undefined;
  const generates = textOption(options, `generate-${stem}`) !== undefined;
  const given = [
    ...(value === undefined ? [] : [`--${stem}`]),
    ...(isStdin ? [`--${stem}-stdin`] : []),
    ...(file === undefined ? [] : [`--${stem}-file`]),
    ...(generates ? [`--generate-${stem}`] : []),
  ];
  if (given.length > 1) {
    const which = given.length === 2 ? `${given.join(' or ')}, not both` : given.join(', ');
    throw new OxhostError('usage', `The password can come from one place only: ${which}.`);
  }
  const stray = length !== undefined ? 'length' : out !== undefined ? 'out' : null;
  if (!generates && stray !== null) {
    throw new OxhostError('usage', `--${stem}-${stray} needs --generate-${stem}.`);
  }
  if (value !== undefined) return { kind: 'value', value };
  if (isStdin) return { kind: 'stdin', name: `--${stem}-stdin` };
  if (file !== undefined) return { kind: 'file', file, name: `--${stem}-file` };
  if (!generates) return { kind: 'none' };
  return { kind: 'generate', length: Number(length ?? PASSWORD_LENGTH.default), out: out ?? null };
}

/**
 * The password from its source, and what a message calls that; nothing when it is to be generated
 * or asked for.
 * @param fromInput what `--input` has, which beats the environment.
 * @throws OxhostError `invalid_input` for a file or stdin that cannot be read.
 */
export async function readPassword(
  { system, signal }: Pick<Context, 'system' | 'signal'>,
  source: PasswordSource,
  field: Field,
  fromInput: string | undefined,
): Promise<{ value?: string; from?: string }> {
  switch (source.kind) {
    case 'value':
      return { value: source.value, from: `--${field.flag}` };
    case 'stdin': {
      const text = await readStandardInput(system.stdin, source.name, signal);
      return { value: withoutFinalNewline(text), from: `The password of ${source.name}` };
    }
    case 'file': {
      const text = await readTextFile(source.file, source.name, signal);
      return { value: withoutFinalNewline(text), from: `The password in ${source.file}` };
    }
    case 'generate':
      return {};
    case 'none': {
      if (fromInput !== undefined) return { value: fromInput, from: `${field.name} in --input` };
      const name = field.variable ?? '';
      const value = variable(system.env, name);
      return value === undefined ? {} : { value, from: name };
    }
  }
}

/** One newline at the end of a file or of stdin is not part of the password. */
function withoutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
