import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess, startProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const readme = path.resolve(import.meta.dirname, '../../README.md');

const tool = builtTool();
let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.close());

/** The one shell script of the README that begins as a script of its own. */
async function script(): Promise<string> {
  const blocks = (await readFile(readme, 'utf8')).matchAll(/^```sh\n(#![\s\S]*?)^```$/gm);
  const scripts = [...blocks].map(([, text]) => text ?? '');
  expect(scripts).toHaveLength(1);
  return scripts[0] ?? '';
}

/**
 * Runs it as it stands, with `oxhost` and `PLAN` as its reader would have them, against the tool's
 * own sandbox, whose lines a shell evaluates first.
 */
async function runScript(text: string, extra: Record<string, string> = {}) {
  const place = folder.join(`run-${Object.keys(extra).join('-') || 'whole'}`);
  await mkdir(place);
  const launcher = path.join(place, 'oxhost');
  await writeFile(launcher, `#!/bin/sh\nexec '${toolRuntime()}' '${tool}' "$@"\n`);
  await chmod(launcher, 0o755);
  await writeFile(path.join(place, 'script'), text);
  const env = { PATH: `${place}:${process.env['PATH']}`, HOME: place };
  await using sandbox = startProcess(launcher, ['sandbox'], { env });
  await sandbox.waitForStdout(/OXHOST_API_KEY=.*\n/);
  const result = await runProcess('bash', ['-c', 'eval "$SANDBOX"; exec bash script'], {
    cwd: place,
    env: { ...env, SANDBOX: sandbox.stdout, PLAN: 'plan-1', ...extra },
  });
  const requests = [...sandbox.stderr.matchAll(/ {2}200 {2}(\w+ \/[^?\n]*)/g)].map(
    ([, request]) => request,
  );
  return { result, requests, place };
}

test('the way from a new client to a live subscription runs as it stands', async () => {
  const text = await script();
  expect(text).toContain('set -euo pipefail');
  const { result, requests, place } = await runScript(text);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'true\n70.03\n' });
  expect(requests).toEqual([
    'POST /API/plesk/clients/create',
    'POST /API/orders/create_order_plesk',
    'GET /API/plesk/subscriptions/detail',
    'POST /API/orders/create_order_scale_plesk',
  ]);
  for (const name of ['client1.password', 'client1.ftp-password']) {
    expect((await stat(path.join(place, name))).mode & 0o777).toBe(0o600);
  }
});

test('and stops where something fails', async () => {
  const { result, requests } = await runScript(await script(), { PLAN: ' ' });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('"code":"invalid_input"');
  expect(requests).toEqual(['POST /API/plesk/clients/create']);
});
