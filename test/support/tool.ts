import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The whole tool as plain JavaScript, for tests that need it in a process of its own. */
export interface Tool extends AsyncDisposable {
  /** A script for `process.execPath`, made of the sources as they are now. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Takes about two seconds: once for each test file that needs it, in `beforeAll`. */
export async function buildTool(): Promise<Tool> {
  const folder = await mkdtemp(join(tmpdir(), 'oxhost-tool-'));
  const path = join(folder, 'oxhost.mjs');
  const bundle = await rolldown({
    input: { main: fileURLToPath(new URL('../../src/main.ts', import.meta.url)) },
    platform: 'node',
    logLevel: 'silent',
    transform: { define: { __VERSION__: JSON.stringify('0.0.0-test') }, target: 'node20.19' },
  });
  await bundle.write({
    dir: join(folder, 'dist'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await bundle.close();
  await writeFile(path, "import { main } from './dist/main.mjs';\nprocess.exit(await main());\n");
  const remove = () => rm(folder, { recursive: true, force: true });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
