import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Whether this machine has all of these programs; .ci/run installs them. */
export const has = (...programs: string[]): boolean =>
  programs.every((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);

/** Other Node releases, which `OXHOST_TEST_NODES` names, separated as in PATH. */
export const otherNodes = (process.env['OXHOST_TEST_NODES'] ?? '')
  .split(path.delimiter)
  .filter(Boolean);

export const nodes = [process.execPath, ...otherNodes];
