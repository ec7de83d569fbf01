import { type Environment, variable } from '../settings.ts';
import { type Access, maskKey } from '../store/access.ts';
import { type Finding, ok, warning } from './finding.ts';

/**
 * The key in effect, by its last four characters at most. Pure.
 * @param notes what was said while it was looked for.
 */
export function keyFinding(
  { key, source, profile }: Access,
  env: Environment,
  notes: readonly string[],
): Finding {
  const origin = {
    environment: 'in OXHOST_API_KEY',
    command: 'printed by OXHOST_KEY_COMMAND',
    profile: `stored in the profile "${profile}"`,
  }[source];
  const message = `${maskKey(key)}, ${origin}.`;
  if (notes.length > 0) {
    return warning(
      'key',
      `${message} ${notes.join(' ')}`,
      'Leave --profile out to use the key of the environment, or unset that.',
    );
  }
  if (source === 'environment' && variable(env, 'OXHOST_KEY_COMMAND') !== undefined) {
    return warning(
      'key',
      `${message} OXHOST_KEY_COMMAND is set as well and is not run.`,
      'Unset the one that is not meant.',
    );
  }
  return ok('key', message);
}
