import { describe, expect, test } from 'vitest';
import type { ClientOptions } from '../../src/api/client.ts';
import { toError } from '../../src/api/failure.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { toReport } from '../../src/errors.ts';
import {
  answer,
  closedPort,
  createdClient,
  cutBody,
  hang,
  resetAfterReading,
  sequence,
  startRawServer,
  startServer,
  trickle,
} from '../support/server.ts';
import { startTlsServer } from '../support/tls.ts';
import { harness } from './harness.ts';
import { context, created, sent } from './replies.ts';
import { pause } from './sending.ts';

const text = JSON.stringify(created);
/** The time that the harness's own clock has. */
const DATE = { date: 'Thu, 20 Mar 2025 11:34:56 GMT' };

test('a success takes one request', async () => {
  await using server = await startServer();
  const { call, pauses, traced } = await harness(server.url);
  expect(await call()).toEqual({
    outcome: {
      ...{ class: 'done', warnings: [] },
      result: { ...created.data, id: expect.any(String) },
    },
    ...{ attempts: 1, retryAfterSeconds: null },
  });
  expect([server.arrived, pauses, traced]).toEqual([1, [], ['request', 'reply 200']]);
});

describe('what was not sent', () => {
  test.each([
    [0, []],
    [2, [0.25, 0.5]],
    [6, [0.25, 0.5, 1, 2, 4, 4]],
  ])('is repeated %i times at most', async (retries, expected) => {
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const limits = { retries, maxWaitSeconds: 0 };
    const { call, pauses, waits, traced } = await harness(origin, { limits });
    expect(await call()).toMatchObject({ attempts: 0, outcome: { class: 'not_sent' } });
    expect(pauses).toEqual(expected);
    expect(waits).toEqual(expected.map((seconds) => [seconds, 'nothing was sent yet']));
    expect(traced).toHaveLength(2 * (retries + 1));
  });

  test('is sent once when the server comes back', async () => {
    const port = await closedPort();
    const back: { server?: Awaited<ReturnType<typeof startServer>> } = {};
    const sleep = async () => {
      back.server ??= await startServer(createdClient, { port });
    };
    const { call } = await harness(`http://127.0.0.1:${port}`, {
      clock: { now: () => new Date(), random: () => 0, sleep },
    });
    expect(await call()).toMatchObject({ attempts: 1, outcome: { class: 'done' } });
    expect(back.server?.arrived).toBe(1);
    await back.server?.close();
  });

  test('a handshake that is reset is repeated', async () => {
    await using server = await startRawServer((socket) => socket.resetAndDestroy());
    const { call } = await harness(server.url.replace('http:', 'https:'));
    expect(await call()).toMatchObject({ attempts: 0, outcome: { class: 'not_sent' } });
    expect(server.connections).toBe(3);
  });

  test.each(['self-signed', 'expired', 'wrong-host', 'tls1.1-only'] as const)(
    'because of a certificate (%s) is never repeated',
    async (certificate) => {
      await using server = await startTlsServer(createdClient, { certificate });
      const { call, pauses } = await harness(server.url);
      const { outcome, attempts } = await call();
      expect(outcome).toMatchObject({ class: 'not_sent', failure: { reason: 'certificate' } });
      await pause(50);
      expect([attempts, pauses, server.connections, server.arrived]).toEqual([0, [], 1, 0]);
    },
  );

  test('because of a key that no header can carry is never repeated', async () => {
    await using server = await startServer();
    const { call, pauses } = await harness(server.url, { key: 'a\r\nb: c' });
    expect(await call()).toMatchObject({
      ...{ attempts: 0, outcome: { class: 'not_sent', failure: { reason: 'malformed' } } },
    });
    expect([pauses, server.connections]).toEqual([[], 0]);
  });
});

describe('a status that asks to wait', () => {
  test.each([408, 421, 425, 429])('%i: growing pauses up to the limit of all', async (status) => {
    await using server = await startServer(answer(status));
    const { call, pauses, waits } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 10, outcome: { class: 'throttled' } });
    expect(pauses).toEqual([1, 2, 4, 8, 8, 8, 8, 8, 8]);
    expect(waits[0]).toEqual([1, 'the server asks for a pause']);
    expect(server.arrived).toBe(10);
  });

  test.each([
    [429, 'retry-after', '7'],
    [429, 'retry-after', 'Thu, 20 Mar 2025 11:35:03 GMT'],
    [429, 'x-ratelimit-reset', '1742470503'],
    [425, 'retry-after', 'Thu, 20 Mar 2025 11:35:03 GMT'],
  ])('%i, %s: %s is waited for, then it is sent again', async (status, name, value) => {
    const busy = answer(status, '', { ...DATE, [name]: value });
    await using server = await startServer(sequence(busy, busy, createdClient));
    const { call, pauses } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 3, outcome: { class: 'done' } });
    expect([pauses, server.arrived]).toEqual([[7, 7], 3]);
  });

  test('a wait beyond the limit is none at all', async () => {
    await using server = await startServer(answer(429, '', { ...DATE, 'retry-after': '61' }));
    const { call, pauses } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 1, retryAfterSeconds: 61 });
    expect([pauses, server.arrived]).toEqual([[], 1]);
  });

  test('limits of the call come before those of the client', async () => {
    await using server = await startServer(answer(429));
    const { client } = await harness(server.url);
    const { signal } = new AbortController();
    const limits = { retries: 0, maxWaitSeconds: 3 };
    const settled = await client.call(createClient, sent, { signal, limits });
    expect([settled.attempts, server.arrived]).toEqual([3, 3]);
  });

  test('what follows it counts for itself: unknown ends the call', async () => {
    await using server = await startServer(sequence(answer(429), resetAfterReading, createdClient));
    const { call } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 2, outcome: { class: 'unknown' } });
    await pause(30);
    expect(server.arrived).toBe(2);
  });
});

describe('an interruption', () => {
  /** Sleeps until the signal, as the real clock does. */
  const interruptible = (controller: AbortController): Pick<ClientOptions, 'clock'> => ({
    clock: {
      now: () => new Date(),
      random: () => 0.5,
      sleep: (_milliseconds, signal) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          setImmediate(() => controller.abort());
        }),
    },
  });

  test('during a wait: not created', async () => {
    await using server = await startServer(answer(429));
    const closed = `http://127.0.0.1:${await closedPort()}`;
    for (const [origin, attempts] of [
      [server.url, 1],
      [closed, 0],
    ] as const) {
      const controller = new AbortController();
      const { call } = await harness(origin, interruptible(controller));
      const report = toReport(toError(await call(controller.signal), context));
      const cancelled = { code: 'cancelled', exit_code: 130, outcome: 'not_created', attempts };
      expect(report).toMatchObject(cancelled);
    }
    expect(server.arrived).toBe(1);
  });

  test('before the call nothing is sent; while the server works the end is unknown', async () => {
    const controller = new AbortController();
    await using server = await startServer(() => controller.abort());
    const { call, pauses } = await harness(server.url);
    expect(await call(AbortSignal.abort())).toMatchObject({
      ...{ attempts: 0, outcome: { class: 'not_sent', failure: { reason: 'cancelled' } } },
    });
    expect([pauses, server.connections]).toEqual([[], 0]);
    const report = toReport(toError(await call(controller.signal), context));
    expect(report).toMatchObject({ code: 'cancelled', outcome: 'unknown', attempts: 1 });
    expect(server.arrived).toBe(1);
  });
});

describe('connections', () => {
  test('calls one after the other share one', async () => {
    await using server = await startServer();
    const { call } = await harness(server.url);
    for (let count = 0; count < 5; count += 1) await call();
    expect([server.arrived, server.connections]).toEqual([5, 1]);
  });

  test('one that was idle for more than 250 ms carries no further request', async () => {
    await using server = await startServer();
    const { call } = await harness(server.url);
    await call();
    await pause(1_000);
    await call();
    expect([server.arrived, server.connections]).toEqual([2, 2]);
  });

  test('there are never more at once than allowed', async () => {
    let now = 0;
    let most = 0;
    await using server = await startServer(async (request, response, index) => {
      most = Math.max(most, ++now);
      await pause(20);
      now -= 1;
      await createdClient(request, response, index);
    });
    const { call } = await harness(server.url, { concurrency: 2 });
    await Promise.all(Array.from({ length: 8 }, () => call()));
    expect([most, server.arrived, server.connections]).toEqual([2, 8, 2]);
  });

  test('failures give theirs back', async () => {
    await using server = await startServer(
      sequence(hang, trickle(text, 30), cutBody(text, 5), resetAfterReading, createdClient),
    );
    const { call } = await harness(server.url, { timeoutSeconds: 1 });
    const classes: string[] = [];
    for (let count = 0; count < 4; count += 1) classes.push((await call()).outcome.class);
    expect(classes).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect((await call()).outcome.class).toMatch(/done|unknown/);
    expect(server.arrived).toBe(5);
  });
});
