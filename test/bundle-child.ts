import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

export interface BundledChild {
  /** A script that plain Node runs. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a runnable script of a TypeScript file, for tests that need processes that can be killed. */
export async function bundleChild(entry: URL): Promise<BundledChild> {
  const folder = await mkdtemp(join(tmpdir(), 'oxhost-child-'));
  const path = join(folder, 'child.mjs');
  await build({
    input: fileURLToPath(entry),
    platform: 'node',
    logLevel: 'warn',
    output: { file: path, format: 'esm', codeSplitting: false },
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
