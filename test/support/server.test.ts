import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import {
  answer,
  brokenStatusLine,
  closeAfterReading,
  closedPort,
  cutBody,
  endlessBody,
  gzipBomb,
  type Handler,
  hang,
  hugeHeaders,
  redirect,
  resetAfterReading,
  resetBeforeReading,
  sequence,
  startRawServer,
  startServer,
  trickle,
  trickleHeaders,
} from './server.ts';

interface Seen {
  status?: number | undefined;
  text?: string;
  error?: string | undefined;
  headersAfter?: number;
  lastByteAfter?: number;
}

/** One POST with Node's own client, on a connection of its own; never rejects. */
function post(
  url: string,
  body: string,
  options: { giveUpAfter?: number; stopAtBytes?: number } = {},
): Promise<Seen> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const request = httpRequest(url, { method: 'POST', agent: new Agent(), timeout: 5000 });
    const fail = (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message });
    request.on('error', fail);
    request.on('response', async (response) => {
      const seen: Seen = { status: response.statusCode, headersAfter: performance.now() - begun };
      let text = '';
      try {
        for await (const chunk of response) {
          text += chunk;
          if (text.length >= (options.stopAtBytes ?? Number.POSITIVE_INFINITY)) break;
        }
      } catch (error) {
        seen.error = (error as NodeJS.ErrnoException).code;
      }
      resolve({ ...seen, text, lastByteAfter: performance.now() - begun });
    });
    if (options.giveUpAfter !== undefined) {
      setTimeout(() => request.destroy(new Error('gave up')), options.giveUpAfter);
    }
    request.end(body);
  });
}

test('records the request and answers as documented for a create', async () => {
  await using server = await startServer();
  const asked = { name: 'John Doe', login: 'johndoe', email: 'client1@example.com' };
  const response = await fetch(`${server.url}/API/plesk/clients/create?x=1`, {
    method: 'POST',
    headers: { 'x-api-key': 'key', 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, password: 'é' }),
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    success: true,
    message: 'Client created successfully',
    data: { id: 'client123-4567-8901-2345-678901234567', plesk_client_id: '123', ...asked },
  });
  expect(server.requests).toMatchObject([
    {
      method: 'POST',
      path: '/API/plesk/clients/create?x=1',
      headers: { 'x-api-key': 'key' },
      json: { ...asked, password: 'é' },
    },
  ]);
  expect([server.arrived, server.connections]).toEqual([1, 1]);
});

test('a body that is no JSON has no json, and a company is echoed', async () => {
  await using server = await startServer();
  await fetch(server.url, { method: 'POST', body: 'a=1' });
  const response = await fetch(server.url, { method: 'POST', body: '{"company":"ACME Corp"}' });
  expect(server.requests.map(({ body, json }) => [body, json])).toEqual([
    ['a=1', undefined],
    ['{"company":"ACME Corp"}', { company: 'ACME Corp' }],
  ]);
  expect(await response.json()).toMatchObject({ data: { company: 'ACME Corp' } });
});

test('sequence gives one handler per request and repeats the last', async () => {
  await using server = await startServer(
    sequence(answer(500, 'down'), resetBeforeReading, answer(200, { success: true })),
  );
  const seen = [];
  for (let index = 0; index < 4; index += 1) seen.push(await post(server.url, 'body'));
  expect(seen.map(({ status, text, error }) => [status, text, error])).toEqual([
    [500, 'down', undefined],
    [undefined, undefined, 'ECONNRESET'],
    [200, '{"success":true}', undefined],
    [200, '{"success":true}', undefined],
  ]);
  expect([server.requests.length, server.arrived, server.connections]).toEqual([3, 4, 4]);
});

const large = 'x'.repeat(3_000_000);

test.each<[string, Handler, string, Seen, number]>([
  ['resetBeforeReading', resetBeforeReading, large, {}, 0],
  ['resetAfterReading', resetAfterReading, large, { error: 'ECONNRESET' }, 1],
  ['closeAfterReading', closeAfterReading, large, { error: 'ECONNRESET' }, 1],
  [
    'cutBody',
    cutBody('{"success":true}', 5),
    '',
    { status: 200, text: '{"suc', error: 'ECONNRESET' },
    1,
  ],
  ['brokenStatusLine', brokenStatusLine, '', { error: 'HPE_INVALID_STATUS' }, 1],
  ['hugeHeaders', hugeHeaders(20_000), '', { error: 'HPE_HEADER_OVERFLOW' }, 1],
  ['hugeHeaders, small', hugeHeaders(1000), '', { status: 200, text: '{}' }, 1],
])('%s', async (_name, handler, body, expected, requests) => {
  await using server = await startServer(handler);
  const seen = await post(server.url, body);
  expect(seen).toMatchObject(expected);
  if (expected.error === undefined && expected.status === undefined) {
    expect(['ECONNRESET', 'EPIPE']).toContain(seen.error);
  }
  expect(server.requests).toHaveLength(requests);
  expect(server.arrived).toBe(1);
});

test('a reset is a reset and a close is an orderly end, as the socket sees it', async () => {
  async function endOf(handler: Handler): Promise<string> {
    await using server = await startServer(handler);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
    socket.resume();
    return await new Promise((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('end', () => resolve('end'));
    });
  }
  expect(await endOf(resetAfterReading)).toBe('ECONNRESET');
  expect(await endOf(resetBeforeReading)).toBe('ECONNRESET');
  expect(await endOf(closeAfterReading)).toBe('end');
});

test('hang reads and never answers', async () => {
  await using server = await startServer(hang);
  expect(await post(server.url, 'body', { giveUpAfter: 150 })).toEqual({ error: 'gave up' });
  expect(server.requests[0]?.body).toBe('body');
});

test('trickle sends headers at once and the body slowly', async () => {
  await using server = await startServer(trickle('{"a":1}', 30));
  const seen = await post(server.url, '');
  expect(seen.text).toBe('{"a":1}');
  expect((seen.lastByteAfter ?? 0) - (seen.headersAfter ?? 0)).toBeGreaterThan(120);
});

test('trickleHeaders sends the headers slowly too', async () => {
  await using server = await startServer(trickleHeaders(3));
  const seen = await post(server.url, '');
  expect(seen).toMatchObject({ status: 200, text: '{}' });
  expect(seen.headersAfter).toBeGreaterThan(150);
});

test('endlessBody goes on for as long as the client reads', async () => {
  await using server = await startServer(endlessBody);
  const seen = await post(server.url, '', { stopAtBytes: 3_000_000 });
  expect(seen.text?.length).toBeGreaterThanOrEqual(3_000_000);
});

test('gzipBomb is small on the wire, large and valid once unpacked', async () => {
  await using server = await startServer(gzipBomb(5));
  expect((await post(server.url, '')).text?.length).toBeLessThan(50_000);
  const unpacked = (await (await fetch(server.url)).json()) as { message: string };
  expect(unpacked.message).toHaveLength(5_000_000);
});

test('redirect names the location', async () => {
  await using server = await startServer(redirect(307, 'http://elsewhere.example/'));
  const response = await fetch(server.url, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([
    307,
    'http://elsewhere.example/',
  ]);
});

test('a handler that throws fails the test that closes the server', async () => {
  const server = await startServer(() => {
    throw new Error('wrong on purpose');
  });
  expect(await post(server.url, '')).toMatchObject({ error: 'ECONNRESET' });
  await expect(server.close()).rejects.toThrow('wrong on purpose');
});

test('a closed server refuses, and another can come back on its port', async () => {
  const server = await startServer();
  await server.close();
  expect(await post(server.url, '')).toEqual({ error: 'ECONNREFUSED' });
  await using again = await startServer(answer(204), { port: server.port });
  expect(await post(again.url, '')).toMatchObject({ status: 204 });
});

test('close does not wait for a client that never lets go', async () => {
  const server = await startServer(hang);
  const pending = post(server.url, '');
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.close();
  expect((await pending).error).toBe('ECONNRESET');
});

test('a raw server resets on accept or speaks anything, and counts', async () => {
  await using server = await startRawServer((socket, index) => {
    if (index === 0) socket.resetAndDestroy();
    else socket.once('data', () => socket.end('220 ready\r\n'));
  });
  expect((await post(server.url, '')).error).toBe('ECONNRESET');
  expect((await post(server.url, 'sent text')).error).toMatch(/^HPE_/);
  expect(server.connections).toBe(2);
  expect(server.received).toContain('POST / HTTP/1.1');
});

test('nothing listens on a closed port', async () => {
  const socket = connect(await closedPort(), '127.0.0.1');
  const [error] = await once(socket, 'error');
  expect(error.code).toBe('ECONNREFUSED');
});
