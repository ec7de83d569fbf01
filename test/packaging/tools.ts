import { spawnSync } from 'node:child_process';

/** Whether this machine has all of these programs; .ci/run installs them. */
export const has = (...programs: string[]): boolean =>
  programs.every((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);
