import type { Context } from '../context.ts';
import { environmentPassword, type PasswordSource, withoutFinalNewline } from './password.ts';
import { readStandardInput, readTextFile } from './text-sources.ts';

/**
 * The password from its source; undefined when it is to be generated or asked for.
 * @param fromInput what `--input` has, which beats the environment.
 * @param variable name of the environment variable.
 * @throws OxhostError `invalid_input` for a file or stdin that cannot be read.
 */
export async function readPassword(
  context: Pick<Context, 'system' | 'signal'>,
  source: PasswordSource,
  fromInput: string | undefined,
  variable: string,
): Promise<string | undefined> {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'stdin':
      return withoutFinalNewline(
        await readStandardInput(context.system.stdin, source.name, context.signal),
      );
    case 'file':
      return withoutFinalNewline(await readTextFile(source.file, source.name, context.signal));
    case 'generate':
      return undefined;
    case 'none':
      return fromInput ?? environmentPassword(context.system.env, variable);
  }
}
