import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOxhost, startOxhost } from './run.ts';
import { hang, startServer } from './server.ts';

const create = (url: string, ...more: string[]) => [
  ...['plesk', 'client', 'create', '--api-url', url, '--name', 'Example Client'],
  ...['--login', 'client1', '--email', 'client1@example.com', '--generate-password', ...more],
];

test('the version', async () => {
  expect(await runOxhost(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.0.0-test\n' });
});

test('a create against a server, with JSON on both streams', async () => {
  await using server = await startServer();
  const env = { OXHOST_API_KEY: 'key-0123456789' };
  const result = await runOxhost(create(server.url, '--json'), { env });
  expect(result).toMatchObject({ exitCode: 0, error: undefined, released: true });
  expect(JSON.parse(result.stdout)).toMatchObject({ login: 'client1' });
  expect(result.errors.map((line) => Object.keys(line))).toEqual([['note']]);
  expect(server.requests[0]?.headers['x-api-key']).toBe('key-0123456789');
  expect(await readdir(result.configFolder)).toEqual(['pending']);

  const again = await runOxhost(create(server.url, '--json'), { env });
  expect(again.stdout).toBe(result.stdout);
  expect(again.configFolder).not.toBe(result.configFolder);
  const other = await runOxhost(create(server.url, '--json'), { env, seed: 2 });
  expect(other.stdout).not.toBe(result.stdout);
});

test('a signal while it waits', async () => {
  await using server = await startServer(hang);
  const running = await startOxhost(create(server.url, '--json'), {
    env: { OXHOST_API_KEY: 'key-0123456789' },
  });
  await expect.poll(() => server.requests.length).toBe(1);
  running.signal('SIGINT');
  expect(await running.finished).toMatchObject({ exitCode: 130, released: true });
});

test('pauses are told and take no time', async () => {
  const began = performance.now();
  const result = await runOxhost(create('http://127.0.0.1:1', '--json', '--retries', '3'), {
    env: { OXHOST_API_KEY: 'key-0123456789' },
  });
  expect(result).toMatchObject({ exitCode: 7, error: { code: 'unreachable' } });
  expect(result.pauses).toHaveLength(3);
  expect(performance.now() - began).toBeLessThan(result.pauses.reduce((a, b) => a + b, 0) + 2000);
});
