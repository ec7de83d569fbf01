import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import type { ReceivedRequest } from '../../src/sandbox/requests.ts';
import { paths, type Started, samples, start } from './start.ts';

const socketTo = async (sandbox: Started) => {
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
};

test('listens on the loopback interface, on a free port or the one asked for', async () => {
  const first = await start();
  expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  const port = Number(new URL(first.url).port);
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
  expect((await start({ port })).url).toBe(first.url);
  await expect(start({ port: 65_536 })).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
});

test.each([
  ['none', paths.client, {}],
  ['an empty one', paths.client, { 'x-api-key': '' }],
  ['the right one with something behind it', paths.client, { 'x-api-key': 'given-key2' }],
  ['the right one in capitals', paths.client, { 'x-api-key': 'GIVEN-KEY' }],
  ['the right one as a bearer', paths.client, { authorization: 'Bearer given-key' }],
  ['a wrong one, before the path is looked at', '/nowhere', { 'x-api-key': 'wrong' }],
])('the key, with %s: 401 and nothing is stored', async (_, path, headers) => {
  const sandbox = await start({ apiKey: 'given-key' });
  const init = { method: 'POST', headers, body: JSON.stringify(samples.client) };
  const refused = await fetch(`${sandbox.url}${path}`, init);
  const message = 'The API key is missing or not valid';
  expect([refused.status, await refused.json()]).toEqual([401, { success: false, message }]);
  expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
});

test.each([
  ...['/', '/API', '/api/plesk/clients/create', `${paths.client}/`, '//', '/%00', '/__proto__'],
  '/API/users/change_preferences_notification',
])('%s is 404', async (path) => {
  const { status, body } = await (await start()).post(path, samples.client);
  expect([status, body]).toEqual([404, { success: false, message: 'There is no such path' }]);
});

test.each(Object.entries(paths))('%s takes one method only', async (name, path) => {
  const sandbox = await start();
  const allowed = name === 'subscription' ? 'GET' : 'POST';
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
    const { status } = await sandbox.send(path, { method });
    expect([method, status === 405]).toEqual([method, method !== allowed]);
  }
});

describe('onRequest', () => {
  test('is called for each request once, refused ones too, with all that was sent', async () => {
    const seen: [ReceivedRequest, number | null][] = [];
    const faults = [parseFault('reset@3-')];
    const onRequest = (...request: (typeof seen)[number]) => seen.push(request);
    const sandbox = await start({ faults, onRequest });
    const fields = { ...samples.client, name: 'Žiga Čebela' };
    await sandbox.post(paths.client, fields);
    await sandbox.get(`${paths.subscription}?id=a%20b`);
    await fetch(`${sandbox.url}/nowhere`);
    await expect(sandbox.get('/reset')).rejects.toThrow();
    const headers = { 'x-api-key': sandbox.apiKey };
    expect(seen.map(([{ method, path }, status]) => [method, path, status])).toEqual([
      ['POST', paths.client, 200],
      ['GET', `${paths.subscription}?id=a%20b`, 404],
      ['GET', '/nowhere', 401],
      ['GET', '/reset', null],
    ]);
    expect(seen[0]?.[0]).toMatchObject({ headers, body: Buffer.from(JSON.stringify(fields)) });
  });

  test('is not called for a request that breaks off, which stores nothing either', async () => {
    const received: ReceivedRequest[] = [];
    const sandbox = await start({ onRequest: (request) => received.push(request) });
    const socket = await socketTo(sandbox);
    const body = JSON.stringify(samples.client);
    socket.end(
      `POST ${paths.client} HTTP/1.1\r\nHost: sandbox\r\nX-Api-Key: ${sandbox.apiKey}\r\n` +
        `Content-Length: ${body.length + 1}\r\n\r\n${body}`,
    );
    await once(socket.resume(), 'close');
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  test('what throws is answered with 500, and the sandbox goes on', async () => {
    const problems = [new Error('log is full')];
    const onRequest = () => {
      for (const problem of problems.splice(0)) throw problem;
    };
    const sandbox = await start({ onRequest });
    const { status, body } = await sandbox.get('/');
    const message = 'The sandbox itself failed: Error: log is full';
    expect([status, body]).toEqual([500, { success: false, message }]);
    expect((await sandbox.post(paths.client, samples.client)).status).toBe(200);
  });
});

describe('close does not wait', () => {
  test('for answers on their way, which never come and leave no timer', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    let arrived = 0;
    const onRequest = () => {
      arrived += 1;
    };
    const sandbox = await start({ faults: [parseFault('delay=3600000')], onRequest });
    const waiting = Array.from({ length: 20 }, () =>
      sandbox.get('/').then(
        () => 'answered',
        () => 'cut',
      ),
    );
    await expect.poll(() => arrived).toBe(waiting.length);
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await sandbox.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['cut']));
    expect(before - timers()).toBeGreaterThanOrEqual(waiting.length);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['kept alive', 'GET / HTTP/1.1\r\nHost: sandbox\r\n\r\n'],
    ['with half a request', 'POST / HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 10\r\n\r\n{'],
    ['that has said nothing', ''],
  ])('for a connection %s', async (_, text) => {
    const sandbox = await start();
    const socket = await socketTo(sandbox);
    if (text !== '') socket.write(text);
    if (text.endsWith('\n')) await once(socket, 'data');
    await sandbox.post(paths.client, samples.client);
    const closed = once(socket.resume(), 'close');
    await Promise.all([sandbox.close(), sandbox.close()]);
    await closed;
    await expect(fetch(sandbox.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
