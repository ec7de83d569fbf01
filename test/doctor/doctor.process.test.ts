import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { startProxy } from '../support/proxy.ts';
import { closedPort, createdClient } from '../support/server.ts';
import { type Authority, authority, startTlsServer } from '../support/tls.ts';
import { builtTool } from '../support/tool.ts';

// Proxies and authorities come from the environment of a process.

const launcher = builtTool();
let signer: Authority;
beforeAll(async () => {
  signer = await authority();
});
afterAll(() => signer.close());

async function doctor(url: string, env: Record<string, string> = {}) {
  const surroundings = { OXHOST_API_KEY: 'not-a-real-key-0123456789', OXHOST_API_URL: url };
  const { stdout, exitCode } = await runProcess(process.execPath, [launcher, 'doctor', '--json'], {
    env: { ...surroundings, NODE_EXTRA_CA_CERTS: signer.file, ...env },
  });
  const checks = JSON.parse(stdout).checks as { name: string; status: string; message: string }[];
  const bad = checks.filter(({ status }) => status !== 'ok').map(({ name }) => name);
  const found = Object.fromEntries(checks.map(({ name, message }) => [name, message]));
  return { exitCode, bad, found };
}

test('through a proxy, over TLS: reached, as commands would reach it', async () => {
  await using server = await startTlsServer(createdClient, {
    certificate: 'good',
    authority: signer,
  });
  await using proxy = await startProxy();
  const { exitCode, found } = await doctor(server.url, { HTTPS_PROXY: proxy.url });
  expect(exitCode).toBe(0);
  expect(found['proxy']).toBe(`${new URL(proxy.url).origin}, from the environment.`);
  expect(found['connection']).toMatch(/ answered after \d+ ms \(HTTP 200\)\.$/);
  expect(proxy.connects).toHaveLength(1);
});

test.each([
  ['HTTPS_PROXY', 'ftp://proxy.example', 2, 'proxy'],
  ['HTTPS_PROXY', 'closed', 7, 'connection'],
  ['NODE_EXTRA_CA_CERTS', '', 7, 'connection'],
])('with %s=%s: %d, by %s', async (name, value, code, check) => {
  await using server = await startTlsServer(createdClient, {
    certificate: 'good',
    authority: signer,
  });
  const given = value === 'closed' ? `http://127.0.0.1:${await closedPort()}` : value;
  const { exitCode, bad } = await doctor(server.url, { [name]: given });
  expect([exitCode, bad]).toEqual([code, [check]]);
  expect(server.arrived).toBe(0);
});
