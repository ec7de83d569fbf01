// Start-up of the built tool and of bare Node in turns, A B A B …; prints medians and the median ratio.
// OXHOST_TEST_NODES names further Node releases, separated as in PATH.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { CREATE, startCreateServer } from './create-server.js';

const here = import.meta.dirname;
const tool = path.join(here, '../../bin/oxhost.js');
const rounds = Number(process.env.OXHOST_BENCH_ROUNDS ?? 21);
const others = (process.env.OXHOST_TEST_NODES ?? '').split(path.delimiter).filter(Boolean);

const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-bench-'));
const server = await startCreateServer(folder);
const empty = [path.join(here, 'empty.js')];
const request = [path.join(here, 'bare-request.js')];
const cases = [
  ['--version', [tool, '--version'], empty],
  ['--help', [tool, '--help'], empty],
  ['plesk client create --help', [tool, 'plesk', 'client', 'create', '--help'], empty],
  ['plesk client create --json', [tool, ...CREATE], request],
];

async function time(node, args) {
  const began = performance.now();
  await server.run(node, args);
  return performance.now() - began;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

for (const node of [process.execPath, ...others]) {
  console.log(`\n${node}, ${rounds} rounds, milliseconds, medians`);
  for (const [name, ours, bare] of cases) {
    const pairs = [];
    // The first round warms up what the tool keeps.
    for (let round = -1; round < rounds; round++) {
      const pair = [await time(node, ours), await time(node, bare)];
      if (round >= 0) pairs.push(pair);
    }
    const figures = [
      median(pairs.map(([a]) => a))
        .toFixed(1)
        .padStart(7),
      `bare ${median(pairs.map(([, b]) => b))
        .toFixed(1)
        .padStart(6)}`,
      `ratio ${median(pairs.map(([a, b]) => a / b)).toFixed(2)}`,
    ];
    console.log(name.padEnd(28), figures.join('  '));
  }
}
server.close();
rmSync(folder, { recursive: true, force: true });
