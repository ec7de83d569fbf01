import { expect, test } from 'vitest';
import {
  answer,
  brokenStatusLine,
  closeAfterReading,
  createdClient,
  cutBody,
  endlessBody,
  type Handler,
  hang,
  hugeHeaders,
  redirect,
  resetAfterReading,
  resetBeforeReading,
  sequence,
  startServer,
  trickle,
  trickleHeaders,
} from '../support/server.ts';
import { harness } from './harness.ts';
import { created } from './replies.ts';
import { inShort, pause, sendTo } from './sending.ts';

test('a success takes one request', async () => {
  await using server = await startServer();
  const { call, pauses, traced } = await harness(server.url);
  expect(await call()).toEqual({
    outcome: {
      class: 'done',
      result: { ...created.data, id: expect.any(String) },
      warnings: [],
    },
    attempts: 1,
    retryAfterSeconds: null,
  });
  expect([server.arrived, pauses, traced]).toEqual([1, [], ['request', 'reply 200']]);
});

const text = JSON.stringify(created);
const refused = { success: false, message: 'No.' };

/** Every end of a request that left: exactly one POST, whatever the limits allow. */
test.each<[string, Handler, string]>([
  ['a reset before reading', resetBeforeReading, 'unknown'],
  ['a reset after reading', resetAfterReading, 'unknown'],
  ['a close after reading', closeAfterReading, 'unknown'],
  ['no answer', hang, 'unknown'],
  ['headers that trickle', trickleHeaders(30), 'unknown'],
  ['a body that trickles', trickle(text, 30), 'unknown'],
  ['a cut body', cutBody(text, 20), 'unknown'],
  ['a broken status line', brokenStatusLine, 'unknown'],
  ['huge headers', hugeHeaders(20_000), 'unknown'],
  ['an endless body', endlessBody, 'unknown'],
  ['an empty answer', answer(200), 'unknown'],
  ['HTML', answer(200, '<p>'), 'unknown'],
  ['202', answer(202, created), 'unknown'],
  ['another login', answer(201, { ...created, data: { id: 1, login: 'x' } }), 'unknown'],
  ['301', redirect(301, '/'), 'unknown'],
  ['302', redirect(302, '/'), 'unknown'],
  ['303', redirect(303, '/'), 'unknown'],
  ['307', redirect(307, '/'), 'rejected'],
  ['308', redirect(308, '/'), 'rejected'],
  ['500', answer(500, refused), 'unknown'],
  ['502', answer(502), 'unknown'],
  ['503 with Retry-After', answer(503, '', { 'retry-after': '1' }), 'unknown'],
  ['504', answer(504), 'unknown'],
  ['521', answer(521), 'unknown'],
  ['success false', answer(200, refused), 'rejected'],
  ['400', answer(400), 'rejected'],
  ['401', answer(401), 'rejected'],
  ['403', answer(403), 'rejected'],
  ['404', answer(404), 'rejected'],
  ['407', answer(407), 'rejected'],
  ['409', answer(409), 'rejected'],
  ['413 with Retry-After', answer(413, '', { 'retry-after': '1' }), 'rejected'],
  ['422', answer(422), 'rejected'],
])('%s: one POST, no pause', async (_name, handler, expected) => {
  await using server = await startServer(handler);
  const { call, pauses } = await harness(server.url, {
    limits: { retries: 100, maxWaitSeconds: 86_400 },
  });
  const { outcome, attempts } = await call();
  expect([outcome.class, attempts]).toEqual([expected, 1]);
  await pause(30);
  expect([server.arrived, pauses]).toEqual([1, []]);
});

test('the harness can fail: a client that repeats on ECONNRESET makes two POSTs', async () => {
  await using server = await startServer(sequence(resetAfterReading, createdClient));
  let attempt = await sendTo(server.url);
  if (attempt.kind === 'failure' && attempt.code === 'ECONNRESET')
    attempt = await sendTo(server.url);
  expect(inShort(attempt)).toBe('reply 200');
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
});

test('the harness can fail: a client that repeats on 5xx makes two POSTs', async () => {
  await using server = await startServer(sequence(answer(502), createdClient));
  const { call } = await harness(server.url);
  if ((await call()).outcome.class === 'unknown') await call();
  expect(server.arrived).toBe(2);
});
