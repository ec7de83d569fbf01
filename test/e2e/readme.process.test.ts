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

/** A folder with `oxhost` and a secret manager in its PATH, and the tool's own sandbox behind it. */
async function openDesk(name: string) {
  const place = folder.join(name);
  await mkdir(place);
  const addCommand = async (command: string, text: string) => {
    await writeFile(path.join(place, command), `#!/bin/sh\n${text}\n`);
    await chmod(path.join(place, command), 0o755);
  };
  await addCommand('oxhost', `exec '${toolRuntime()}' '${tool}' "$@"`);
  await addCommand('pass', 'echo Kx7-Qm2-Vb9-Rt4_Zw6-0123456789');
  const env = { PATH: `${place}:${process.env['PATH']}`, HOME: place };
  const sandbox = startProcess(path.join(place, 'oxhost'), ['sandbox'], { env });
  await sandbox.waitForStdout(/OXHOST_API_KEY=.*\n/);
  return {
    place,
    sandbox,
    /** A shell that has evaluated the sandbox's lines first, as its reader would. */
    run: (text: string, extra: Record<string, string> = {}) =>
      runProcess('bash', ['-c', `eval "$SANDBOX"; ${text}`], {
        cwd: place,
        env: { ...env, SANDBOX: sandbox.stdout, ...extra },
      }),
    [Symbol.asyncDispose]: sandbox.close,
  };
}

async function runScript(PLAN: string) {
  await using desk = await openDesk(`plan ${PLAN}`);
  await writeFile(path.join(desk.place, 'script'), script);
  const result = await desk.run('exec bash script', { PLAN });
  const requests = [...desk.sandbox.stderr.matchAll(/ {2}200 {2}(\w+ \/[^?\n]*)/g)].map(
    ([, request]) => request,
  );
  return { result, requests, place: desk.place };
}

test('the way from a new client to a live subscription runs as it stands', async () => {
  expect(script).toContain('set -euo pipefail');
  const { result, requests, place } = await runScript('plan-1');
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
  const { result, requests } = await runScript(' ');
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
  await using desk = await openDesk('others');
  // Two attempts whose end is not known, with the numbers that the README has.
  const open = ['12', '13'].map((number) => {
    const attempt = { number: Number(number), time: '2026-01-02T03:04:05.000Z', state: 'unknown' };
    const subject = { operation: 'plesk client create', origin: 'https://0xhost.com', fields: {} };
    return [`${number}-0123456789abcdef.json`, JSON.stringify({ ...attempt, ...subject })] as const;
  });
  const history = path.join(desk.place, '.config', 'oxhost', 'open');
  for (const text of others) {
    if (text.includes('history settle')) {
      await mkdir(history, { recursive: true });
      for (const [name, content] of open) await writeFile(path.join(history, name), content);
    }
    const source = `set -eo pipefail\n${text}\nkill %1 2>/dev/null || true`;
    const { exitCode, stderr } = await desk.run(source);
    // Without a terminal nothing is asked, and what is missing is said.
    expect([text, exitCode, stderr]).toEqual([text, isAsked(text) ? 2 : 0, expect.any(String)]);
  }
});
