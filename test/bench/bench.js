// Start-up of the built tool beside bare Node, in turns: A B A B …; prints medians and the median ratio.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const tool = path.join(here, '../../bin/oxhost.js');
const rounds = Number(process.env.OXHOST_BENCH_ROUNDS ?? 21);
const nodes = [
  process.execPath,
  ...(process.env.OXHOST_TEST_NODES ?? '').split(path.delimiter).filter(Boolean),
];

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { password: _, ...fields } = JSON.parse(text);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        success: true,
        message: 'Client created successfully',
        data: { id: '1', plesk_client_id: '1', ...fields },
      }),
    );
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-bench-'));

const env = {
  PATH: process.env.PATH,
  HOME: folder,
  OXHOST_API_KEY: 'bench-key',
  OXHOST_API_URL: url,
  OXHOST_CLIENT_PASSWORD: 'k7!Qw_zr8*MpT2xYh9Lu',
};
const create = [
  'plesk',
  'client',
  'create',
  '--json',
  '--name',
  'Example Client',
  '--login',
  'client1',
  '--email',
  'client1@example.com',
];
const empty = path.join(here, 'empty.js');
const request = path.join(here, 'bare-request.js');
const cases = [
  ['--version', [tool, '--version'], [empty], 1.25],
  ['--help', [tool, '--help'], [empty], 1.6],
  ['plesk client create --help', [tool, 'plesk', 'client', 'create', '--help'], [empty], 1.6],
  ['plesk client create --json', [tool, ...create], [request], 2.2],
];

function time(node, args) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(node, args, { env, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - began);
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

for (const node of nodes) {
  console.log(`\n${node}, ${rounds} rounds, milliseconds, medians`);
  for (const [name, ours, bare, goal] of cases) {
    const pairs = [];
    for (let round = -1; round < rounds; round++) {
      const pair = [await time(node, ours), await time(node, bare)];
      if (round >= 0) pairs.push(pair);
    }
    const [a, b] = [median(pairs.map(([value]) => value)), median(pairs.map(([, value]) => value))];
    const ratio = median(pairs.map(([ours_, bare_]) => ours_ / bare_));
    console.log(
      `${name.padEnd(28)} ${a.toFixed(1).padStart(7)}  bare ${b.toFixed(1).padStart(6)}  ratio ${ratio.toFixed(2)}  (aim ${goal})`,
    );
  }
}
server.close();
server.closeAllConnections();
rmSync(folder, { recursive: true, force: true });
