import path from 'node:path';
import { OxhostError } from '../errors.ts';
import { variable } from '../settings.ts';
import type { System } from '../system.ts';

/**
 * The folder of settings: `OXHOST_CONFIG_DIR`, else the usual place of the platform (XDG base
 * directory specification on Linux, Library/Preferences on macOS, APPDATA on Windows). Null for a
 * user without a home.
 * @throws OxhostError `usage` for a relative `OXHOST_CONFIG_DIR`: nothing is kept in the working
 *   directory.
 */
export function configFolder({
  env,
  platform,
  homeFolder,
}: Pick<System, 'env' | 'platform' | 'homeFolder'>): string | null {
  const below = (...names: string[]) =>
    homeFolder === null ? null : path.join(homeFolder, ...names);
  const absolute = (name: string) => {
    const value = variable(env, name);
    return value !== undefined && path.isAbsolute(value) ? value : null;
  };
  const chosen = variable(env, 'OXHOST_CONFIG_DIR');
  if (chosen !== undefined) {
    if (/^~(?:[\\/]|$)/.test(chosen)) return below(chosen.slice(1));
    if (path.isAbsolute(chosen)) return path.normalize(path.join(chosen, '.'));
    throw new OxhostError('usage', 'OXHOST_CONFIG_DIR must be a whole path, or begin with ~/.');
  }
  if (platform === 'darwin') return below('Library', 'Preferences', 'oxhost');
  const base =
    platform === 'win32'
      ? (absolute('APPDATA') ?? below('AppData', 'Roaming'))
      : (absolute('XDG_CONFIG_HOME') ?? below('.config'));
  if (base === null) return null;
  return platform === 'win32' ? path.join(base, 'oxhost', 'Config') : path.join(base, 'oxhost');
}

/** @throws OxhostError `config_error` where there is no folder. */
export function needFolder(folder: string | null): string {
  if (folder !== null) return folder;
  throw new OxhostError('config_error', 'This user has no home folder to keep anything in.', {
    hint: 'Name a folder in OXHOST_CONFIG_DIR.',
  });
}
