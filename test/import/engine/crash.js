// The long form of kill.crash.test.ts: node test/import/engine/crash.js [--rows 2000] [--kills 100] [--seed n] [--variant name]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '115' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    variant: { type: 'string', default: 'whole' },
  },
});
const [rows, kills, seed] = [values.rows, values.kills, values.seed].map(Number);

const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-crash-bundles-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

async function bundle(name) {
  const file = path.join(folder, `${name}.mjs`);
  await build({
    input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    platform: 'node',
    logLevel: 'warn',
    output: { file, format: 'esm', codeSplitting: false },
  });
  return file;
}

const child = await bundle('engine.child');
const { crash } = await import(pathToFileURL(await bundle('crash-harness')).href);

console.log(`seed ${seed}, ${rows} rows, ${kills} kills, ${values.variant}`);
const began = performance.now();
const report = await crash({ child, seed, rows, kills, variant: values.variant });
const { duplicates, forgotten, lostPasswords, calledCreated, calledNotCreated, ...facts } = report;
console.log(JSON.stringify(facts, null, 2));
const failures = { duplicates, forgotten, lostPasswords, calledCreated, calledNotCreated };
for (const [name, logins] of Object.entries(failures)) {
  console.log(`${String(logins.length).padStart(5)} ${name} ${logins.slice(0, 5).join(' ')}`);
}
console.log(`${Math.round((performance.now() - began) / 1000)} s, seed ${seed}`);
const isProven =
  report.kills >= 0.9 * kills && Object.values(failures).every(({ length }) => length === 0);
process.exitCode = isProven ? 0 : 1;
