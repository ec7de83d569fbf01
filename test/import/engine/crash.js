// The long form of the crash tests: node test/import/engine/crash.js [--rounds 9] [--rows 2000] [--kills 115] [--seed n] [--variant name]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    rows: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '115' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    variant: { type: 'string', default: 'whole' },
  },
});
const [rounds, rows, killsEach, seed] = [values.rounds, values.rows, values.kills, values.seed].map(
  Number,
);

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

let kills = 0;
for (let round = 0; round < rounds; round += 1) await prove(seed + round);
console.log(`${kills} kills`);
if (values.variant === 'whole') injectErrors();

async function prove(seed) {
  const began = performance.now();
  const report = await crash({ child, seed, rows, kills: killsEach, variant: values.variant });
  const { duplicates, forgotten, lostPasswords, calledCreated, calledNotCreated, ...facts } =
    report;
  const failures = { duplicates, forgotten, lostPasswords, calledCreated, calledNotCreated };
  kills += report.kills;
  console.log(
    `seed ${seed}, ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(facts)}`,
  );
  for (const [name, logins] of Object.entries(failures)) {
    if (logins.length > 0)
      console.log(`  ${logins.length} ${name} ${logins.slice(0, 5).join(' ')}`);
  }
  const isProven =
    report.kills >= 0.9 * killsEach && Object.values(failures).every(({ length }) => length === 0);
  if (!isProven) process.exitCode = 1;
}

/** An error at each file operation in turn. */
function injectErrors() {
  const args = ['vitest', 'run', '--config', 'test/vitest.config.ts', 'test/import/injection'];
  const env = { ...process.env, OXHOST_TEST_INJECTIONS: '60' };
  const { status } = spawnSync('npx', args, { env, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
