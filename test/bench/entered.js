// How many files of ours one `create --json` enters: those of which a function runs, by V8's own count.
// Needs a Node that runs TypeScript (22.18 or newer); the last that OXHOST_TEST_NODES names, else this one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CREATE, startCreateServer } from './create-server.js';

const root = path.resolve(import.meta.dirname, '../..');
const source = pathToFileURL(path.join(root, 'src/')).href;
const named = (process.env.OXHOST_TEST_NODES ?? '').split(path.delimiter).filter(Boolean);
const node = named.at(-1) ?? process.execPath;

if (spawnSync(node, ['-e', 'process.exit(process.features.typescript ? 0 : 1)']).status !== 0) {
  console.log(`${node} runs no TypeScript; name a newer one in OXHOST_TEST_NODES.`);
  process.exit();
}
const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-entered-'));
const server = await startCreateServer(folder);
const script = `globalThis.__VERSION__ = 'x'; const { main } = await import('${source}main.ts'); process.exit(await main());`;
const start = ['--input-type=module', '-e', script, '--', 'oxhost', ...CREATE];
await server.run(node, start, { NODE_V8_COVERAGE: path.join(folder, 'coverage') });
server.close();

const entered = [];
let functions = 0;
for (const name of readdirSync(path.join(folder, 'coverage'))) {
  const { result } = JSON.parse(readFileSync(path.join(folder, 'coverage', name), 'utf8'));
  for (const { url, functions: all } of result) {
    if (!url.startsWith(source)) continue;
    // The first one is the file itself.
    const run = all.slice(1).filter(({ ranges }) => ranges[0].count > 0).length;
    if (run > 0) entered.push(`${url.slice(source.length)} ${run}`);
    functions += run;
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(entered.sort().join('\n'));
console.log(`${entered.length} files, ${functions} functions`);
