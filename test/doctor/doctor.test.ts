import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHistory } from '../../src/store/history.ts';
import { systemOfProcess } from '../../src/system.ts';
import { formsFound } from '../support/canary.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import {
  answer,
  closedPort,
  hang,
  startRawServer,
  startServer,
  type TestServer,
} from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const KEY = 'Canary-Key-0123456789-Zwitscher-wxyz';

let server: TestServer;
let temporary: TemporaryFolder;
let folder: string;
let file: string;
beforeEach(async () => {
  [server, temporary] = await Promise.all([startServer(answer(404)), temporaryFolder()]);
  folder = temporary.join('config');
  file = join(folder, 'config.json');
});
afterEach(() => Promise.all([server.close(), temporary.close()]));

const env = (more: Record<string, string> = {}) => ({ OXHOST_CONFIG_DIR: folder, ...more });
const withKey = (more: Record<string, string> = {}) =>
  env({ OXHOST_API_KEY: KEY, OXHOST_API_URL: server.url, ...more });

async function store(text?: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  const one = { current: 'one', profiles: { one: { key: KEY, origin: server.url } } };
  await writeFile(file, text ?? JSON.stringify(one), { mode: 0o600 });
}

/** What `oxhost doctor --json` finds: each message by the name of its check. */
async function doctor(variables: Record<string, string>, ...args: string[]) {
  const result = await runOxhost(['doctor', '--json', ...args], { env: variables });
  expect(formsFound(result.stdout + result.stderr, KEY)).toEqual([]);
  const { ok, checks } = JSON.parse(result.stdout) as {
    ok: boolean;
    checks: { name: string; status: string; message: string; hint: string | null }[];
  };
  expect(ok).toBe(result.exitCode === 0);
  for (const { status, hint } of checks) expect(hint === null).toBe(status === 'ok');
  return {
    exitCode: result.exitCode,
    errors: result.errors,
    bad: checks.filter(({ status }) => status !== 'ok'),
    found: Object.fromEntries(checks.map(({ name, message }) => [name, message])),
  };
}

describe('all is well', () => {
  test('with a stored key: each check in its order, and one request without the key', async () => {
    await store();
    const result = await doctor(env());
    const millis = expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:\d+ answered after \d+ ms \(HTTP 4/,
    );
    expect(result).toMatchObject({ exitCode: 0, bad: [], errors: [] });
    expect(Object.entries(result.found)).toEqual([
      ['version', `oxhost 0.0.0-test on Node.js ${process.versions.node}.`],
      ['settings', `${file} has 1 profile.`],
      ['key', '****wxyz, from the profile "one".'],
      ['address', `${server.url}, from the profile.`],
      ['proxy', 'None: calls go direct.'],
      ['connection', millis],
      ['attempts', 'None is open in oxhost history; imports keep theirs in unknown.csv.'],
    ]);
    const [request, ...more] = server.requests;
    expect([request?.method, request?.path, more]).toEqual(['HEAD', '/', []]);
    expect(request?.headers).not.toHaveProperty('x-api-key');
  });

  test('with a key from the environment, and nothing stored; nothing is made', async () => {
    const { exitCode, found } = await doctor(withKey());
    expect(exitCode).toBe(0);
    expect(found).toMatchObject({
      settings: `Nothing is stored yet in ${file}.`,
      key: '****wxyz, from OXHOST_API_KEY.',
      address: `${server.url}, from --api-url or OXHOST_API_URL.`,
    });
    expect(await readdir(temporary.path)).toEqual([]);
  });

  test('in the sandbox', async () => {
    const { exitCode, found } = await doctor(env(), '--sandbox');
    expect(exitCode).toBe(0);
    expect(found['address']).toMatch(/^http:\/\/127\.0\.0\.1:\d+, the embedded sandbox\.$/);
    expect(found['connection']).toContain('(HTTP 401)');
    expect(server.arrived).toBe(0);
  });
});

describe('what is wrong is said as a command would say it', () => {
  test('no key: the rest is looked at all the same', async () => {
    const { exitCode, bad, found } = await doctor(env({ OXHOST_API_URL: server.url }));
    expect([exitCode, bad.map(({ name }) => name)]).toEqual([4, ['key']]);
    expect(bad[0]?.hint).toContain('oxhost auth login');
    expect(found['connection']).toContain('(HTTP 404)');
  });

  test('a broken settings file stands once, though it stops more than one check', async () => {
    await store('{"current":');
    const { exitCode, bad, found } = await doctor(env());
    expect([exitCode, bad.map(({ name }) => name)]).toEqual([1, ['settings']]);
    expect(bad[0]?.message).toContain(file);
    expect(Object.keys(found)).toEqual(['version', 'settings', 'attempts']);
  });

  test('settings that others could read are made private, as by every command', async () => {
    await store();
    await chmod(file, 0o644);
    const { exitCode, errors } = await doctor(env());
    expect([exitCode, errors[0]?.['note']?.['code']]).toEqual([0, 'config_tightened']);
  });

  test('nothing listens there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { exitCode, bad } = await doctor(withKey({ OXHOST_API_URL: url }));
    expect([exitCode, bad.map(({ name }) => name)]).toEqual([7, ['connection']]);
    expect(bad[0]?.message).toMatch(/refused/);
  });

  test.each([
    ['says nothing', hang],
    ['hangs up', 'raw'],
  ] as const)('a server that %s', async (_what, handler) => {
    await using other = await (handler === 'raw'
      ? startRawServer((socket) => socket.destroy())
      : startServer(handler));
    const { exitCode, bad } = await doctor(
      withKey({ OXHOST_API_URL: other.url }),
      '--timeout',
      '1',
    );
    expect([exitCode, bad.map(({ name }) => name)]).toEqual([7, ['connection']]);
  });

  test('a variable that cannot be used', async () => {
    const result = await runOxhost(['doctor', '--json'], { env: withKey({ OXHOST_TIMEOUT: 'x' }) });
    expect(result).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage' } });
    expect(result.error?.['message']).toContain('OXHOST_TIMEOUT');
  });

  test('attempts whose end is not known are a warning', async () => {
    const system = { ...systemOfProcess(), env: { OXHOST_CONFIG_DIR: folder } };
    const subject = { operation: 'plesk client create', origin: server.url, fields: {} };
    const options = { generatedPassword: 'Canary-Password-0123' };
    const { number } = await openHistory(system).begin({ ...subject, login: 'client1' }, options);
    const { exitCode, bad } = await doctor(withKey());
    expect([exitCode, bad.map(({ name, status }) => `${name} ${status}`)]).toEqual([
      ...[0, ['attempts warning']],
    ]);
    expect(bad[0]?.message).toContain(`${number} (client1)`);
    expect(JSON.stringify(bad)).not.toContain('Canary-Password');
  });
});

test('as text: a line for each check, coloured by its state, and what to do on stderr', async () => {
  const options = { env: env({ OXHOST_API_URL: server.url }) };
  const piped = await runOxhost(['doctor'], options);
  expect(piped.stdout.split('\n')).toContain('key\terror\tThere is no API key.');
  expect(piped.stdout).toMatch(/^check\tstatus\tfound\nversion\tok\toxhost /);
  expect(piped.exitCode).toBe(4);
  expect(piped.stderr).toMatch(/^note: key: Store a key with oxhost auth login, or [^\n]*\n$/);
  const shown = await runOxhost(['doctor', '-q'], { ...options, isTTY: true });
  expect(shown.stderr).toBe('');
  expect(shown.stdout).toMatch(/^version +\u001b\[32mok\u001b\[39m +oxhost/m);
  expect(shown.stdout).toMatch(/^key +\u001b\[31merror\u001b\[39m +There is no API key\.$/m);
});

test('Ctrl-C ends it with 130', async () => {
  await using silent = await startServer(hang);
  const running = await startOxhost(['doctor', '--json'], {
    env: withKey({ OXHOST_API_URL: silent.url }),
  });
  await expect.poll(() => silent.arrived).toBe(1);
  running.signal('SIGINT');
  expect(await running.finished).toMatchObject({ exitCode: 130, stdout: '' });
});
