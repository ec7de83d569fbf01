import { BASH } from './bash.ts';
import { FISH } from './fish.ts';
import { POWERSHELL } from './powershell.ts';
import type { Shell } from './shells.ts';
import { ZSH } from './zsh.ts';

/**
 * What each shell runs to complete words. None of them knows a command or flag: at each Tab they ask
 * `oxhost __complete <shell> <n> <words…>`, n being how many words stand before the one at the cursor.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
