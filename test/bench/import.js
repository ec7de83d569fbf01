// How fast an import of the built tool is, durable records included: node test/bench/import.js [--rows-in-memory 100000]
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';

const here = fileURLToPath(import.meta.url);
const TOOL = path.join(path.dirname(here), '../../bin/oxhost.js');
const { values } = parseArgs({
  options: {
    'rows-in-memory': { type: 'string', default: '100000' },
    'server-delay': { type: 'string' },
  },
});

if (values['server-delay'] !== undefined) await serve(Number(values['server-delay']));
else await measure();

/** Answers a create as documented, that many milliseconds after the request. */
async function serve(delay) {
  let first;
  let last;
  const server = createServer((request, response) => {
    last = performance.now();
    first ??= last;
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', async () => {
      const { login } = JSON.parse(text);
      if (delay > 0) await sleep(delay);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ success: true, data: { id: `id-${login}`, plesk_client_id: '1', login } }),
      );
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
  // Asked between two runs: the seconds from the first request of the last one to its last.
  process.on('message', () => {
    process.send((last - first) / 1000);
    first = undefined;
  });
}

async function measure() {
  const folder = mkdtempSync(path.join(tmpdir(), 'oxhost-bench-import-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const child = path.join(folder, 'child.mjs');
  await build({
    input: fileURLToPath(new URL('import.child.ts', import.meta.url)),
    platform: 'node',
    logLevel: 'warn',
    output: { file: child, format: 'esm', codeSplitting: false },
  });
  let jobs = 0;
  const run = (task) => {
    const job = path.join(folder, `job${++jobs}`);
    const output = execFileSync(
      process.execPath,
      [child, JSON.stringify({ ...task, folder: job })],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    rmSync(job, { recursive: true, force: true });
    return JSON.parse(output);
  };

  await withServer(100, async (url, secondsOfRequests) => {
    const rows = 6400;
    const ideal = (1000 / 100) * 32;
    const pace = await median(5, async () => {
      importSeconds(url, rows, folder);
      return (rows - 32) / (await secondsOfRequests());
    });
    console.log(
      `answers after 100 ms, 32 in flight, while requests went out: ${pace.toFixed(0)} clients/s, ${((100 * pace) / ideal).toFixed(1)} % of ${ideal} (aim 95 %)`,
    );
  });
  await withServer(0, async (url) => {
    const rows = 20_000;
    const ratio = await median(
      5,
      () => rows / importSeconds(url, rows, folder) / curlsPerSecond(url, folder),
    );
    console.log(`answers at once, 32 in flight: ${ratio.toFixed(1)} x xargs -P 32 curl (aim 8)`);
  });
  const rows = Number(values['rows-in-memory']);
  const { seconds, memory } = run({ url: null, rows, concurrency: 32 });
  console.log(
    `${rows} rows without a network: ${(rows / seconds).toFixed(0)} rows/s, at most ${memory.toFixed(0)} MB (aim 500)`,
  );
}

async function median(rounds, measureOnce) {
  const found = [];
  while (found.length < rounds) found.push(await measureOnce());
  return found.sort((a, b) => a - b)[rounds >> 1];
}

/** The built tool as a person runs it, from its start to its end. */
function importSeconds(url, rows, folder) {
  const home = mkdtempSync(path.join(folder, 'home-'));
  const file = path.join(home, 'clients.csv');
  const lines = Array.from(
    { length: rows },
    (_, index) => `Example Client,client${index},client${index}@example.com,Given-kQ7wz9aB\n`,
  );
  writeFileSync(file, `name,login,email,password\n${lines.join('')}`);
  const args = [TOOL, 'plesk', 'client', 'import', file, '--concurrency', '32', '-q'];
  const env = {
    ...{ PATH: process.env.PATH, HOME: home },
    ...{ OXHOST_API_KEY: 'bench-key-0123456789', OXHOST_API_URL: url },
  };
  const began = performance.now();
  execFileSync(process.execPath, args, { env, stdio: 'ignore' });
  return (performance.now() - began) / 1000;
}

async function withServer(delay, use) {
  const server = fork(here, ['--server-delay', String(delay)]);
  const url = await new Promise((resolve) => server.once('message', resolve));
  try {
    await use(url, async () => {
      server.send('seconds');
      return new Promise((resolve) => server.once('message', resolve));
    });
  } finally {
    server.kill();
  }
}

/** A loop as people write it, without any record. */
function curlsPerSecond(url, folder) {
  const rows = 1000;
  const list = path.join(folder, 'rows');
  writeFileSync(list, Array.from({ length: rows }, (_, index) => `client${index}\n`).join(''));
  const body =
    '{"name":"Example Client","login":"{}","email":"{}@example.com","password":"Given_kQ7!wz"}';
  const began = performance.now();
  execFileSync('sh', [
    '-c',
    `xargs -P 32 -I {} curl -sS -o /dev/null -H 'content-type: application/json' -H 'x-api-key: key' -d '${body}' '${url}/API/plesk/clients/create' < '${list}'`,
  ]);
  return rows / ((performance.now() - began) / 1000);
}
