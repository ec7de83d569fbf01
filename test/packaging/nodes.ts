import path from 'node:path';

/** Other Node releases, which `OXHOST_TEST_NODES` names, separated as in PATH. */
export const otherNodes = (process.env['OXHOST_TEST_NODES'] ?? '')
  .split(path.delimiter)
  .filter(Boolean);

export const nodes = [process.execPath, ...otherNodes];
