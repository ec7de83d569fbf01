import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const NOBODY = 65_534;

/**
 * Does the work as somebody whom file modes hold back: as root, it is nobody for as long. The folder
 * and what is in it are given to that user first.
 */
export async function asOrdinaryUser<Value>(
  folder: string,
  work: () => Promise<Value>,
): Promise<Value> {
  if (process.getuid?.() !== 0) return work();
  const names = await readdir(folder);
  for (const name of ['.', ...names]) await chown(join(folder, name), NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
