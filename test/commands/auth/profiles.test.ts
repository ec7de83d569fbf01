import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runOxhost } from '../../support/run.ts';
import { keyOf, type StoredKeys, storedKeys } from './stored.ts';

let stored: StoredKeys;
let env: StoredKeys['env'];
beforeEach(async () => {
  stored = await storedKeys('one', 'two');
  env = stored.env;
});
afterEach(() => stored.close());
const auth = (args: readonly string[], more: Record<string, string> = {}) =>
  runOxhost(['auth', ...args], { env: { ...env, ...more } });
const store = async () => JSON.parse(await readFile(stored.file, 'utf8'));

describe('auth status', () => {
  test('the key that would be used, masked, in JSON and in a pipe', async () => {
    const run = await auth(['status', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toBe(
      `${JSON.stringify({ profile: 'two', origin: 'https://0xhost.com', user: 'user-two', key: '****6789', source: stored.file })}\n`,
    );
    expect((await auth(['status'])).stdout).toBe(
      `profile\ttwo\norigin\thttps://0xhost.com\nuser\tuser-two\nkey\t****6789\nsource\t${stored.file}\n`,
    );
  });

  test('--fields', async () => {
    expect((await auth(['status', '--json', '--fields', 'key,profile'])).stdout).toBe(
      '{"key":"****6789","profile":"two"}\n',
    );
  });

  test.each([6, 12, 23, 24, 40, 200])('a key of %i characters', async (length) => {
    const key = 'x'.repeat(length - 4).concat('wxyz');
    const { stdout } = await auth(['status', '--json'], { OXHOST_API_KEY: key });
    expect(JSON.parse(stdout)).toEqual({
      ...{ profile: null, origin: 'https://0xhost.com', source: 'OXHOST_API_KEY' },
      key: length >= 24 ? '****wxyz' : '****',
    });
  });

  test('a note when --profile beats the environment; none with --quiet', async () => {
    const args = ['status', '--json', '--profile', 'one'];
    const run = await auth(args, { OXHOST_API_KEY: 'key' });
    expect(run.errors).toEqual([
      { note: { code: 'profile_beats_environment', message: expect.any(String) } },
    ]);
    expect(JSON.parse(run.stdout).profile).toBe('one');
    expect((await auth([...args, '-q'], { OXHOST_API_KEY: 'key' })).stderr).toBe('');
  });

  test.each([
    ['nothing stored', [], { OXHOST_CONFIG_DIR: '/nonexistent' }],
    ['no such profile', ['--profile', 'none'], {}],
    ['another origin', ['--api-url', 'https://example.com'], {}],
  ])('exit 4: %s', async (_name, more, variables) => {
    const run = await auth(['status', '--json', ...more], variables as never);
    expect(run).toMatchObject({
      exitCode: 4,
      stdout: '',
      error: { code: 'no_api_key', exit_code: 4, retry: 'after_fix', outcome: null, attempts: 0 },
    });
    expect(run.error?.['hint']).toEqual(expect.stringContaining('auth login'));
  });

  test('exit 2: a value that is no key', async () => {
    const run = await auth(['status', '--json'], { OXHOST_API_KEY: 'sek ret' });
    expect(run).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage' } });
  });

  test('a damaged file: exit 1, the path, no key', async () => {
    await writeFile(stored.file, `{"profiles":{"one":{"key":"${keyOf('one')}`);
    for (const verb of ['status', 'list', 'logout']) {
      const run = await auth([verb, '--json']);
      expect(run).toMatchObject({ exitCode: 1, stdout: '', error: { code: 'config_error' } });
      expect(run.error?.['message']).toContain(stored.file);
      expect(run.stderr).not.toContain('sekret');
    }
  });
});

describe('auth list', () => {
  test('every profile, masked, in JSON and in a pipe', async () => {
    const run = await auth(['list', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const common = { origin: 'https://0xhost.com', key: '****6789' };
    expect(JSON.parse(run.stdout)).toEqual([
      { profile: 'one', current: false, ...common, user: 'user-one' },
      { profile: 'two', current: true, ...common, user: 'user-two' },
    ]);
    expect((await auth(['list'])).stdout.split('\n')).toEqual([
      'profile\tcurrent\torigin\tkey\tuser',
      'one\tfalse\thttps://0xhost.com\t****6789\tuser-one',
      'two\ttrue\thttps://0xhost.com\t****6789\tuser-two',
      '',
    ]);
  });

  test('none at all', async () => {
    const run = await runOxhost(['auth', 'list', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stdout: '[]\n' });
    expect(run.errors).toEqual([{ note: { code: 'no_profiles', message: expect.any(String) } }]);
  });
});

describe('auth switch', () => {
  test('makes another profile the current one', async () => {
    const run = await auth(['switch', 'one', '--json']);
    expect(run).toMatchObject({ exitCode: 0, stdout: '{"current":"one"}\n', stderr: '' });
    expect((await auth(['switch', 'two'])).stdout).toBe('current\ttwo\n');
    expect((await store()).current).toBe('two');
    expect(Object.keys((await store()).profiles)).toEqual(['one', 'two']);
  });

  test.each(['none', '__proto__', 'constructor', ''])(
    'not to %j, which is not there',
    async (name) => {
      const run = await auth(['switch', name, '--json']);
      expect(run).toMatchObject({
        exitCode: 2,
        error: { code: 'usage', hint: 'There are: one, two.' },
      });
      expect((await store()).current).toBe('two');
    },
  );

  test('to nothing', async () => {
    expect(await auth(['switch'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('auth logout', () => {
  test('forgets the current key, and says that it is still valid', async () => {
    const run = await auth(['logout', '--json']);
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: '{"profile":"two","removed":true,"current":"one"}\n',
    });
    expect(run.errors).toEqual([
      { note: { code: 'key_still_valid', message: expect.any(String) } },
    ]);
    expect(await readFile(stored.file, 'utf8')).not.toContain(keyOf('two'));
    expect((await auth(['logout'])).stdout).toBe('profile\tone\nremoved\ttrue\ncurrent\t\n');
    expect(await store()).toEqual({ current: null, profiles: {} });
    expect(await auth(['logout'])).toMatchObject({ exitCode: 4, stdout: '' });
    expect(await auth(['status'])).toMatchObject({ exitCode: 4, stdout: '' });
  });

  test('forgets the one that is named', async () => {
    expect((await auth(['logout', '--profile', 'one', '--json'])).stdout).toBe(
      '{"profile":"one","removed":true,"current":"two"}\n',
    );
    expect(Object.keys((await store()).profiles)).toEqual(['two']);
  });

  test.each(['none', 'toString'])('not %j, which is not there', async (name) => {
    const run = await auth(['logout', '--profile', name, '--json']);
    expect(run).toMatchObject({ exitCode: 4, error: { code: 'no_api_key' } });
    expect(Object.keys((await store()).profiles)).toEqual(['one', 'two']);
  });
});
