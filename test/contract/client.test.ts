import { expect, onTestFinished, test } from 'vitest';
import { createApiClient } from '../../src/api/client.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { USER_AGENT, VERSION } from '../../src/version.ts';
import { startRawServer } from '../support/server.ts';
import { documentedExamples } from './examples.ts';

const { method, path, request, answer } = documentedExamples.createClient;

test('the documented create, as it goes over the wire, and what its answer comes to', async () => {
  await using server = await startRawServer((socket) => {
    socket.once('data', () => {
      const body = JSON.stringify(answer);
      const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
      socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
    });
  });
  const client = await createApiClient({
    origin: server.url,
    key: 'test-key-0123456789',
    userAgent: USER_AGENT,
    timeoutSeconds: 5,
    limits: { retries: 0, maxWaitSeconds: 0 },
    concurrency: 1,
    trace: null,
    clock: { now: () => new Date(), random: () => 0, sleep: async () => {} },
  });
  onTestFinished(() => client.close());
  const settled = await client.call(createClient, request, {
    signal: new AbortController().signal,
  });

  const [head = '', body = ''] = server.received.split('\r\n\r\n');
  const [requestLine, ...headerLines] = head.split('\r\n');
  expect(requestLine).toBe(`${method} ${path} HTTP/1.1`);
  const headers = headerLines.map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
  });
  expect(headers.map(([name]) => name).sort()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
    'x-api-key',
  ]);
  expect(Object.fromEntries(headers)).toMatchObject({
    accept: 'application/json',
    connection: 'keep-alive',
    'content-length': String(body.length),
    'content-type': 'application/json',
    host: `127.0.0.1:${server.port}`,
    'user-agent': `oxhost/${VERSION}`,
    'x-api-key': 'test-key-0123456789',
  });
  expect(body).toBe(JSON.stringify(request));

  expect(settled).toEqual({
    outcome: { class: 'done', result: answer.data, warnings: [] },
    attempts: 1,
    retryAfterSeconds: null,
  });
  expect(server.connections).toBe(1);
});
