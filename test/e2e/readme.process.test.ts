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

const blocks = [...(await readFile(readme, 'utf8')).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, text]) => text ?? '',
);
/** The one that begins as a script of its own. */
const [script = ''] = blocks.filter((text) => text.startsWith('#!'));

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
  expect(script).toContain('set -euo pipefail');
  const { result, requests, place } = await runScript(script);
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
  const { result, requests } = await runScript(script, { PLAN: ' ' });
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toContain('--plan: must not be empty or blank');
  expect(requests).toEqual(['POST /API/plesk/clients/create']);
});

/** Those that only npm or a person's own shell can run: others run in the tests of the package. */
const isForNpm = (text: string) => /^(?:npm|source) /.test(text);
/** A command without flags asks its questions. */
const isAsked = (text: string) => /^oxhost (?:auth login|plesk client create)\n$/.test(text);

test('every other command of it runs, in its order, as it stands', {
  timeout: 300_000,
}, async () => {
  const others = blocks.filter((text) => !text.startsWith('#!') && !isForNpm(text));
  expect(others.length).toBeGreaterThan(6);
  const place = folder.join('others');
  await mkdir(place);
  const stub = async (name: string, text: string) => {
    await writeFile(path.join(place, name), `#!/bin/sh\n${text}\n`);
    await chmod(path.join(place, name), 0o755);
  };
  await stub('oxhost', `exec '${toolRuntime()}' '${tool}' "$@"`);
  await stub('pass', 'echo Kx7-Qm2-Vb9-Rt4_Zw6-0123456789');
  const env = { PATH: `${place}:${process.env['PATH']}`, HOME: place };
  await using sandbox = startProcess(path.join(place, 'oxhost'), ['sandbox'], { env });
  await sandbox.waitForStdout(/OXHOST_API_KEY=.*\n/);
  // Two attempts whose end is not known, with the numbers that the README has.
  const open = ['12', '13'].map((number) => {
    const attempt = { number: Number(number), time: '2026-01-02T03:04:05.000Z', state: 'unknown' };
    const subject = { operation: 'plesk client create', origin: 'https://0xhost.com', fields: {} };
    return [`${number}-0123456789abcdef.json`, JSON.stringify({ ...attempt, ...subject })] as const;
  });
  const history = path.join(place, '.config', 'oxhost', 'open');
  for (const text of others) {
    if (text.includes('history settle')) {
      await mkdir(history, { recursive: true });
      for (const [name, content] of open) await writeFile(path.join(history, name), content);
    }
    const source = `eval "$SANDBOX"; set -eo pipefail\n${text}\nkill %1 2>/dev/null || true`;
    const { exitCode, stderr } = await runProcess('bash', ['-c', source], {
      cwd: place,
      env: { ...env, SANDBOX: sandbox.stdout },
    });
    // Without a terminal nothing is asked, and what is missing is said.
    expect([text, exitCode, stderr]).toEqual([text, isAsked(text) ? 2 : 0, expect.any(String)]);
  }
});
