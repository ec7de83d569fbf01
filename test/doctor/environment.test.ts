import { describe, expect, test } from 'vitest';
import { environmentFindings } from '../../src/doctor/environment.ts';

const inShort = (env: Record<string, string>) =>
  environmentFindings(env).map(({ name, status, exitCode }) => `${name} ${status} ${exitCode}`);

test.each<[string, Record<string, string>]>([
  ['nothing', {}],
  ['what is well known', { OXHOST_API_KEY: 'k', OXHOST_TIMEOUT: '5', OXHOST_OUTPUT: 'json' }],
  ['what others use', { PATH: '/bin', CI: 'yes', OXHOSTING: 'x', NODE_ENV: 'test' }],
  ['what is empty', { OXHOST_BANANA: '', OXHOST_OUTPUT: '', OXHOST_CONFIG_DIR: '' }],
  ['switches', { OXHOST_NO_INPUT: '1', OXHOST_DEBUG: 'False' }],
  ['a whole path', { OXHOST_CONFIG_DIR: '/etc/oxhost' }],
  ['NODE_TLS_REJECT_UNAUTHORIZED=1', { NODE_TLS_REJECT_UNAUTHORIZED: '1' }],
  ['harmless NODE_OPTIONS', { NODE_OPTIONS: '--max-old-space-size=99 --require ./inspect.js' }],
])('one line for %s', (_name, env) => {
  expect(inShort(env)).toEqual(['environment ok 0']);
});

test.each<[Record<string, string>, string]>([
  [{ OXHOST_BANANA: 'x' }, 'OXHOST_BANANA warning 0'],
  [{ oxhost_api_key: 'x' }, 'oxhost_api_key warning 0'],
  [{ OXHOST_OUTPUT: 'yaml' }, 'OXHOST_OUTPUT error 2'],
  [{ OXHOST_TIMEOUT: '0' }, 'OXHOST_TIMEOUT error 2'],
  [{ OXHOST_TIMEOUT: '10s' }, 'OXHOST_TIMEOUT error 2'],
  [{ OXHOST_PROFILE: 'a b' }, 'OXHOST_PROFILE error 2'],
  [{ OXHOST_API_URL: 'http://0xhost.com' }, 'OXHOST_API_URL error 2'],
  [{ OXHOST_API_URL: '0xhost.com' }, 'OXHOST_API_URL error 2'],
  [{ OXHOST_NO_INPUT: 'no' }, 'OXHOST_NO_INPUT warning 0'],
  [{ OXHOST_DEBUG: 'off' }, 'OXHOST_DEBUG warning 0'],
  [{ OXHOST_CONFIG_DIR: 'settings' }, 'OXHOST_CONFIG_DIR warning 0'],
  [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'NODE_TLS_REJECT_UNAUTHORIZED warning 0'],
  [{ NODE_OPTIONS: '--insecure-http-parser' }, 'NODE_OPTIONS warning 0'],
  [{ NODE_OPTIONS: '--inspect=0.0.0.0:9229' }, 'NODE_OPTIONS warning 0'],
  [{ NODE_OPTIONS: '--inspect_brk' }, 'NODE_OPTIONS warning 0'],
  [{ NODE_OPTIONS: '--tls-min-v1.0' }, 'NODE_OPTIONS warning 0'],
  [{ NODE_OPTIONS: '--tls-keylog=/tmp/keys' }, 'NODE_OPTIONS warning 0'],
])('%j', (env, found) => {
  expect(inShort(env)).toEqual([found]);
});

test('several at once', () => {
  const env = { OXHOST_B: '1', OXHOST_A: '1', OXHOST_TIMEOUT: 'x', OXHOST_OUTPUT: 'x' };
  expect(inShort(env)).toEqual([
    'OXHOST_A warning 0',
    'OXHOST_B warning 0',
    'OXHOST_OUTPUT error 2',
    'OXHOST_TIMEOUT error 2',
  ]);
});

describe('says what to do', () => {
  const hints = (env: Record<string, string>) => environmentFindings(env).map(({ hint }) => hint);
  test('about a misspelt name', () => {
    expect(hints({ OXHOST_APIKEY: 'x' })).toEqual(['Did you mean OXHOST_API_KEY?']);
    expect(hints({ OXHOST_BANANAS: 'x' })).toEqual([
      'Unset it; oxhost help environment lists the variables that there are.',
    ]);
  });

  test('about flags of Node.js, by their names alone', () => {
    const env = { NODE_OPTIONS: '--inspect=secret-host --tls-keylog="secret file" --inspect' };
    const [found] = environmentFindings(env);
    expect(found?.message).toContain('--inspect and --tls-keylog');
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test('and never shows a value', () => {
    const env = Object.fromEntries(
      ['OXHOST_APIKEY', 'OXHOST_OUTPUT', 'OXHOST_TIMEOUT', 'OXHOST_API_URL', 'OXHOST_PROFILE']
        .concat(['OXHOST_NO_INPUT', 'OXHOST_DEBUG', 'OXHOST_CONFIG_DIR'])
        .map((name) => [name, 'Secret 1']),
    );
    expect(environmentFindings(env)).toHaveLength(8);
    expect(JSON.stringify(environmentFindings(env))).not.toContain('Secret');
  });
});
