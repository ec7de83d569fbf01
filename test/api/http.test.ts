import { describe, expect, test } from 'vitest';
import {
  answer,
  brokenStatusLine,
  closeAfterReading,
  closedPort,
  createdClient,
  cutBody,
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
} from '../support/server.ts';
import { harness } from './harness.ts';
import { created } from './replies.ts';
import { inShort, key, pause, sendTo } from './sending.ts';

const text = JSON.stringify(created);
const gzip = { 'content-encoding': 'gzip' };

const earlyAnswer: Handler = Object.assign(answer(413, '', { connection: 'close' }), {
  beforeBody: () => true,
});

const informational: Handler = (request, response, index) => {
  response.writeContinue();
  response.writeProcessing();
  response.writeEarlyHints({ link: '</a>; rel=preload' });
  return createdClient(request, response, index);
};

/** What the transport makes of it, and how many requests arrived whole; the answer may be late. */
test.each<[string, Handler, string, number, 'late'?]>([
  ['a good answer', createdClient, 'reply 200', 1],
  ['an empty answer', answer(204), 'reply 204', 1],
  ['an error', answer(500, 'Oops'), 'reply 500', 1],
  ['503 with Retry-After', answer(503, '', { 'retry-after': '1' }), 'reply 503', 1],
  ['413 with Retry-After', answer(413, '', { 'retry-after': '1' }), 'reply 413', 1],
  ['an answer before the body', earlyAnswer, 'reply 413', 0],
  ['100, 102 and 103 before the answer', informational, 'reply 200', 1],
  ['a reset before reading', resetBeforeReading, 'sent, network', 0],
  ['a reset after reading', resetAfterReading, 'sent, network', 1],
  ['a close after reading', closeAfterReading, 'sent, network', 1],
  ['no answer', hang, 'sent, timeout', 1, 'late'],
  ['headers that trickle', trickleHeaders(30), 'sent, timeout', 1, 'late'],
  [
    'a body that trickles',
    trickle(text, 30),
    'reply 200, the answer did not end in time',
    1,
    'late',
  ],
  ['a cut body', cutBody(text, 20), 'reply 200, the answer was cut off', 1],
  ['a broken status line', brokenStatusLine, 'sent, network', 1],
  ['20 kB of headers', hugeHeaders(20_000), 'sent, network', 1],
  ['15 kB of headers', hugeHeaders(15_000), 'reply 200', 1],
  ['broken gzip', answer(200, text, gzip), 'reply 200, the answer was cut off', 1],
])('%s: one POST, no pause, whatever the limits', async (_name, handler, expected, whole, late) => {
  await using server = await startServer(handler);
  const { call, traced, pauses } = await harness(server.url, {
    limits: { retries: 100, maxWaitSeconds: 86_400 },
    ...(late === undefined ? {} : { timeoutSeconds: 1 }),
  });
  expect(await call()).toMatchObject({ attempts: 1 });
  await pause(50);
  expect([traced, pauses]).toEqual([['request', expected], []]);
  expect([server.arrived, server.requests.length]).toEqual([1, whole]);
});

test('the harness can fail: clients that repeat on ECONNRESET or on 5xx make two POSTs', async () => {
  for (const handler of [resetAfterReading, answer(502)]) {
    await using server = await startServer(sequence(handler, createdClient));
    if (inShort(await sendTo(server.url)) !== 'reply 200') await sendTo(server.url);
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  }
});

test('a failure carries no secret and no foreign error', async () => {
  await using server = await startServer(resetAfterReading);
  expect(await sendTo(server.url)).toEqual({
    ...{ kind: 'failure', sent: true, reason: 'network', code: 'ECONNRESET' },
    message: 'the connection was reset (ECONNRESET)',
  });
});

test('a good answer comes whole, with its headers', async () => {
  const headers = { 'x-one': ['a', 'b'], 'content-type': 'text/html' };
  await using server = await startServer(answer(201, `\ufeff${text}ä`, headers));
  expect(await sendTo(server.url)).toMatchObject({
    ...{ status: 201, body: `\ufeff${text}ä`, bodyProblem: null },
    headers: { 'x-one': 'a, b', 'content-type': 'text/html' },
  });
});

test('a patient wait is not cut short by the life of idle connections', async () => {
  await using server = await startServer(async (request, response, index) => {
    await pause(4_600);
    return createdClient(request, response, index);
  });
  expect(inShort(await sendTo(server.url, { timeoutSeconds: 30 }))).toBe('reply 200');
  expect(server.arrived).toBe(1);
});

describe('before a connection', () => {
  test('a name that does not exist, and a refused port', async () => {
    const port = await closedPort();
    const refused = [`http://127.0.0.1:${port}`, `https://localhost:${port}`];
    for (const origin of ['http://nothing.invalid', 'https://nothing.invalid', ...refused]) {
      expect(inShort(await sendTo(origin))).toBe('not sent, network');
    }
  });

  test.each([{ 'x-api-key': 'a\r\nb: c' }, { 'x-api-key': 'a\u{1f600}' }, { 'a b': 'c' }])(
    'a header that cannot be written: %j',
    async (headers) => {
      await using server = await startServer();
      const attempt = await sendTo(server.url, { request: { headers } });
      expect(inShort(attempt)).toBe('not sent, malformed');
      await pause(50);
      expect([server.arrived, server.connections]).toEqual([0, 0]);
    },
  );

  test('an address of another kind', async () => {
    const request = { url: new URL('unix:/run/docker.sock:/a') };
    expect(inShort(await sendTo('http://127.0.0.1', { request }))).toBe('not sent, malformed');
  });
});

test('a connection that is reset when accepted: either class is true, since nothing got there', async () => {
  await using server = await startRawServer((socket) => socket.resetAndDestroy());
  expect(await sendTo(server.url)).toMatchObject({ kind: 'failure', reason: 'network' });
  expect([server.connections, server.received]).toEqual([1, '']);
});

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n`;
const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';

test.each([
  ['101 without being asked', UPGRADE, 'sent, network'],
  ['two lengths', `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 'sent, network'],
  ['a length and chunks', `${CHUNKED}Content-Length: 2\r\n\r\n{}`, 'sent, network'],
  ['broken chunks', `${CHUNKED}\r\nxyz\r\n{}`, 'reply 200, the answer was cut off'],
  ['chunks without an end', `${CHUNKED}\r\n2\r\n{}\r\n`, 'reply 200, the answer was cut off'],
  ['no length, then a close', `${OK}\r\n{}`, 'reply 200'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'sent, network'],
])('%s', async (_name, bytes, expected) => {
  await using server = await startRawServer((socket) => {
    socket.once('data', () => socket.end(bytes));
  });
  expect(inShort(await sendTo(server.url))).toBe(expected);
  expect(server.received.match(/POST/g)).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308] as const)(
  'a redirect by %i is never followed',
  async (status) => {
    await using other = await startServer();
    await using server = await startServer(
      sequence(redirect(status, `${other.url}/elsewhere`), redirect(status, '/elsewhere')),
    );
    for (const arrived of [1, 2]) {
      expect(inShort(await sendTo(server.url))).toBe(`reply ${status}`);
      await pause(50);
      expect([server.arrived, other.connections]).toEqual([arrived, 0]);
    }
  },
);

test('the key goes into its header and nowhere else', async () => {
  await using server = await startRawServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  await sendTo(server.url);
  expect(server.received.split(key)).toHaveLength(2);
  expect(server.received).toContain(`\r\nx-api-key: ${key}\r\n`);
});
