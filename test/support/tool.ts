import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The whole tool as plain JavaScript, for tests that need it in a process of its own. */
export interface Tool extends AsyncDisposable {
  /** A script for `process.execPath`, made of the sources as they are now. */
  readonly path: string;
  /** The libraries in each of its files, by the file's path. */
  readonly libraries: ReadonlyMap<string, readonly string[]>;
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
  const { output } = await bundle.write({
    dir: join(folder, 'dist'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await bundle.close();
  await writeFile(path, "import { main } from './dist/main.mjs';\nprocess.exit(await main());\n");
  const remove = () => rm(folder, { recursive: true, force: true });
  const libraries = new Map(
    output.flatMap((file) =>
      file.type === 'chunk'
        ? [[join(folder, 'dist', file.fileName), librariesOf(file.moduleIds)] as const]
        : [],
    ),
  );
  return { path, libraries, remove, [Symbol.asyncDispose]: remove };
}

function librariesOf(modules: readonly string[]): string[] {
  const names = modules.flatMap(
    (id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? [],
  );
  return [...new Set(names)];
}
