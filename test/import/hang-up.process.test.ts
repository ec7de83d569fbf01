import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { environment, startProcess } from '../support/process.ts';
import { createdClient, startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool } from '../support/tool.ts';
import { csvOf, logins } from './files.ts';

const launcher = builtTool();

async function prepare() {
  const folder = await temporaryFolder();
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = await startServer(async (...call) => {
    await opened;
    await createdClient(...call);
  });
  const file = folder.join('clients.csv');
  await writeFile(file, csvOf(...logins(20)));
  const args = [launcher, 'plesk', 'client', 'import', file, '--concurrency', '2'];
  const env = {
    OXHOST_API_KEY: 'test-key-0001',
    OXHOST_API_URL: server.url,
    OXHOST_CONFIG_DIR: folder.join('config'),
  };
  return {
    server,
    args,
    env,
    open,
    results: () => readFile(`${file}.oxhost/results.csv`, 'utf8'),
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder.close();
    },
  };
}

async function startImport() {
  const prepared = await prepare();
  const { server, args, env } = prepared;
  const running = startProcess(process.execPath, args, { env });
  await expect.poll(() => server.requests.length).toBe(2);
  return {
    ...prepared,
    running,
    async [Symbol.asyncDispose]() {
      await running.close();
      await prepared[Symbol.asyncDispose]();
    },
  };
}

test.skipIf(process.platform === 'win32')(
  'a closed terminal, twice at once, is waited out like the first Ctrl-C (not on Windows)',
  async () => {
    await using started = await startImport();
    const { running, server } = started;
    running.kill('SIGHUP');
    await delay(30);
    running.kill('SIGHUP');
    await running.waitForStderr('Stopping: waiting for 2 answers');
    started.open();
    expect(await running.exited).toMatchObject({ exitCode: 143, signal: null });
    expect(server.requests).toHaveLength(2);
    const results = await started.results();
    expect(results.match(/,created,/g)).toHaveLength(2);
    expect(results.match(/,not_sent,/g)).toHaveLength(18);
  },
);

test.skipIf(process.platform === 'win32')(
  'a terminal that is really gone costs no answer and no orderly end (not on Windows)',
  async () => {
    await using prepared = await prepare();
    const { server, args, env } = prepared;
    const pty = spawn(process.execPath, [...args, '--yes'], { env: environment(env) });
    const exited = new Promise((resolve) => pty.onExit(resolve));
    await expect.poll(() => server.requests.length).toBe(2);
    // Closes the terminal's other side; the kernel tells whoever runs in it.
    (pty as unknown as { destroy(): void }).destroy();
    await delay(100);
    prepared.open();
    expect(await exited).toMatchObject({ exitCode: 143, signal: 0 });
    expect(server.requests).toHaveLength(2);
    expect((await prepared.results()).match(/,created,/g)).toHaveLength(2);
  },
);
