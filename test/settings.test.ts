import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OxhostError } from '../src/errors.ts';
import {
  type GlobalFlags,
  isLoopback,
  isOn,
  type NumberRange,
  numberFrom,
  parseOrigin,
  RETRIES,
  resolveSettings,
  type Settings,
  TIMEOUT,
} from '../src/settings.ts';

type Variables = Record<string, string>;

const builtIn: Settings = {
  json: false,
  fields: null,
  get: null,
  quiet: false,
  debug: false,
  color: 'auto',
  mayAsk: true,
  yes: false,
  profile: null,
  profileIsExplicit: false,
  apiUrl: null,
  sandbox: false,
  timeoutSeconds: 150,
  maxWaitSeconds: 60,
  retries: 2,
};

const messageOf = (flags: GlobalFlags, env: Variables = {}): string => {
  try {
    resolveSettings(flags, env);
  } catch (error) {
    expect(error).toBeInstanceOf(OxhostError);
    expect(error).toMatchObject({ code: 'usage' });
    return (error as OxhostError).message;
  }
  throw new Error('it was accepted');
};

test('what is built in', () => {
  expect(resolveSettings({}, {})).toEqual(builtIn);
});

describe('flag, then environment, then what is built in', () => {
  test.each<[string, GlobalFlags, Variables, Partial<Settings>]>([
    ['--json', { json: true }, {}, { json: true, mayAsk: false }],
    ['OXHOST_OUTPUT=json', {}, { OXHOST_OUTPUT: 'json' }, { json: true, mayAsk: false }],
    ['OXHOST_OUTPUT=text', {}, { OXHOST_OUTPUT: 'text' }, {}],
    [
      '--json over OXHOST_OUTPUT',
      { json: true },
      { OXHOST_OUTPUT: 'text' },
      { json: true, mayAsk: false },
    ],
    [
      '--fields',
      { json: true, fields: 'id, login' },
      {},
      { json: true, mayAsk: false, fields: ['id', 'login'] },
    ],
    [
      '--fields with OXHOST_OUTPUT',
      { fields: 'id' },
      { OXHOST_OUTPUT: 'json' },
      { json: true, mayAsk: false, fields: ['id'] },
    ],
    ['--quiet', { quiet: true }, {}, { quiet: true }],
    ['--debug', { debug: true }, {}, { debug: true }],
    ['OXHOST_DEBUG', {}, { OXHOST_DEBUG: '1' }, { debug: true }],
    ['--debug over OXHOST_DEBUG', { debug: true }, { OXHOST_DEBUG: '0' }, { debug: true }],
    ['--color always', { color: 'always' }, {}, { color: 'always' }],
    ['--color never', { color: 'never' }, {}, { color: 'never' }],
    ['--no-color', { noColor: true }, {}, { color: 'never' }],
    ['--no-color over --color', { noColor: true, color: 'always' }, {}, { color: 'never' }],
    ['--no-input', { noInput: true }, {}, { mayAsk: false }],
    ['OXHOST_NO_INPUT', {}, { OXHOST_NO_INPUT: '1' }, { mayAsk: false }],
    ['OXHOST_NO_INPUT=0', {}, { OXHOST_NO_INPUT: '0' }, { mayAsk: true }],
    ['CI', {}, { CI: 'true' }, { mayAsk: false }],
    ['CI=false', {}, { CI: 'false' }, { mayAsk: true }],
    ['--yes', { yes: true }, {}, { yes: true }],
    ['--profile', { profile: 'a' }, {}, { profile: 'a', profileIsExplicit: true }],
    ['OXHOST_PROFILE', {}, { OXHOST_PROFILE: 'a' }, { profile: 'a' }],
    [
      '--profile over OXHOST_PROFILE',
      { profile: 'a' },
      { OXHOST_PROFILE: '-' },
      { profile: 'a', profileIsExplicit: true },
    ],
    ['--api-url', { apiUrl: 'https://example.com' }, {}, { apiUrl: 'https://example.com' }],
    [
      'OXHOST_API_URL',
      {},
      { OXHOST_API_URL: 'https://example.com/' },
      { apiUrl: 'https://example.com' },
    ],
    [
      '--api-url over OXHOST_API_URL',
      { apiUrl: 'https://a.example.com' },
      { OXHOST_API_URL: 'x' },
      { apiUrl: 'https://a.example.com' },
    ],
    ['--sandbox', { sandbox: true }, {}, { sandbox: true }],
    ['--timeout', { timeout: 5 }, {}, { timeoutSeconds: 5 }],
    ['OXHOST_TIMEOUT', {}, { OXHOST_TIMEOUT: '7.5' }, { timeoutSeconds: 7.5 }],
    [
      '--timeout over OXHOST_TIMEOUT',
      { timeout: 5 },
      { OXHOST_TIMEOUT: 'x' },
      { timeoutSeconds: 5 },
    ],
    ['--max-wait', { maxWait: 0 }, {}, { maxWaitSeconds: 0 }],
    ['--retries', { retries: 0 }, {}, { retries: 0 }],
  ])('%s', (_name, flags, env, expected) => {
    expect(resolveSettings(flags, env)).toEqual({ ...builtIn, ...expected });
  });

  test('an empty variable counts as unset', () => {
    const names = ['API_URL', 'PROFILE', 'OUTPUT', 'TIMEOUT', 'NO_INPUT', 'DEBUG'];
    const env = Object.fromEntries(names.map((name) => [`OXHOST_${name}`, '']));
    expect(resolveSettings({}, { ...env, CI: '' })).toEqual(builtIn);
  });
});

test.each([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['00', true],
  ['0', false],
  ['false', false],
  ['FALSE', false],
  ['', false],
])('a switch set to %j is %s', (value, expected) => {
  expect(isOn({ NAME: value }, 'NAME')).toBe(expected);
  expect(isOn({}, 'NAME')).toBe(false);
});

describe('bounds', () => {
  test.each<[string, NumberRange, number]>([
    ['0.001', TIMEOUT, 0.001],
    ['86400', TIMEOUT, 86_400],
    ['0', RETRIES, 0],
    ['100', RETRIES, 100],
    ['007', RETRIES, 7],
  ])('inside: %s', (text, range, value) => {
    expect(numberFrom(text, '--n', range)).toBe(value);
  });

  const noNumbers = ['', ' ', 'x', '-1', '+1', '1e3', '0x10', '١', '1,5', 'NaN', 'Infinity', '1 '];
  test.each(['0', '0.000', '86400.001', '86401', '9999999', '1.2345', '.5', '5.', ...noNumbers])(
    'outside: a time of %j',
    (value) => {
      const timeout = 'must be a number of seconds above 0, up to 86400.';
      expect(() => numberFrom(value, '--timeout', TIMEOUT)).toThrow(`--timeout ${timeout}`);
      if (value === '') return;
      expect(messageOf({}, { OXHOST_TIMEOUT: value })).toBe(`OXHOST_TIMEOUT ${timeout}`);
    },
  );
  test.each(['101', '1.5', '1000000000', ...noNumbers])('outside: a count of %j', (value) => {
    const message = '--retries must be a whole number from 0 to 100.';
    expect(() => numberFrom(value, '--retries', RETRIES)).toThrow(message);
  });
});

describe('words', () => {
  test.each<[GlobalFlags, Variables, string]>([
    [{ fields: 'id' }, {}, '--fields needs --json.'],
    [
      { json: true, fields: '' },
      {},
      '--fields must be names with commas between, such as id,login.',
    ],
    [
      { json: true, fields: 'id,,login' },
      {},
      '--fields must be names with commas between, such as id,login.',
    ],
    [{}, { OXHOST_OUTPUT: 'yaml' }, 'OXHOST_OUTPUT must be text or json.'],
    [{}, { OXHOST_OUTPUT: 'JSON' }, 'OXHOST_OUTPUT must be text or json.'],
  ])('%j %j', (flags, env, message) => {
    expect(messageOf(flags, env)).toBe(message);
  });

  test.each(['a', 'A1', '0', 'my.profile_1-x', 'x'.repeat(64), 'constructor'])(
    'profile %j',
    (name) => {
      expect(resolveSettings({ profile: name }, {}).profile).toBe(name);
    },
  );
  test.each(['', '-a', '.a', '_a', '__proto__', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(65), '../x'])(
    'no profile %j',
    (name) => {
      expect(messageOf({ profile: name })).toMatch(/^--profile must be 1 to 64 letters/);
      if (name !== '') {
        expect(messageOf({}, { OXHOST_PROFILE: name })).toMatch(/^OXHOST_PROFILE must be 1 to 64/);
      }
    },
  );
});

describe('addresses', () => {
  test.each([
    ['https://0xhost.com', 'https://0xhost.com'],
    ['https://0xhost.com/', 'https://0xhost.com'],
    ['HTTPS://0xHost.COM:443', 'https://0xhost.com'],
    ['https://0xhost.com:8443', 'https://0xhost.com:8443'],
    ['https://[2001:db8::1]:8443/', 'https://[2001:db8::1]:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://2130706433', 'http://127.0.0.1'],
    ['http://127.255.255.254', 'http://127.255.255.254'],
    ['http://[::1]:1', 'http://[::1]:1'],
    ['http://localhost:3000', 'http://localhost:3000'],
    // Looks like the real one and is another: the person sees that.
    ['https://0xhоst.com', 'https://xn--0xhst-lye.com'],
    ['https://müller.example', 'https://xn--mller-kva.example'],
    ['https://０xhost.com', 'https://0xhost.com'],
  ])('%s is %s', (given, origin) => {
    expect(parseOrigin(given, '--api-url')).toBe(origin);
  });

  test.each([
    ['', 'must be an address such as https://0xhost.com.'],
    ['0xhost.com', 'must be an address such as'],
    ['//0xhost.com', 'must be an address such as'],
    ['https://', 'must be an address such as'],
    ['https://0xhost.com:99999', 'must be an address such as'],
    ['https://user:sekret@0xhost.com', 'must not contain a user name or password.'],
    ['https://sekret@0xhost.com', 'must not contain a user name or password.'],
    ['https://:sekret@0xhost.com', 'must not contain a user name or password.'],
    ['https://0xhost.com@evil.example', 'must not contain a user name or password.'],
    ['file:///etc/passwd', 'must begin with https://.'],
    ['unix:/var/run/docker.sock', 'must begin with https://.'],
    ['ftp://0xhost.com', 'must begin with https://.'],
    ['ws://127.0.0.1', 'must begin with https://.'],
    ['data:text/plain,x', 'must begin with https://.'],
    ['javascript:alert(1)', 'must begin with https://.'],
    ['http://0xhost.com', 'must begin with https://; http:// is for this machine'],
    ['http://unix:/var/run/docker.sock:/x', 'must begin with https://; http:// is for'],
    ['http://127.0.0.1.example.com', 'must begin with https://; http:// is for'],
    ['http://127.0.0.1@example.com', 'must not contain a user name'],
    ['http://localhost.example.com', 'must begin with https://; http:// is for'],
    ['http://evil.localhost', 'must begin with https://; http:// is for'],
    ['http://0.0.0.0', 'must begin with https://; http:// is for'],
    ['http://128.0.0.1', 'must begin with https://; http:// is for'],
    ['http://[::ffff:127.0.0.1]', 'must begin with https://; http:// is for'],
    ['https://unix:/var/run/docker.sock', 'must be an origin without a path'],
    ['https://0xhost.com/v1', 'must be an origin without a path, such as https://0xhost.com.'],
    ['https://0xhost.com//', 'must be an origin without a path'],
    ['https://0xhost.com/%2e%2e/x', 'must be an origin without a path'],
    ['https://0xhost.com?x=1', 'must be an origin without a path'],
    ['https://0xhost.com#x', 'must be an origin without a path'],
    ['https://0xhost.com\\x', 'must be an origin without a path'],
  ])('%j is refused', (given, why) => {
    for (const name of ['--api-url', 'OXHOST_API_URL']) {
      const message =
        name === '--api-url' || given === ''
          ? messageOf({ apiUrl: given })
          : messageOf({}, { OXHOST_API_URL: given });
      expect(message).toContain(`${given === '' ? '--api-url' : name} ${why}`);
      expect(message).not.toContain('sekret');
    }
  });

  test('whatever is accepted is https or loopback, an origin, ASCII, and stays itself', () => {
    const part = fc.constantFrom(
      ...['http', 'https', 'file', '://', ':', '/', '@', '\\', '#', '?', '.', '..', '127.0.0.1'],
      ...['localhost', '0xhost.com', 'о', '[::1]', '%2f', '\t', ' ', 'user', ':80'],
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(text, (value) => {
        let origin: string;
        try {
          origin = parseOrigin(value, 'It');
        } catch (error) {
          expect(error).toBeInstanceOf(OxhostError);
          return;
        }
        const url = new URL(origin);
        expect(url.origin).toBe(origin);
        expect(origin).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
        expect(url.protocol === 'https:' || isLoopback(url.hostname)).toBe(true);
        expect(parseOrigin(origin, 'It')).toBe(origin);
      }),
      { numRuns: 2000 },
    );
  });
});
