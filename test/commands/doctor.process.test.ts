import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordAttempt } from '../../src/store/pending.ts';
import { formsFound } from '../support/canary.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import { closedPort, startRawServer, startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { startTlsServer } from '../support/tls.ts';
import { doctor, KEY } from './doctoring.ts';

let server: TestServer;
let temporary: TemporaryFolder;
let folder: string;
let file: string;
beforeEach(async () => {
  [server, temporary] = await Promise.all([startServer(), temporaryFolder()]);
  folder = temporary.join('config');
  file = join(folder, 'config.json');
});
afterEach(async () => {
  // Whatever a test is about, nothing is ever asked of the server.
  expect(server.arrived).toBe(0);
  await server.close();
  await temporary.close();
});

const env = (more: Record<string, string> = {}) => ({ OXHOST_CONFIG_DIR: folder, ...more });
const withKey = (more: Record<string, string> = {}) =>
  env({ OXHOST_API_KEY: KEY, OXHOST_API_URL: server.url, ...more });

async function store(content: unknown = storeOf('one')): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(file, text, { mode: 0o600 });
}
const storeOf = (...names: string[]) => ({
  current: names[0] ?? null,
  profiles: Object.fromEntries(names.map((name) => [name, { key: KEY, origin: server.url }])),
});

const NAMES = ['oxhost', 'node', 'environment', 'folder', 'settings', 'profile', 'key', 'address'];
const NETWORK = ['proxy', 'dns', 'connection', 'tls', 'attempts'];

describe('all is well', () => {
  test('with a stored key: every check in its order, and one connection', async () => {
    await store();
    const found = await doctor([], { env: env() });
    expect(found).toMatchObject({ exitCode: 0, ok: true, found: [], stderr: '' });
    expect(found.checks.map(({ name }) => name)).toEqual([...NAMES, ...NETWORK]);
    expect(found.check('oxhost').message).toBe('Version 0.0.0-test.');
    expect(found.check('node').message).toBe(`Node.js ${process.versions.node}.`);
    expect(found.check('folder').message).toBe(`${folder} is open to you alone.`);
    expect(found.check('settings').message).toBe(`${file} has 1 profile.`);
    expect(found.check('profile').message).toBe('one, the current one.');
    expect(found.check('key').message).toBe('****wxyz, stored in the profile "one".');
    expect(found.check('address').message).toBe(`${server.url}, the address of the profile "one".`);
    expect(found.check('connection').message).toMatch(/^Open \(\d+ ms\)\.$/);
    expect(server.connections).toBe(1);
  });

  test('with a key from the environment, and nothing stored; nothing is made', async () => {
    const found = await doctor([], { env: withKey() });
    expect(found).toMatchObject({ exitCode: 0, found: [] });
    expect(found.check('key').message).toBe('****wxyz, in OXHOST_API_KEY.');
    expect(found.check('address').message).toContain('because OXHOST_API_URL names it');
    expect(found.check('folder').message).toContain('does not exist yet');
    expect(await readdir(temporary.path)).toEqual([]);
  });

  test('in the sandbox', async () => {
    const found = await doctor(['--sandbox'], { env: env() });
    expect(found).toMatchObject({ exitCode: 0, found: [] });
    expect(found.errors.map((line) => line['note']?.['code'])).toEqual(['sandbox']);
    expect(found.check('address').message).toMatch(/^http:\/\/127\.0\.0\.1:\d+, the embedded sand/);
    expect(found.check('connection').status).toBe('ok');
    expect(found.check('profile').status).toBe('skipped');
    expect(server.connections).toBe(0);
  });
});

describe('as text', () => {
  test('in a pipe: a line for each check, and what to do on stderr', async () => {
    const result = await runOxhost(['doctor'], { env: env({ OXHOST_API_URL: server.url }) });
    const rows = result.stdout.trimEnd().split('\n');
    expect(rows[0]).toBe('check\tstatus\tfound');
    expect(rows.slice(1).map((row) => row.split('\t')[0])).toEqual([...NAMES, ...NETWORK]);
    expect(rows).toContain('key\terror\tThere is no API key.');
    expect(result.exitCode).toBe(4);
    expect(result.stderr).toMatch(/^note: key: Store a key with oxhost auth login, or [^\n]*\n$/);
    const quiet = await runOxhost(['doctor', '-q'], { env: env({ OXHOST_API_URL: server.url }) });
    expect(quiet).toMatchObject({ exitCode: 4, stderr: '' });
    expect(quiet.stdout).toContain('There is no API key.');
  });

  test('on a terminal: a table in its width', async () => {
    await store();
    await chmod(file, 0o644);
    const { stdout, stderr } = await runOxhost(['doctor'], {
      env: env({ OXHOST_BANANA: 'x', NO_COLOR: '1' }),
      isTTY: true,
    });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines[0]).toMatch(/^check {2,}status {2,}found$/);
    expect(stdout).toMatch(/^settings +error +\S/m);
    expect(stdout).toMatch(/^OXHOST_BANANA +warning +\S/m);
    // A command that is to be copied is not broken inside a word.
    expect(stderr).toMatch(/^note: settings: Run chmod 600/m);
    expect(stderr).toContain(file);
  });

  test('--fields with --json', async () => {
    const { stdout } = await runOxhost(['doctor', '--json', '--fields', 'ok'], { env: withKey() });
    expect(JSON.parse(stdout)).toEqual({ ok: true });
  });

  test('help says that it sends no request', async () => {
    const { stdout } = await runOxhost(['doctor', '--help']);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'It opens a connection to the API address and sends no request, so it cannot tell whether the key is accepted.',
    );
  });
});

describe('the key', () => {
  test('none', async () => {
    const found = await doctor([], { env: env({ OXHOST_API_URL: server.url }) });
    expect(found).toMatchObject({ exitCode: 4, found: ['key error'] });
    expect(found.check('key').hint).toContain('oxhost auth login');
    // The way there is looked at all the same.
    expect(found.check('connection').status).toBe('ok');
  });

  test.each([
    ['white space', `${KEY} `, 'white space'],
    ['quotation marks', `"${KEY}"`, 'quotation marks'],
    ['other characters', `${KEY}\u00e9`, 'characters that no key has'],
    ['a line break', `${KEY}\n\n`, 'line break'],
  ])('with %s', async (_name, key, words) => {
    const found = await doctor([], { env: withKey({ OXHOST_API_KEY: key }) });
    expect(found).toMatchObject({ exitCode: 4, found: ['key error'] });
    expect(found.check('key').message).toContain(words);
  });

  test('of another address', async () => {
    await store();
    const args = ['--api-url', 'http://127.0.0.1:9'];
    const found = await doctor(args, { env: env() });
    expect(found).toMatchObject({ exitCode: 4, found: ['key error'] });
    expect(found.check('key').message).toContain(`belongs to ${server.url} and is not sent to`);
    expect(found.check('connection').message).toBe('Not looked at, because of key.');
    expect(server.connections).toBe(0);
  });

  test('of the environment, beside --profile', async () => {
    await store();
    const found = await doctor(['--profile', 'one'], { env: withKey() });
    expect(found).toMatchObject({ exitCode: 0, found: ['key warning'] });
    expect(found.check('key').message).toContain('so OXHOST_API_KEY is not used.');
    // A note would say it twice.
    expect(found.stderr).toBe('');
  });

  describe('by a command', () => {
    const run = (command: string, more: Record<string, string> = {}) =>
      doctor([], {
        env: env({ OXHOST_KEY_COMMAND: command, OXHOST_API_URL: server.url, ...more }),
      });

    test('that works: it is run once, and what it prints is not shown', async () => {
      const mark = temporary.join('mark');
      const found = await run(`echo x >> '${mark}'; echo '${KEY}'; echo 'also ${KEY}' >&2`);
      expect(found).toMatchObject({ exitCode: 0, found: [] });
      expect(found.check('key').message).toBe('****wxyz, printed by OXHOST_KEY_COMMAND.');
      expect(found.errors.map((line) => line['note']?.['code'])).toEqual(['key_command']);
      expect(await readFile(mark, 'utf8')).toBe('x\n');
    });

    test('also on a terminal its stderr is not shown', async () => {
      const { stderr, stdout } = await runOxhost(['doctor'], {
        env: env({
          OXHOST_KEY_COMMAND: `echo '${KEY}'; echo sekret >&2`,
          OXHOST_API_URL: server.url,
        }),
        isTTY: { stdout: true, stderr: true },
        columns: 200,
      });
      expect(stdout).toContain('****wxyz');
      expect(stderr).toContain('OXHOST_KEY_COMMAND is run now');
      expect(stdout + stderr).not.toContain('sekret');
    });

    test.each([
      ['fails', `echo '${KEY}'; exit 3`, 'exit code 3'],
      ['prints nothing', 'true', 'it is empty'],
      ['prints a sentence', `echo 'the key is ${KEY}'`, 'white space'],
    ])('that %s', async (_name, command, words) => {
      const found = await run(command);
      expect(found).toMatchObject({ exitCode: 4, found: ['key error'] });
      expect(found.check('key').message).toContain(words);
    });

    test('that is not the source in effect is not run', async () => {
      await store();
      const mark = temporary.join('mark');
      const beaten = await run(`touch '${mark}'`, { OXHOST_API_KEY: KEY });
      expect(beaten).toMatchObject({ exitCode: 0, found: ['key warning'] });
      const named = await doctor(['--profile', 'one'], {
        env: env({ OXHOST_KEY_COMMAND: `touch '${mark}'` }),
      });
      expect(named).toMatchObject({ exitCode: 0, found: ['key warning'] });
      expect(await readdir(temporary.path)).not.toContain('mark');
      // The command would leave its mark, so that the line above means something.
      await run(`touch '${mark}'`);
      expect(await readdir(temporary.path)).toContain('mark');
    });
  });
});

describe('the settings', () => {
  test('a damaged file is named and kept', async () => {
    const content = `{"profiles":{"one":{"key":"${KEY}"`;
    await store(content);
    const found = await doctor([], { env: env() });
    expect(found).toMatchObject({ exitCode: 1, found: ['settings error'] });
    expect(found.check('settings').message).toBe(
      `${file} is damaged: it is not JSON. It was left as it is.`,
    );
    for (const name of ['profile', 'key', 'address', 'connection', 'tls']) {
      expect(found.check(name).message).toBe('Not looked at, because of settings.');
    }
    expect(await readFile(file, 'utf8')).toBe(content);
    // A key that needs no file is looked at.
    const other = await doctor([], { env: withKey() });
    expect(other.found).toEqual(['settings error']);
    expect(other.check('connection').status).toBe('ok');
  });

  test('modes that are too loose: the hint mends them, and doctor does not', async () => {
    await store();
    await chmod(folder, 0o755);
    await chmod(file, 0o644);
    const found = await doctor([], { env: env() });
    expect(found).toMatchObject({ exitCode: 1, found: ['folder error', 'settings error'] });
    const modes = async () => [(await stat(folder)).mode & 0o777, (await stat(file)).mode & 0o777];
    expect(await modes()).toEqual([0o755, 0o644]);
    for (const name of ['folder', 'settings']) {
      execFileSync('sh', ['-c', found.check(name).hint?.replace(/^Run /, '') ?? 'false']);
    }
    expect(await modes()).toEqual([0o700, 0o600]);
    expect(await doctor([], { env: env() })).toMatchObject({ exitCode: 0, found: [] });
  });

  test.each(['folder', 'file'])('a linked %s', async (which) => {
    await store();
    const [place, target] = which === 'folder' ? [folder, `${folder}-1`] : [file, `${file}-1`];
    await rename(place, target);
    await symlink(target, place);
    const found = await doctor([], { env: env() });
    expect(found.found).toEqual([which === 'folder' ? 'folder error' : 'settings error']);
    expect(found.exitCode).toBe(1);
    expect(found.check(which === 'folder' ? 'folder' : 'settings').message).toMatch(
      new RegExp(`${place} is a symbolic link; `),
    );
    expect(found.check('key').status).toBe('skipped');
  });

  test('a file in the place of the folder', async () => {
    await writeFile(folder, '');
    const found = await doctor([], { env: withKey() });
    expect(found).toMatchObject({ exitCode: 1, found: ['folder error'] });
  });

  test.each([
    ['--profile', ['--profile', 'lost'], {}],
    ['OXHOST_PROFILE', [], { OXHOST_PROFILE: 'lost' }],
  ])('an unknown profile by %s', async (_name, args, more) => {
    await store();
    const found = await doctor(args, { env: env(more) });
    expect(found).toMatchObject({ exitCode: 4, found: ['profile error'] });
    expect(found.check('profile')).toMatchObject({
      message: 'There is no profile "lost".',
      hint: 'There are: one.',
    });
    expect(found.check('key').message).toBe('Not looked at, because of profile.');
    expect(server.connections).toBe(0);
  });

  test('an address in the file that no key may be sent to', async () => {
    await store({ current: 'one', profiles: { one: { key: KEY, origin: 'http://192.0.2.1' } } });
    const found = await doctor([], { env: env() });
    expect(found).toMatchObject({ exitCode: 1, found: ['key error'] });
    expect(found.check('key').message).toContain('must begin with https://');
    expect(found.check('address').status).toBe('skipped');
  });
});

describe('the environment', () => {
  test.each([
    ['OXHOST_OUTPUT', 'yaml'],
    ['OXHOST_TIMEOUT', 'soon'],
  ])('a bad %s stops every command but this one', async (name, value) => {
    const bad = withKey({ [name]: value });
    expect(await runOxhost(['auth', 'status'], { env: bad })).toMatchObject({
      ...{ exitCode: 2, stdout: '' },
    });
    const found = await doctor([], { env: bad });
    expect(found).toMatchObject({ exitCode: 2, found: [`${name} error`] });
    expect(found.check('connection').status).toBe('ok');
  });

  test('a bad OXHOST_API_URL: another address is not tried in its place', async () => {
    await store();
    const found = await doctor([], { env: env({ OXHOST_API_URL: 'http://0xhost.com' }) });
    expect(found).toMatchObject({ exitCode: 2, found: ['OXHOST_API_URL error'] });
    expect(found.check('key').status).toBe('ok');
    for (const name of ['address', 'proxy', 'connection']) {
      expect(found.check(name).message).toBe('Not looked at, because of OXHOST_API_URL.');
    }
    expect(server.connections).toBe(0);
    const mended = await doctor(['--api-url', server.url], {
      env: env({ OXHOST_API_URL: 'http://0xhost.com' }),
    });
    expect(mended.check('connection').status).toBe('ok');
  });

  test('a bad OXHOST_PROFILE: another is not taken in its place', async () => {
    await store();
    const found = await doctor([], { env: env({ OXHOST_PROFILE: 'a b' }) });
    expect(found).toMatchObject({ exitCode: 2, found: ['OXHOST_PROFILE error'] });
    for (const name of ['profile', 'key', 'address']) {
      expect(found.check(name).message).toBe('Not looked at, because of OXHOST_PROFILE.');
    }
  });

  test('a misspelt name', async () => {
    const found = await doctor([], { env: withKey({ OXHOST_APIKEY: KEY }) });
    expect(found).toMatchObject({ exitCode: 0, found: ['OXHOST_APIKEY warning'] });
    expect(found.check('OXHOST_APIKEY').hint).toBe('Did you mean OXHOST_API_KEY?');
  });

  test('OXHOST_OUTPUT=json is obeyed', async () => {
    const result = await runOxhost(['doctor'], { env: withKey({ OXHOST_OUTPUT: 'json' }) });
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: true });
  });

  test('a bad flag is a usage error as everywhere', async () => {
    const result = await runOxhost(['doctor', '--json', '--timeout', 'x'], { env: withKey() });
    expect(result).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage' } });
  });
});

describe('the way there', () => {
  test('a refused port', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const found = await doctor([], { env: withKey({ OXHOST_API_URL: url }) });
    expect(found).toMatchObject({ exitCode: 7, found: ['connection error'] });
    expect(found.check('connection').message).toContain('ECONNREFUSED');
  });

  test('a certificate that nobody vouches for', async () => {
    await using tls = await startTlsServer(undefined, { certificate: 'self-signed' });
    const found = await doctor([], { env: withKey({ OXHOST_API_URL: tls.url }) });
    expect(found).toMatchObject({ exitCode: 7, found: ['tls error'] });
    expect(found.check('tls')).toMatchObject({
      message: expect.stringContaining('signed by itself'),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(found.check('dns').message).toMatch(/^localhost is .*127\.0\.0\.1.* \(\d+ ms\)\.$/);
    expect([tls.connections, tls.arrived]).toEqual([1, 0]);
  });

  test('a server that says nothing, within --timeout', async () => {
    await using silent = await startRawServer(() => {});
    const url = silent.url.replace('http:', 'https:');
    const began = performance.now();
    const found = await doctor(['--timeout', '0.3'], { env: withKey({ OXHOST_API_URL: url }) });
    expect(found).toMatchObject({ exitCode: 7, found: ['tls error'] });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(silent.received).not.toMatch(/POST|GET|CONNECT|Canary/);
  });

  test('the first of several errors gives the exit code', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const found = await doctor([], { env: env({ OXHOST_API_URL: url }) });
    expect(found).toMatchObject({ exitCode: 4, found: ['key error', 'connection error'] });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops it, without half a result', async (name) => {
    await using silent = await startRawServer(() => {});
    const url = silent.url.replace('http:', 'https:');
    const running = await startOxhost(['doctor', '--json'], {
      env: withKey({ OXHOST_API_URL: url }),
    });
    await expect.poll(() => silent.connections).toBe(1);
    running.signal(name);
    const result = await running.finished;
    expect(result).toMatchObject({ stdout: '', error: { code: 'cancelled' }, released: true });
    expect(result.exitCode).toBe(name === 'SIGINT' ? 130 : 143);
  });
});

test('open attempts: their logins and files, never their passwords', async () => {
  await store();
  const { file: record } = await recordAttempt(
    folder,
    {
      ...{ origin: server.url, login: 'client1', started_at: '2026-01-02T03:04:05.000Z' },
      generated_password: 'Canary-Password-0123',
    },
    'name',
  );
  for (const args of [['--json'], [], ['--debug']]) {
    const result = await runOxhost(['doctor', ...args], { env: env() });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('client1');
    expect(result.stdout + result.stderr).toContain(record);
    for (const secret of [KEY, 'Canary-Password-0123']) {
      expect(formsFound(result.stdout + result.stderr, secret)).toEqual([]);
    }
  }
  expect((await doctor([], { env: env() })).found).toEqual(['attempts warning']);
});
