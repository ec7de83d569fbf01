import { describe, expect, test } from 'vitest';
import { runOxhost } from '../../../support/run.ts';
import { startServer } from '../../../support/server.ts';
import { creating, ENV, flagsOf, GIVEN, PASSWORD } from './creating.ts';

const create = (...args: string[]) => ['plesk', 'client', 'create', '--json', ...args];
const missing = (...names: string[]) => names.map((name) => ({ name, message: 'is missing' }));
const PASSWORD_HINT =
  'For the password use --generate-password, --password-stdin, --password-file or OXHOST_CLIENT_PASSWORD.';

/** Runs against a server that must not be asked. */
async function refused(args: readonly string[], env: Record<string, string> = {}, stdin = '') {
  await using server = await startServer();
  const result = await runOxhost(args, {
    env: { ...ENV, OXHOST_API_URL: server.url, ...env },
    stdin,
  });
  expect(server.connections).toBe(0);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  return result.error;
}

describe('what is missing is said at once: exit 2, nothing sent', () => {
  test('everything, as a whole report', async () => {
    expect(await refused(create())).toEqual({
      code: 'missing_input',
      message: 'Nothing was sent: --name, --login, --email, --password are missing.',
      exit_code: 2,
      outcome: 'not_created',
      retry: 'after_fix',
      hint: PASSWORD_HINT,
      fields: missing('name', 'login', 'email', 'password'),
      http: null,
      attempts: 0,
    });
  });

  test('one', async () => {
    const { login: _login, ...others } = GIVEN;
    const args = create(...flagsOf(others), '--generate-password');
    expect(await refused(args)).toMatchObject({
      message: 'Nothing was sent: --login is missing.',
      hint: null,
      fields: missing('login'),
    });
  });

  test('missing and bad together', async () => {
    const error = await refused(create('--name', ' ', '--email', 'nobody'));
    expect(error).toMatchObject({
      code: 'missing_input',
      message:
        'Nothing was sent: --login, --password, --name, --email are missing or cannot be used.',
    });
    expect(((error?.['fields'] ?? []) as { name: string }[]).map(({ name }) => name)).toEqual([
      'login',
      'password',
      'name',
      'email',
    ]);
  });

  test('in words', async () => {
    const result = await runOxhost(['plesk', 'client', 'create', '--name', 'Example Client']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toBe(
      `error: Nothing was sent: --login, --email, --password are missing.\nhint: ${PASSWORD_HINT}\n`,
    );
  });

  test.each([
    ['--no-input', ['--no-input'], {}],
    ['--json', ['--json'], {}],
    ['CI', [], { CI: 'true' }],
    ['OXHOST_NO_INPUT', [], { OXHOST_NO_INPUT: '1' }],
    ['OXHOST_OUTPUT=json', [], { OXHOST_OUTPUT: 'json' }],
  ])('on a terminal, %s forbids to ask', async (_name, flags, env) => {
    const args = ['plesk', 'client', 'create', ...flags];
    const result = await runOxhost(args, { env: { ...ENV, ...env }, isTTY: true });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('missing');
    expect(result.stderr).not.toContain('?');
  });
});

describe('what is wrong is said at once', () => {
  test('every field, every fault, as a whole report', async () => {
    const bad = { name: '  ', login: '-a b', email: 'a,b', company: 'x\ny' };
    const error = await refused(create(...flagsOf(bad), '--password', "a'b "));
    expect(error).toMatchObject({
      code: 'invalid_input',
      message:
        'Nothing was sent: --name, --login, --email, --password, --company cannot be used as given.',
      exit_code: 2,
      outcome: 'not_created',
      retry: 'after_fix',
      hint: null,
      attempts: 0,
    });
    const force = ' (--force sends it all the same)';
    expect(error?.['fields']).toEqual([
      { name: 'name', message: 'must not be empty or blank' },
      { name: 'login', message: 'must not contain white space' },
      { name: 'login', message: 'must start with a letter or digit' },
      { name: 'email', message: `must contain exactly one @${force}` },
      { name: 'email', message: `must be one address, without commas or semicolons${force}` },
      { name: 'password', message: 'must have at least 5 characters' },
      { name: 'password', message: 'must not contain a space' },
      { name: 'password', message: 'must not contain single or double quotes' },
      {
        name: 'company',
        message: 'must not contain control characters such as tabs or line breaks',
      },
    ]);
  });

  test('no value is repeated', async () => {
    const args = create(
      ...flagsOf({ ...GIVEN, login: 'se cret-login' }),
      '--password',
      'Sec ret-1',
    );
    const error = JSON.stringify(await refused(args));
    expect(error).not.toContain('se cret-login');
    expect(error).not.toContain('Sec ret-1');
  });

  test.each([
    ['an empty --login', { ...GIVEN, login: '' }, 'login'],
    [
      'a password that contains the login',
      { ...GIVEN, password: `${GIVEN.login}-Kx7` },
      'password',
    ],
    ['a password of other letters', { ...GIVEN, password: 'Größe-12345' }, 'password'],
    ['a login of 256 characters', { ...GIVEN, login: 'a'.repeat(256) }, 'login'],
  ])('%s', async (_what, fields, name) => {
    const error = await refused(create(...flagsOf({ password: PASSWORD, ...fields })));
    expect(error?.['fields']).toMatchObject([{ name }]);
  });

  test.each([
    ['from --password-stdin', ['--password-stdin'], {}, 'a b'],
    ['from --password-stdin that is empty', ['--password-stdin'], {}, ''],
    ['from the environment', [], { OXHOST_CLIENT_PASSWORD: 'a b' }, ''],
  ])('a bad password %s', async (_where, flags, env, stdin) => {
    const error = await refused(create(...flagsOf(GIVEN), ...flags), env, stdin);
    expect(((error?.['fields'] ?? []) as { name: string }[])[0]?.name).toBe('password');
  });
});

describe('--force', () => {
  const doubtful = { ...GIVEN, email: 'nobody', password: 'a'.repeat(32) };

  test('sends an odd e-mail address and what looks like a hash', async () => {
    await using server = await startServer();
    const args = ['plesk', 'client', 'create', '--api-url', server.url, ...flagsOf(doubtful)];
    expect((await runOxhost(args, { env: ENV })).exitCode).toBe(2);
    expect(server.requests).toEqual([]);
    expect((await runOxhost([...args, '--force'], { env: ENV })).exitCode).toBe(0);
    expect(server.requests[0]?.json).toEqual(doubtful);
  });

  test('nothing else', async () => {
    const args = create(...flagsOf({ ...doubtful, login: 'a b' }), '--force');
    expect((await refused(args))?.['fields']).toMatchObject([{ name: 'login' }]);
  });
});

describe('warnings never block', () => {
  const fields = { ...GIVEN, name: 'A & B', login: 'Admin' };

  test('as lines', async () => {
    await using server = await startServer();
    const args = ['plesk', 'client', 'create', '--api-url', server.url, ...flagsOf(fields)];
    const result = await runOxhost([...args, '--password', 'abcdefg'], { env: ENV });
    expect(result.exitCode).toBe(0);
    expect(server.requests).toHaveLength(1);
    const warnings = result.stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings.map((line) => line.split(' ')[1])).toEqual(['--login', '--password']);
  });

  test('as JSON lines', async () => {
    await using server = await startServer();
    const args = create('--api-url', server.url, ...flagsOf(fields), '--password', 'abcdefg');
    const result = await runOxhost(args, { env: ENV });
    const codes = result.errors.flatMap(({ warning }) => (warning ? [warning['code']] : []));
    expect(codes).toEqual(['login_reserved', 'weak_password']);
    for (const { warning } of result.errors) {
      if (warning) expect(Object.keys(warning)).toEqual(['code', 'message']);
    }
  });
});

describe('options that cannot be used', () => {
  const all = create(...flagsOf(GIVEN));
  test.each([
    ['two passwords', ['--generate-password', '--password', PASSWORD], 'one place only'],
    ['--password-length alone', ['--password-length', '20'], 'needs --generate-password'],
    ['--password-length 5', ['--generate-password', '--password-length', '5'], 'from 14 to 64'],
    ['--fields of no field', ['--generate-password', '--fields', 'id,foo'], 'there is no foo'],
    ['--fields of nothing', ['--generate-password', '--fields', ''], '--fields'],
    ['--timeout 0', ['--generate-password', '--timeout', '0'], '--timeout'],
    ['--retries -1', ['--generate-password', '--retries', '-1'], '--retries'],
    ['--api-url of nothing', ['--generate-password', '--api-url', 'x'], '--api-url'],
    ['an unknown option', ['--generate-password', '--foo'], '--foo'],
    ['a word too many', ['--generate-password', 'foo'], 'create'],
    ['a missing file', ['--password-file', '/nowhere/secret'], '--password-file'],
  ])('%s: the option is named, and what became of it', async (_what, flags, named) => {
    const error = await refused([...all, ...flags]);
    expect(error).toMatchObject({ outcome: 'not_created', retry: 'after_fix', attempts: 0 });
    expect(error?.['message']).toContain(named);
    expect(error?.['message']).toMatch(/^[^\n]*[.]$/);
  });

  test('--fields without the generated password, which would be lost', async () => {
    const args = creating({ url: 'http://127.0.0.1:1' }, '--json', '--fields', 'id');
    expect(await refused([...args, '--generate-password'])).toMatchObject({ code: 'usage' });
  });

  test('--fields without --json', async () => {
    const { stderr, exitCode } = await runOxhost(['plesk', 'client', 'create', '--fields', 'id']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error: --fields needs --json.\n');
  });
});
