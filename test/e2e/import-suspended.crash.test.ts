import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { byLogin, csvOf, logins } from '../import/files.ts';
import { environment, runProcess } from '../support/process.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

/** Seconds; longer than a lock by time would last, where the whole minute is waited for. */
const SUSPENSION = Number(process.env['OXHOST_TEST_SUSPENSION'] ?? 6);
const ROWS = 120;

const launcher = builtTool();

test('a suspended run keeps its journal; woken, it goes on and sends nothing twice', async () => {
  await using folder = await temporaryFolder();
  await using server = await startServer(async (request, response, index) => {
    await delay(20);
    await byLogin({})(request, response, index);
  });
  const file = folder.join('clients.csv');
  await writeFile(file, csvOf(...logins(ROWS)));
  const args = [launcher, 'plesk', 'client', 'import', file];
  const env = {
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('config'),
  };
  const holder = spawn(toolRuntime(), args, { env: environment(env), stdio: 'ignore' });
  const ended = once(holder, 'exit');
  try {
    await expect.poll(() => server.requests.length).toBeGreaterThan(8);
    holder.kill('SIGSTOP');
    const suspended = delay(SUSPENSION * 1000);
    const second = await runProcess(toolRuntime(), args, { env });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(`process ${holder.pid}`);
    // What it had sent has arrived by now.
    const before = server.requests.length;
    await suspended;
    expect((await runProcess(toolRuntime(), args, { env })).exitCode).toBe(1);
    expect(server.requests).toHaveLength(before);
  } finally {
    holder.kill('SIGCONT');
  }
  const [exitCode] = await ended;
  const last = await runProcess(toolRuntime(), args, { env });
  expect(last.exitCode).toBe(exitCode);
  const results = await readFile(`${file}.oxhost/results.csv`, 'utf8');
  expect(results.trimEnd().split('\n')).toHaveLength(ROWS + 1);
  const sent = server.requests.map(({ json }) => (json as { login: string }).login);
  expect(new Set(sent).size).toBe(sent.length);
  // Connections that the server gave up meanwhile are not used again, but for those being written to.
  const unknown = results.match(/,unknown,/g)?.length ?? 0;
  expect(unknown).toBeLessThanOrEqual(4);
  expect(sent.length + unknown).toBeGreaterThanOrEqual(ROWS);
});
