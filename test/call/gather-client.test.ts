import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OxhostOptions, runOxhost } from '../support/run.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const given = {
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: 'Kx7-Qm2-Vb9-Rt4_Zw6',
};

let folder: TemporaryFolder;
let server: TestServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer();
});
afterAll(async () => {
  await folder.close();
  await server.close();
});

/** A create with the input, in JSON; the server is there to be left alone or to be asked. */
async function create(input: string | Buffer, args: readonly string[] = [], more?: OxhostOptions) {
  const file = folder.join('input.json');
  await writeFile(file, input);
  const env = { OXHOST_API_KEY: 'key-0123456789', ...more?.env };
  const all = ['plesk', 'client', 'create', '--api-url', server.url, '--json', '--input', file];
  server.requests.length = 0;
  return runOxhost([...all, ...args], { ...more, env });
}

const sent = () => server.requests.map(({ json }) => json);

describe('--input as an object', () => {
  test('all fields', async () => {
    const result = await create(JSON.stringify({ ...given, company: 'Example Company' }));
    expect(result).toMatchObject({ exitCode: 0, error: undefined });
    expect(sent()).toEqual([{ ...given, company: 'Example Company' }]);
  });

  test('null counts as left out, and so does an empty company', async () => {
    await create(JSON.stringify({ ...given, company: null }));
    await create(JSON.stringify({ ...given, company: '' }));
    expect(sent()).toEqual([given]);
  });

  test('from standard input', async () => {
    const args = ['plesk', 'client', 'create', '--api-url', server.url, '--input', '-'];
    server.requests.length = 0;
    const result = await runOxhost(args, {
      env: { OXHOST_API_KEY: 'key-0123456789' },
      stdin: JSON.stringify(given),
    });
    expect(result.exitCode).toBe(0);
    expect(sent()).toEqual([given]);
  });

  test('with a byte order mark', async () => {
    expect((await create(`\ufeff${JSON.stringify(given)}`)).exitCode).toBe(0);
  });

  test('flags win over it, field by field', async () => {
    await create(JSON.stringify(given), ['--login', 'client2', '--password', 'Other-Kx7-Qm2-Vb9']);
    expect(sent()).toEqual([{ ...given, login: 'client2', password: 'Other-Kx7-Qm2-Vb9' }]);
  });

  test('--generate-password wins over its password', async () => {
    const result = await create(JSON.stringify(given), ['--generate-password']);
    const { generated_password: generated } = JSON.parse(result.stdout);
    expect(generated).not.toBe(given.password);
    expect(sent()).toEqual([{ ...given, password: generated }]);
  });

  test('its password wins over that of the environment', async () => {
    await create(JSON.stringify(given), [], { env: { OXHOST_CLIENT_PASSWORD: 'Env-Kx7-Qm2-Vb9' } });
    expect(sent()).toEqual([given]);
  });

  test('what it lacks is missing', async () => {
    const result = await create('{}');
    expect(result.error).toMatchObject({
      code: 'missing_input',
      fields: ['name', 'login', 'email', 'password'].map((name) => ({
        name,
        message: 'is missing',
      })),
    });
    expect(sent()).toEqual([]);
  });
});

describe('--input that cannot be used: exit 2, nothing sent', () => {
  const known = 'name, login, email, password, company';
  const noJson = '--input must be a JSON object; this is not JSON.';
  const noObject = '--input must be one JSON object.';
  test.each([
    ['empty', '', noJson],
    ['no JSON', '{"name": }', noJson],
    ['cut JSON', '{"name":"Exam', noJson],
    ['two objects', '{}{}', noJson],
    ['an array', `[${JSON.stringify(given)}]`, noObject],
    ['null', 'null', noObject],
    ['a text', '"name"', noObject],
    ['a number', '1', noObject],
    ['not UTF-8', Buffer.from('{"name":"Größe"}', 'latin1'), '--input must be UTF-8 text.'],
    [
      '2 MB',
      JSON.stringify({ ...given, name: 'a'.repeat(2_000_000) }),
      '--input must not be longer than 1048576 bytes.',
    ],
  ])('%s', async (_what, input, message) => {
    const result = await create(input);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error).toMatchObject({
      code: 'invalid_input',
      message,
      outcome: 'not_created',
      retry: 'after_fix',
      attempts: 0,
    });
    expect(sent()).toEqual([]);
  });

  test('members of every wrong kind are named at once', async () => {
    const bad = { name: 7, login: ['client1'], email: { a: 1 }, company: true, pasword: 'x' };
    const result = await create(JSON.stringify(bad));
    const message = 'must be a text in quotation marks in --input';
    expect(result.error).toMatchObject({
      code: 'invalid_input',
      message: '--input has members that cannot be used.',
      fields: [
        { name: 'name', message },
        { name: 'login', message },
        { name: 'email', message },
        { name: 'company', message },
        { name: 'pasword', message: `is unknown; the members of --input are ${known}` },
      ],
    });
    expect(sent()).toEqual([]);
  });

  test('__proto__ is a member like any other', async () => {
    const result = await create('{"__proto__":{"name":"x"},"constructor":"y"}');
    expect(result.error?.['fields']).toMatchObject([
      { name: '__proto__' },
      { name: 'constructor' },
    ]);
  });

  test('control characters, NUL among them, and halves of characters', async () => {
    const result = await create(
      JSON.stringify({ ...given, name: 'a\u0000b', company: 'x\ty' }).replace('x\\ty', 'x\\ud800y'),
    );
    expect(result.error).toMatchObject({
      code: 'invalid_input',
      fields: [
        {
          name: 'name',
          message: 'must not contain control characters such as tabs or line breaks',
        },
        {
          name: 'company',
          message: 'must be valid Unicode text, without half of a surrogate pair',
        },
      ],
    });
    expect(sent()).toEqual([]);
  });

  test.each(['missing.json', '.'])('a file that cannot be read: %s', async (name) => {
    const args = ['plesk', 'client', 'create', '--json', '--input', folder.join(name)];
    const result = await runOxhost(args);
    expect(result.exitCode).toBe(2);
    expect(result.error).toMatchObject({ code: 'invalid_input', outcome: 'not_created' });
    expect(result.error?.['message']).toMatch(/^--input: .* (cannot be read|is a folder)/);
  });

  test('- together with --password-stdin', async () => {
    const args = ['plesk', 'client', 'create', '--json', '--input', '-', '--password-stdin'];
    const result = await runOxhost(args, { stdin: JSON.stringify(given) });
    expect(result.exitCode).toBe(2);
    expect(result.error).toMatchObject({
      code: 'usage',
      message: '--input - and --password-stdin cannot both read standard input.',
      outcome: 'not_created',
    });
  });

  test('hostile member names cannot act on a terminal', async () => {
    await writeFile(folder.join('hostile.json'), '{"\\u001b[2J\\nerror: fake":"x"}');
    const args = ['plesk', 'client', 'create', '--input', folder.join('hostile.json')];
    const result = await runOxhost(args);
    expect(result.stderr).not.toContain('\u001b');
    expect(result.stderr.split('\n')).not.toContain('error: fake');
    // Nor is there such an option.
    expect(result.stderr).not.toContain('--error');
  });
});

describe('where standard input gives a value, nobody is asked', () => {
  test.each([
    ['--password-stdin', given.password],
    ['--input=-', '{}'],
  ])('%s', async (flag, stdin) => {
    const result = await runOxhost(['plesk', 'client', 'create', flag], { stdin, isTTY: true });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(/--name[^\n]* are missing/);
  });
});
