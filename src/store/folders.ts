import path from 'node:path';
import { variable } from '../settings.ts';
import type { System } from '../system.ts';

/**
 * The folder of settings: `OXHOST_CONFIG_DIR`, else the usual place of the platform (XDG base
 * directory specification on Linux, Library/Preferences on macOS, APPDATA on Windows).
 */
export function configFolder(system: Pick<System, 'env' | 'platform' | 'homeFolder'>): string {
  const { env, platform, homeFolder } = system;
  const chosen = variable(env, 'OXHOST_CONFIG_DIR');
  if (chosen !== undefined) return path.resolve(chosen);
  if (platform === 'darwin') return path.join(homeFolder, 'Library', 'Preferences', 'oxhost');
  if (platform === 'win32') {
    const roaming = variable(env, 'APPDATA') ?? path.join(homeFolder, 'AppData', 'Roaming');
    return path.join(roaming, 'oxhost', 'Config');
  }
  const base = variable(env, 'XDG_CONFIG_HOME');
  const absolute =
    base !== undefined && path.isAbsolute(base) ? base : path.join(homeFolder, '.config');
  return path.join(absolute, 'oxhost');
}
