import type { Context } from '../context.ts';
import { describe, OxhostError } from '../errors.ts';
import { configFolder } from '../store/folders.ts';
import { type AttemptSubject, type PendingRecord, recordAttempt } from '../store/pending.ts';
import { writePrivateFile } from '../store/private-files.ts';
import { type Attempt, passwordOf } from './attempt.ts';

/** What tells an attempt from others at the same address; no secret is in it. */
export function subjectOf({ operation, call }: Attempt, origin: string): AttemptSubject {
  const { login } = call.values;
  if (operation.effect === 'create' && login !== undefined) return { origin, login };
  const secrets = operation.fields.filter(({ secret }) => secret).map(({ name }) => name);
  const fields = Object.entries(call.values).filter(([name]) => !secrets.includes(name));
  return { origin, path: operation.path, fields: Object.fromEntries(fields) };
}

/** Puts the password where a lost answer, a full disk or a kill cannot take it. */
export async function keepPassword(
  context: Context,
  attempt: Attempt,
  origin: string,
): Promise<PendingRecord | null> {
  const { system, settings } = context;
  const { operation, call } = attempt;
  const password = passwordOf(attempt);
  if (call.passwordOut !== null) await writePasswordFile(attempt, call.passwordOut, password);
  if (settings.sandbox || operation.effect === 'change') return null;
  const isOnlyHere = call.passwordIsGenerated && call.passwordOut === null;
  try {
    return await recordAttempt(
      configFolder(system),
      {
        ...subjectOf(attempt, origin),
        started_at: system.now().toISOString(),
        ...(isOnlyHere ? { generated_password: password } : {}),
      },
      system.randomUUID(),
    );
  } catch (error) {
    if (!isOnlyHere) {
      context.output.debug(`The attempt could not be noted on the disk: ${describe(error)}`);
      return null;
    }
    throw new OxhostError(
      'config_error',
      `The generated password could not be kept in ${configFolder(system)} (${describe(error)}), so nothing was sent.`,
      {
        outcome: 'not_created',
        hint: `Name a place for it with --${flagOf(attempt)}-out, or another folder in OXHOST_CONFIG_DIR.`,
      },
    );
  }
}

async function writePasswordFile(attempt: Attempt, file: string, password: string): Promise<void> {
  try {
    await writePrivateFile(file, `${password}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const exists = code === 'EEXIST';
    const noFolder = code === 'ENOENT' || code === 'ENOTDIR';
    const why = exists
      ? 'is there already and is never overwritten'
      : `could not be written (${noFolder ? 'there is no such folder' : (code ?? describe(error))})`;
    throw new OxhostError(
      exists ? 'usage' : 'internal',
      `--${flagOf(attempt)}-out: ${file} ${why}; nothing was sent.`,
      { outcome: 'not_created', retry: 'after_fix' },
    );
  }
}

function flagOf({ operation }: Attempt): string {
  return operation.fields.find(({ secret }) => secret)?.flag ?? 'password';
}
