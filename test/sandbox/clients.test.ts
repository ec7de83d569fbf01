import { describe, expect, test } from 'vitest';
import { createdClient, paths, samples, start } from './start.ts';

const company = 'Example Company';

describe('create client', () => {
  test('answers with what was stored', async () => {
    const sandbox = await start();
    const { status, headers, body } = await sandbox.post(paths.client, {
      ...samples.client,
      company,
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual({
      success: true,
      message: 'Client created successfully',
      data: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        plesk_client_id: expect.stringMatching(/^\d+$/),
        name: 'Example Client',
        login: 'client1',
        email: 'client1@example.com',
        company,
      },
    });
  });

  test('leaves out a company that was not sent, and keeps an empty one', async () => {
    const sandbox = await start();
    const without = await sandbox.post(paths.client, samples.client);
    expect(Object.keys(without.body['data'] ?? {})).toEqual([
      'id',
      'plesk_client_id',
      'name',
      'login',
      'email',
    ]);
    const empty = await sandbox.post(paths.client, {
      ...samples.client,
      login: 'client2',
      company: '',
    });
    expect(empty.body).toMatchObject({ data: { company: '' } });
  });

  test('never tells the password', async () => {
    const { body } = await (await start()).post(paths.client, samples.client);
    expect(JSON.stringify(body)).not.toContain(samples.client.password);
  });

  test.each(['Žiga Čebela', '山田', '🐝', "Robert'); --", 'a\u0000b', '__proto__', '\ud800'])(
    'keeps %j as it is',
    async (name) => {
      const sandbox = await start();
      const { body } = await sandbox.post(paths.client, { ...samples.client, name, login: name });
      expect(body).toMatchObject({ data: { name, login: name } });
    },
  );

  test('a login exists once, in exact case', async () => {
    const sandbox = await start();
    await createdClient(sandbox, { login: 'client1' });
    const again = await sandbox.post(paths.client, samples.client);
    const message = 'A client with the login client1 already exists';
    expect([again.status, again.body]).toEqual([
      409,
      { success: false, message, errors: { login: [message] } },
    ]);
    expect((await sandbox.post(paths.client, { ...samples.client, login: 'Client1' })).status).toBe(
      200,
    );
  });

  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'the login %s is one like any other',
    async (login) => {
      const sandbox = await start();
      const fields = { ...samples.client, login };
      expect((await sandbox.post(paths.client, fields)).status).toBe(200);
      expect((await sandbox.post(paths.client, fields)).status).toBe(409);
    },
  );

  test('of many at once with one login, one is created', async () => {
    const sandbox = await start();
    const told = await Promise.all(
      Array.from({ length: 20 }, () => sandbox.post(paths.client, samples.client)),
    );
    expect(told.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(told.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  test('each client gets ids of its own, and each sandbox its own clients', async () => {
    const [sandbox, other] = await Promise.all([start(), start()]);
    const ids = [
      await createdClient(sandbox, { login: 'client1' }),
      await createdClient(sandbox, { login: 'client2' }),
      await createdClient(other, { login: 'client1' }),
    ];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('bad fields', () => {
  test('all of them are told at once', async () => {
    const { status, body } = await (await start()).post(paths.client, {
      name: ' \t',
      login: null,
      email: ['client1@example.com'],
      company: 7,
    });
    expect([status, body]).toEqual([
      422,
      {
        success: false,
        message: 'The given data was invalid',
        errors: {
          name: ['name is required'],
          login: ['login is required'],
          email: ['email must be a string'],
          password: ['password is required'],
          company: ['company must be a string'],
        },
      },
    ]);
  });

  test.each([
    ['name', ''],
    ['login', 5],
    ['login', {}],
    ['email', true],
    ['password', '   '],
    ['password', false],
    ['company', null],
    ['company', []],
  ])('%s as %j is refused and nothing is stored', async (field, value) => {
    const sandbox = await start();
    const refused = await sandbox.post(paths.client, { ...samples.client, [field]: value });
    expect(refused.status).toBe(422);
    expect(Object.keys(refused.body['errors'] ?? {})).toEqual([field]);
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
  });

  test('fields that are not documented are ignored', async () => {
    const sandbox = await start();
    const { status, body } = await sandbox.post(paths.client, { ...samples.client, id: 'mine' });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('mine');
  });

  test('a value under __proto__ does not stand in for a field', async () => {
    const { url, apiKey } = await start();
    const body = `{"__proto__": ${JSON.stringify(samples.client)}}`;
    const headers = { 'x-api-key': apiKey };
    const response = await fetch(`${url}${paths.client}`, { method: 'POST', headers, body });
    expect(response.status).toBe(422);
    expect(Object.keys(((await response.json()) as { errors: object }).errors)).toEqual([
      'name',
      'login',
      'email',
      'password',
    ]);
  });
});
