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

describe('what was not sent', () => {
  test.each([
    [0, []],
    [1, [0.25]],
    [2, [0.25, 0.5]],
    [6, [0.25, 0.5, 1, 2, 4, 4]],
  ])('is repeated %i times at most', async (retries, expected) => {
    const { call, pauses, waits, traced } = await harness(
      `http://127.0.0.1:${await closedPort()}`,
      { limits: { retries, maxWaitSeconds: 0 } },
    );
    const settled = await call();
    expect(settled).toMatchObject({ attempts: 0, outcome: { class: 'not_sent' } });
    expect(pauses).toEqual(expected);
    expect(waits).toEqual(expected.map((seconds) => [seconds, 'nothing was sent yet']));
    expect(traced).toHaveLength(2 * (retries + 1));
  });

  test('is sent once when the server comes back', async () => {
    const port = await closedPort();
    const back: { server?: Awaited<ReturnType<typeof startServer>> } = {};
    const { call } = await harness(`http://127.0.0.1:${port}`, {
      clock: {
        now: () => new Date(),
        random: () => 0,
        sleep: async () => {
          back.server ??= await startServer(createdClient, { port });
        },
      },
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
      const { call, pauses } = await harness(server.url, {
        limits: { retries: 100, maxWaitSeconds: 60 },
      });
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
      attempts: 0,
      outcome: { class: 'not_sent', failure: { reason: 'malformed' } },
    });
    expect([pauses, server.connections]).toEqual([[], 0]);
  });
});

describe('a status that asks to wait', () => {
  test.each([408, 421, 425, 429])(
    '%i is repeated with growing pauses until the limit of all waits',
    async (status) => {
      await using server = await startServer(answer(status));
      const { call, pauses, waits } = await harness(server.url);
      expect(await call()).toMatchObject({ attempts: 10, outcome: { class: 'throttled' } });
      expect(pauses).toEqual([1, 2, 4, 8, 8, 8, 8, 8, 8]);
      expect(waits[0]).toEqual([1, 'the server asks for a pause']);
      expect(server.arrived).toBe(10);
    },
  );

  test.each(['0', '-5', 'abc', '1e9', '0.001', 'Thu, 20 Mar 2025 11:34:50 GMT'])(
    'Retry-After %s: the usual pauses, never none',
    async (value) => {
      await using server = await startServer(answer(429, '', { ...DATE, 'retry-after': value }));
      const { call, pauses } = await harness(server.url, {
        limits: { retries: 2, maxWaitSeconds: 10 },
      });
      expect(await call()).toMatchObject({ attempts: 4, retryAfterSeconds: null });
      expect(pauses).toEqual([1, 2, 4]);
    },
  );

  test.each<[string, number]>([
    ['61', 61],
    ['1000000000', 1_000_000_000],
    ['Thu, 20 Mar 2025 11:36:00 GMT', 64],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 251_659_830_303],
  ])('Retry-After %s is beyond the limit: no wait at all', async (value, seconds) => {
    await using server = await startServer(answer(429, '', { ...DATE, 'retry-after': value }));
    const { call, pauses } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 1, retryAfterSeconds: seconds });
    expect([pauses, server.arrived]).toEqual([[], 1]);
  });

  test.each([
    [429, 'retry-after', '7'],
    [429, 'retry-after', 'Thu, 20 Mar 2025 11:35:03 GMT'],
    [429, 'x-ratelimit-reset', '7'],
    [429, 'x-ratelimit-reset', '1742470503'],
    [408, 'retry-after', '7'],
    [421, 'retry-after', '7'],
    [425, 'retry-after', 'Thu, 20 Mar 2025 11:35:03 GMT'],
  ])('%i, %s: %s is waited for, then it is sent again', async (status, name, value) => {
    await using server = await startServer(
      sequence(
        answer(status, '', { ...DATE, [name]: value }),
        answer(status, '', { ...DATE, [name]: value }),
        createdClient,
      ),
    );
    const { call, pauses } = await harness(server.url);
    expect(await call()).toMatchObject({ attempts: 3, outcome: { class: 'done' } });
    expect([pauses, server.arrived]).toEqual([[7, 7], 3]);
  });

  test('no wait is allowed: one request', async () => {
    await using server = await startServer(answer(429));
    const { call } = await harness(server.url, { limits: { retries: 9, maxWaitSeconds: 0 } });
    expect(await call()).toMatchObject({ attempts: 1 });
    expect(server.arrived).toBe(1);
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
  function interruptible(controller: AbortController): Pick<ClientOptions, 'clock'> {
    return {
      clock: {
        now: () => new Date(),
        random: () => 0.5,
        sleep: (_milliseconds, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
            setImmediate(() => controller.abort());
          }),
      },
    };
  }

  test('during the wait after a 429: not created, one request', async () => {
    await using server = await startServer(answer(429));
    const controller = new AbortController();
    const { call } = await harness(server.url, interruptible(controller));
    const settled = await call(controller.signal);
    expect(toReport(toError(settled, context))).toMatchObject({
      code: 'cancelled',
      exit_code: 130,
      outcome: 'not_created',
      attempts: 1,
      message:
        'The client was not created: the command was stopped while it waited to repeat the request.',
    });
    expect(server.arrived).toBe(1);
  });

  test('during the wait after something that was not sent: nothing was sent', async () => {
    const controller = new AbortController();
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const { call } = await harness(origin, interruptible(controller));
    expect(toReport(toError(await call(controller.signal), context))).toMatchObject({
      code: 'cancelled',
      outcome: 'not_created',
      attempts: 0,
      message: 'The client was not created: the command was stopped before anything was sent.',
    });
  });

  test('before the call: nothing is sent', async () => {
    await using server = await startServer();
    const { call, pauses } = await harness(server.url);
    expect(await call(AbortSignal.abort())).toMatchObject({
      attempts: 0,
      outcome: { class: 'not_sent', failure: { reason: 'cancelled' } },
    });
    expect([pauses, server.connections]).toEqual([[], 0]);
  });

  test('while the server works: unknown', async () => {
    const controller = new AbortController();
    await using server = await startServer(() => controller.abort());
    const { call } = await harness(server.url, { timeoutSeconds: 5 });
    expect(toReport(toError(await call(controller.signal), context))).toMatchObject({
      code: 'cancelled',
      exit_code: 130,
      outcome: 'unknown',
      attempts: 1,
    });
    expect(server.arrived).toBe(1);
  });
});

describe('connections', () => {
  test('calls one after the other share one, and it is closed with the client', async () => {
    await using server = await startServer();
    const { call, client } = await harness(server.url);
    for (let count = 0; count < 5; count += 1) await call();
    expect([server.arrived, server.connections]).toEqual([5, 1]);
    client.close();
  });

  test('one that was idle for more than 250 ms carries no further request', async () => {
    await using server = await startServer();
    const { call } = await harness(server.url, { timeoutSeconds: 5 });
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
    const { call } = await harness(server.url, { concurrency: 2, timeoutSeconds: 5 });
    await Promise.all(Array.from({ length: 8 }, () => call()));
    expect([most, server.arrived, server.connections]).toEqual([2, 8, 2]);
  });

  test('failures give theirs back', async () => {
    await using server = await startServer(
      sequence(hang, trickle(text, 30), cutBody(text, 5), resetAfterReading, createdClient),
    );
    const { call } = await harness(server.url);
    const classes: string[] = [];
    for (let count = 0; count < 5; count += 1) classes.push((await call()).outcome.class);
    expect(classes).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'done']);
  });
});
