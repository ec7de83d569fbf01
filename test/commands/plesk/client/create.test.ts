import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runOxhost } from '../../../support/run.ts';
import { answer, createdClient, startServer, type TestServer } from '../../../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/temporary.ts';
import { CREATED, creating, ENV, flagsOf, GIVEN, KEY, PASSWORD } from './creating.ts';

let folder: TemporaryFolder;
let server: TestServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer();
});
afterEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  await folder.close();
  await server.close();
});

describe('a client is created', () => {
  test('exactly the documented call', async () => {
    await runOxhost(creating(server, '--password', PASSWORD), { env: ENV });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/API/plesk/clients/create',
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      json: { ...GIVEN, password: PASSWORD },
    });
  });

  test('in a pipe: names and values with a tab between', async () => {
    const result = await runOxhost(creating(server, '--password', PASSWORD), { env: ENV });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toBe(
      Object.entries(CREATED)
        .map(([name, value]) => `${name}\t${value}\n`)
        .join(''),
    );
    expect(result.stderr).toBe('');
  });

  test('on a terminal: a table', async () => {
    const isTTY = { stdout: true };
    const env = { ...ENV, NO_COLOR: '1' };
    const result = await runOxhost(creating(server, '--password', PASSWORD), { env, isTTY });
    expect(result.stdout).toBe(
      `${[
        'id               client123-4567-8901-2345-678901234567',
        'plesk_client_id  123',
        'name             Example Client',
        'login            client1',
        'email            client1@example.com',
        'company          Example Company',
      ].join('\n')}\n`,
    );
    const colored = await runOxhost(creating(server, '--password', PASSWORD), { env: ENV, isTTY });
    expect(colored.stdout).toContain('\u001b[1mid');
    const narrow = { env, isTTY, columns: 40 };
    const folded = await runOxhost(creating(server, '--password', PASSWORD), narrow);
    expect(folded.stdout).toContain('id               client123-4567-8901-234');
    expect(folded.stdout.split('\n').every((line) => line.length <= 40)).toBe(true);
  });

  test('with --json: the answer unwrapped, on one line in a pipe', async () => {
    const args = creating(server, '--password', PASSWORD, '--json');
    const result = await runOxhost(args, { env: ENV });
    expect(result.stdout).toBe(`${JSON.stringify(CREATED)}\n`);
    expect(result.errors.map((line) => Object.keys(line)[0])).toEqual([]);
    const shown = await runOxhost(args, { env: ENV, isTTY: { stdout: true } });
    expect(shown.stdout).toBe(`${JSON.stringify(CREATED, null, 2)}\n`);
  });

  test('OXHOST_OUTPUT=json is the same as --json', async () => {
    const env = { ...ENV, OXHOST_OUTPUT: 'json' };
    const result = await runOxhost(creating(server, '--password', PASSWORD), { env });
    expect(JSON.parse(result.stdout)).toEqual(CREATED);
  });

  test('a field that the server leaves out is left out; numbers of ids become texts', async () => {
    const data = { id: 12345678901234567890n, plesk_client_id: 7, login: 'client1' };
    const body = `{"success":true,"data":{"id":${data.id},"plesk_client_id":7,"login":"client1"}}`;
    await using other = await startServer(
      answer(200, body, { 'content-type': 'application/json' }),
    );
    const args = creating(other, '--password', PASSWORD, '--json');
    const result = await runOxhost(args, { env: ENV });
    expect(JSON.parse(result.stdout)).toEqual({
      id: '12345678901234567890',
      plesk_client_id: '7',
      login: 'client1',
    });
  });

  test('--fields chooses, in the order asked for', async () => {
    const args = creating(server, '--password', PASSWORD, '--json', '--fields', 'login, id');
    const result = await runOxhost(args, { env: ENV });
    expect(result.stdout).toBe(`{"login":"client1","id":"${CREATED.id}"}\n`);
  });

  test('--quiet: no notes, but warnings', async () => {
    const args = creating(server, '--generate-password', '-q');
    expect((await runOxhost(args, { env: ENV })).stderr).toBe('');
    const weak = creating(server, '--password', 'kV7#Q2m', '-q');
    expect((await runOxhost(weak, { env: ENV })).stderr).toMatch(/^warning: [^\n]*\n$/);
  });

  test('--sandbox: a whole create without a key or a network', async () => {
    const args = ['plesk', 'client', 'create', ...flagsOf(GIVEN), '--generate-password'];
    const result = await runOxhost([...args, '--sandbox', '--json'], {
      env: { OXHOST_API_URL: server.url },
    });
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject(GIVEN);
    expect(result.errors[0]).toMatchObject({ note: { code: 'sandbox' } });
    expect(server.requests).toEqual([]);
  });
});

describe('the password', () => {
  const sources: readonly (readonly [
    name: string,
    flags: () => string[],
    stdin: string,
    env: object,
  ])[] = [
    ['--password', () => ['--password', PASSWORD], '', {}],
    ['--password-stdin', () => ['--password-stdin'], `${PASSWORD}\n`, {}],
    ['--password-file', () => ['--password-file', folder.join('secret')], '', {}],
    ['OXHOST_CLIENT_PASSWORD', () => [], '', { OXHOST_CLIENT_PASSWORD: PASSWORD }],
    [
      'a flag and the environment',
      () => ['--password', PASSWORD],
      '',
      { OXHOST_CLIENT_PASSWORD: 'Env-Kx7-Qm2-Vb9' },
    ],
  ];
  test.each(sources)('of %s is sent and shown nowhere', async (_name, flags, stdin, env) => {
    await writeFile(folder.join('secret'), `${PASSWORD}\r\n`);
    const args = creating(server, ...flags(), '--json', '--debug');
    const result = await runOxhost(args, { stdin, env: { ...ENV, ...env } });
    expect(result.exitCode).toBe(0);
    expect(server.requests[0]?.json).toEqual({ ...GIVEN, password: PASSWORD });
    expect(result.stdout + result.stderr).not.toContain(PASSWORD);
    expect(JSON.parse(result.stdout)).toEqual(CREATED);
  });

  test('generated: in the result, and nowhere else', async () => {
    const args = creating(server, '--generate-password', '--debug');
    const text = await runOxhost(args, { env: ENV });
    const sent = server.requests[0]?.json as { password: string };
    expect(sent.password).toHaveLength(20);
    expect(text.stdout.split('\n').at(-2)).toBe(`generated_password\t${sent.password}`);
    expect(text.stderr).not.toContain(sent.password);
    expect(text.stderr).not.toContain('warning');
    expect(await readdir(`${text.configFolder}/open`)).toEqual([]);

    const json = await runOxhost([...args, '--json'], { env: ENV });
    expect(JSON.parse(json.stdout)).toEqual({ ...CREATED, generated_password: sent.password });
    expect(json.stderr).not.toContain(sent.password);
  });

  test.each(['14', '64'])('generated with %s characters', async (length) => {
    const args = creating(server, '--generate-password', '--password-length', length, '--json');
    const result = await runOxhost(args, { env: ENV });
    expect(JSON.parse(result.stdout).generated_password).toHaveLength(Number(length));
  });

  test('asked for twice, on a terminal', async () => {
    // The real terminal is in test/e2e; here it is enough that nothing is asked without one.
    for (const isTTY of [{ stdin: true }, { stderr: true }, { stdout: true }]) {
      const result = await runOxhost(creating(server), { env: ENV, isTTY });
      expect(result.exitCode).toBe(2);
    }
    expect(server.requests).toEqual([]);
  });

  test('that the server repeats is masked, also deep in its answer', async () => {
    await using other = await startServer((request, response, index) => {
      const repeats = { note: `it is ${PASSWORD}.`, list: [{ a: PASSWORD }], password: PASSWORD };
      const nested = { account: { Password: PASSWORD, kept: 1 } };
      if (index === 0) {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ success: true, data: { ...CREATED, ...repeats, ...nested } }),
        );
      } else return createdClient(request, response, index);
    });
    const args = creating(other, '--password', PASSWORD, '--json', '--debug');
    const result = await runOxhost(args, { env: ENV });
    expect(result.stdout + result.stderr).not.toContain(PASSWORD);
    expect(JSON.parse(result.stdout)).toEqual({
      ...CREATED,
      note: 'it is ********.',
      list: [{ a: '********' }],
      password: '********',
      account: { Password: '********', kept: 1 },
    });
  });

  test('that is part of an id or of what we sent besides spoils neither', async () => {
    const login = 'longer-12345-client';
    const body = { success: true, data: { id: 'a-12345', plesk_client_id: '12345', login } };
    await using other = await startServer(answer(200, body));
    const args = ['plesk', 'client', 'create', '--api-url', other.url, '--json', '--login', login];
    const more = ['--name', 'Example Client', '--email', GIVEN.email, '--password', '12345'];
    const result = await runOxhost([...args, ...more], { env: ENV });
    expect(JSON.parse(result.stdout)).toEqual(body.data);
  });
});

describe('--debug', () => {
  test('shows the whole call without its secrets', async () => {
    const args = creating(server, '--password', PASSWORD, '--debug');
    const { stderr } = await runOxhost(args, { env: ENV });
    expect(stderr).toContain(`debug: > POST ${server.url}/API/plesk/clients/create\n`);
    expect(stderr).toContain('debug: > x-api-key: ********\n');
    expect(stderr).toContain('"password":"********"');
    expect(stderr).toMatch(/debug: < 200 \(\d+ ms\)\n/);
    expect(stderr).not.toContain(KEY);
    expect(stderr).not.toContain(PASSWORD);
  });

  test('by the environment, and as JSON', async () => {
    const env = { ...ENV, OXHOST_DEBUG: '1' };
    const args = creating(server, '--password', PASSWORD, '--json');
    const result = await runOxhost(args, { env });
    const traced = result.errors.filter(({ note }) => note?.['code'] === 'debug');
    expect(traced.length).toBeGreaterThan(4);
    expect(result.stderr).not.toContain(KEY);
  });
});

describe('--dry-run', () => {
  const args = (...more: string[]) =>
    creating(server, '--password', PASSWORD, '--dry-run', ...more);

  test('prints the request as JSON, masked, and sends nothing', async () => {
    const result = await runOxhost(args(), { env: ENV });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(result.stdout)).toEqual({
      method: 'POST',
      url: `${server.url}/API/plesk/clients/create`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'oxhost/0.0.0-test',
        'x-api-key': '********',
      },
      body: { ...GIVEN, password: '********' },
    });
    expect(server.requests).toEqual([]);
    expect(result.stdout.trimEnd()).not.toContain('\n');
  });

  test('what it prints is what is sent', async () => {
    const { body, headers } = JSON.parse((await runOxhost(args(), { env: ENV })).stdout);
    await runOxhost(creating(server, '--password', PASSWORD), { env: ENV });
    const sent = server.requests[0];
    expect(Object.keys(sent?.json as object)).toEqual(Object.keys(body));
    const { 'x-api-key': _key, ...shown } = headers;
    expect(sent?.headers).toMatchObject(shown);
  });

  test('needs no key and makes no file', async () => {
    const file = folder.join('not-made');
    const generate = ['--generate-password', '--password-out', file];
    const result = await runOxhost([...creating(server, ...generate), '--dry-run']);
    expect(result.exitCode).toBe(0);
    await expect(readdir(file)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readdir(result.configFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('without an address: that of 0xHost', async () => {
    const fields = flagsOf({ ...GIVEN, password: PASSWORD });
    const result = await runOxhost(['plesk', 'client', 'create', '--dry-run', ...fields]);
    expect(JSON.parse(result.stdout).url).toBe('https://0xhost.com/API/plesk/clients/create');
  });

  test('checks what it would send', async () => {
    const result = await runOxhost([...args('--json'), '--email', 'nobody'], { env: ENV });
    expect(result).toMatchObject({ exitCode: 2, error: { code: 'invalid_input' } });
  });
});
