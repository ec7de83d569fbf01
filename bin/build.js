// Makes dist/: one bundle with lazy chunks, every library inlined, and their licences with it.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { listLibraries } from './build/licences.js';
import { describeTool, sourceDate, writeManPages } from './build/man.js';
import { patches, takeBuiltins } from './build/patches.js';
import { writeSkill } from './build/skill.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Files that are loaded together are one chunk, with all that they import: each further one costs a
 * start about 1 ms. `core` is what every command but --version needs, `work` and `store` what a
 * create does, `page` is the help. What several need is in the first of them.
 */
const CHUNKS = {
  core: ['system', 'cli', 'program', 'commands/plesk/client/create'],
  work: ['context', 'call/run'],
  store: ['store/history'],
  client: ['api/client'],
  page: ['commands/help/page', 'help/layout'],
};

function groups() {
  return Object.entries(CHUNKS).map(([name, files], index, all) => {
    const paths = files.map((file) => path.join(root, 'src', `${file}.ts`));
    for (const file of paths) if (!existsSync(file)) throw new Error(`there is no ${file}`);
    return { name, priority: all.length - index, test: (id) => paths.includes(path.normalize(id)) };
  });
}

/** Writes the bundle as modules, or as CommonJS for the standalone executable. */
export async function bundle(folder, format = 'esm') {
  const tool = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  const built = await rolldown({
    input: { main: path.join(root, 'src/main.ts') },
    platform: 'node',
    plugins: [patches(), takeBuiltins, listLibraries(tool)],
    treeshake: { propertyReadSideEffects: false },
    transform: { define: { __VERSION__: JSON.stringify(tool.version) }, target: 'node20.19' },
    onLog(level, log, handler) {
      if (level === 'warn') throw new Error(log.message);
      handler(level, log);
    },
  });
  await built.write({
    dir: folder,
    format,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    minify: true,
    codeSplitting: { groups: groups() },
    comments: { legal: false },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = path.join(root, 'dist');
  await bundle(folder);
  const tree = describeTool(path.join(root, 'bin/oxhost.js'));
  writeManPages(tree, path.join(folder, 'man'), sourceDate(root));
  writeSkill(tree, path.join(folder, 'skills/oxhost'));
}
