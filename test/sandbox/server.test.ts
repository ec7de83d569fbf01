import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text as streamText } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { ReceivedRequest } from '../../src/sandbox/server.ts';
import { paths, samples, start } from './start.ts';

const json = { 'content-type': 'application/json' };

describe('where it listens', () => {
  test('on the loopback interface, on a free port', async () => {
    const { url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  });

  test('on the port asked for; one that is taken is an error with its code', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await expect(start({ port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `Port ${port} of 127.0.0.1 is already in use`,
    });
    await first.close();
    expect((await start({ port })).url).toBe(first.url);
  });

  test('a port that cannot be is an error', async () => {
    await expect(start({ port: 65_536 })).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
  });
});

describe('the key', () => {
  test('is made up when none is given, another one each time', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.apiKey).toMatch(/^sandbox-[0-9a-f-]{36}$/);
    expect(one.apiKey).not.toBe(other.apiKey);
  });

  test('can be given', async () => {
    const sandbox = await start({ apiKey: 'given-key' });
    expect(sandbox.apiKey).toBe('given-key');
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
  });

  test.each([
    ['none', {}],
    ['an empty one', { 'x-api-key': '' }],
    ['a wrong one', { 'x-api-key': 'wrong' }],
    ['the right one with something behind it', { 'x-api-key': 'given-key2' }],
    ['the right one in capitals', { 'x-api-key': 'GIVEN-KEY' }],
    ['the right one as a bearer', { authorization: 'Bearer given-key' }],
  ])('with %s: 401 and nothing is stored', async (_, headers) => {
    const sandbox = await start({ apiKey: 'given-key' });
    const body = JSON.stringify(samples.client);
    const init = { method: 'POST', headers: { ...json, ...headers }, body };
    const refused = await fetch(`${sandbox.url}${paths.client}`, init);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toBe('application/json');
    expect(await refused.json()).toEqual({
      success: false,
      message: 'The API key is missing or not valid',
    });
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
  });

  test('comes before the path', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/nowhere`)).status).toBe(401);
  });
});

describe('paths and methods', () => {
  test.each([
    '/',
    '/API',
    '/api/plesk/clients/create',
    `${paths.client}/`,
    '/API/users/change_preferences_notification',
    '//',
    '/%00',
    '/__proto__',
    '/constructor',
  ])('%s is 404', async (path) => {
    const { status, body } = await (await start()).post(path, samples.client);
    expect([status, body]).toEqual([404, { success: false, message: 'There is no such path' }]);
  });

  test.each(Object.entries(paths))('%s takes one method only', async (name, path) => {
    const { url, apiKey } = await start();
    const allowed = name === 'subscription' ? 'GET' : 'POST';
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${url}${path}`, { method, headers: { 'x-api-key': apiKey } });
      const isRefused = response.status === 405;
      expect([method, isRefused]).toEqual([method, method !== allowed]);
      expect(response.headers.get('allow')).toBe(isRefused ? allowed : null);
      await response.text();
    }
    const head = await fetch(`${url}${path}`, { method: 'HEAD', headers: { 'x-api-key': apiKey } });
    expect(head.status).toBe(405);
  });
});

describe('onRequest', () => {
  test('is told of each request once, refused ones too, with everything that was sent', async () => {
    const received: ReceivedRequest[] = [];
    const sandbox = await start({ onRequest: (request) => received.push(request) });
    await sandbox.post(paths.client, { ...samples.client, name: 'Žiga Čebela' });
    await sandbox.get(`${paths.subscription}?id=a%20b`);
    await (await fetch(`${sandbox.url}/nowhere`)).text();
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: paths.client,
        headers: { 'x-api-key': sandbox.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ ...samples.client, name: 'Žiga Čebela' }),
      },
      { method: 'GET', path: `${paths.subscription}?id=a%20b`, body: '' },
      { method: 'GET', path: '/nowhere', body: '' },
    ]);
    expect(received).toHaveLength(3);
  });

  test('is not told of a request that breaks off, which stores nothing either', async () => {
    const received: ReceivedRequest[] = [];
    const sandbox = await start({ onRequest: (request) => received.push(request) });
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const body = JSON.stringify(samples.client);
    socket.write(
      `POST ${paths.client} HTTP/1.1\r\nHost: sandbox\r\nX-Api-Key: ${sandbox.apiKey}\r\n` +
        `Content-Length: ${body.length + 1}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test('one that throws gets a 500 answered, and the sandbox goes on', async () => {
    let calls = 0;
    const onRequest = () => {
      calls += 1;
      if (calls === 1) {
        throw new Error('log is full');
      }
    };
    const sandbox = await start({ onRequest });
    const { status, body } = await sandbox.post(paths.client, samples.client);
    expect([status, body]).toEqual([
      500,
      { success: false, message: 'The sandbox itself failed: Error: log is full' },
    ]);
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
  });
});

describe('latency', () => {
  test('holds back each answer, refusals included', async () => {
    const sandbox = await start({ latencyMilliseconds: 120 });
    for (const path of [paths.client, '/nowhere']) {
      const begin = performance.now();
      await sandbox.post(path, samples.client);
      expect(performance.now() - begin).toBeGreaterThan(110);
    }
  });
});

test('what is not HTTP is refused, and the sandbox goes on', async () => {
  const sandbox = await start({ apiKey: randomUUID() });
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
  expect(await streamText(socket)).toContain('400 Bad Request');
  expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
});
