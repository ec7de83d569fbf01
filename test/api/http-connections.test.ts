import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { LARGEST_ANSWER } from '../../src/api/http.ts';
import {
  answer,
  closeAfterReading,
  createdClient,
  endlessBody,
  gzipBomb,
  hang,
  resetAfterReading,
  resetBeforeReading,
  sequence,
  startRawServer,
  startServer,
  trickle,
} from '../support/server.ts';
import { created } from './replies.ts';
import { directAgents, inShort, pause, sendTo, until } from './sending.ts';

const text = JSON.stringify(created);
const late = { timeoutSeconds: 1 };

describe('a connection that is kept alive', () => {
  test.each([
    ['reset before reading', resetBeforeReading],
    ['reset after reading', resetAfterReading],
    ['closed after reading', closeAfterReading],
  ])('%s: the second request is never taken for not sent', async (_name, failing) => {
    await using server = await startServer(sequence(createdClient, failing));
    const agents = await directAgents(server.url);
    expect(inShort(await sendTo(server.url, { agents }))).toBe('reply 200');
    expect(inShort(await sendTo(server.url, { agents }))).toBe('sent, network');
    await pause(50);
    expect([server.connections, server.arrived]).toEqual([1, 2]);
  });

  test('reset at the first byte of the second request', async () => {
    const length = Buffer.byteLength(text);
    await using server = await startRawServer((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${text}`);
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    const agents = await directAgents(server.url);
    expect(inShort(await sendTo(server.url, { agents }))).toBe('reply 200');
    expect(inShort(await sendTo(server.url, { agents }))).toBe('sent, network');
    expect(server.connections).toBe(1);
  });

  test('after a time-out it is not used again, and its late answer is nobody else’s', async () => {
    await using server = await startServer(
      sequence(async (_request, response) => {
        await pause(1_800);
        response.end('{"late":true}');
      }, createdClient),
    );
    const agents = await directAgents(server.url);
    expect(inShort(await sendTo(server.url, { agents, ...late }))).toBe('sent, timeout');
    expect(await sendTo(server.url, { agents })).toMatchObject({ status: 200 });
    expect([server.connections, server.arrived]).toEqual([2, 2]);
  });
});

describe('an answer without bounds', () => {
  const tooLong = `reply 200, the answer is longer than ${LARGEST_ANSWER} bytes`;
  test.each([
    ['an endless body', endlessBody],
    ['500 MB in half a megabyte of gzip', gzipBomb(500)],
  ])('%s is cut, and memory stays flat', async (_name, handler) => {
    await using server = await startServer(handler);
    const used = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = used();
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, used() - before);
    }, 2);
    const attempt = await sendTo(server.url, { timeoutSeconds: 20 });
    clearInterval(timer);
    expect(inShort(attempt)).toBe(tooLong);
    expect(attempt.kind === 'reply' && attempt.body.length).toBeLessThanOrEqual(LARGEST_ANSWER);
    expect(most).toBeLessThan(100_000_000);
    expect(server.arrived).toBe(1);
  });

  test('exactly as much as is allowed comes whole', async () => {
    await using server = await startServer(
      sequence(
        answer(200, 'a'.repeat(LARGEST_ANSWER)),
        answer(200, 'a'.repeat(LARGEST_ANSWER + 1)),
      ),
    );
    expect(inShort(await sendTo(server.url))).toBe('reply 200');
    expect(inShort(await sendTo(server.url))).toBe(tooLong);
  });
});

describe('an interruption', () => {
  test('before sending: nothing is even connected', async () => {
    await using server = await startServer();
    expect(inShort(await sendTo(server.url, { signal: AbortSignal.abort() }))).toBe(
      'not sent, cancelled',
    );
    await pause(50);
    expect(server.connections).toBe(0);
  });

  test('as soon as sending has begun: nothing arrives', async () => {
    await using server = await startServer();
    const agents = await directAgents(server.url);
    for (const turns of [0, 1, 2, 3]) {
      const controller = new AbortController();
      const sending = sendTo(server.url, { agents, signal: controller.signal });
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      controller.abort();
      expect(inShort(await sending)).toBe('not sent, cancelled');
    }
    await pause(100);
    expect(server.arrived).toBe(0);
  });

  test('at any later turn: what arrived is never called not sent', async () => {
    await using server = await startServer(hang);
    const seen = new Set<string>();
    for (let turns = 0; turns <= 12; turns += 1) {
      const arrivedBefore = server.arrived;
      const controller = new AbortController();
      const sending = sendTo(server.url, { signal: controller.signal });
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      controller.abort();
      const attempt = await sending;
      await pause(30);
      if (server.arrived > arrivedBefore) expect(inShort(attempt)).toBe('sent, cancelled');
      seen.add(inShort(attempt));
    }
    expect([...seen].sort()).toEqual(['not sent, cancelled', 'sent, cancelled']);
  });

  test('while the server works, and in the middle of its answer', async () => {
    for (const handler of [hang, trickle(text, 30)]) {
      await using server = await startServer(handler);
      const controller = new AbortController();
      const sending = sendTo(server.url, { signal: controller.signal });
      await until(() => server.requests.length === 1);
      await pause(80);
      controller.abort();
      expect(inShort(await sending)).toBe('sent, cancelled');
      expect(server.arrived).toBe(1);
    }
  });

  test('after the answer it does nothing, and no listener stays behind', async () => {
    await using server = await startServer();
    const controller = new AbortController();
    const listeners: string[] = [];
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners.push('added');
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners.push('removed');
      remove(...given);
    };
    expect(inShort(await sendTo(server.url, { signal }))).toBe('reply 200');
    controller.abort();
    expect(listeners).toEqual(['added', 'removed']);
  });
});

describe('nothing stays behind', () => {
  const open = () => process.getActiveResourcesInfo();

  test.each<[string, (socket: Socket) => void]>([
    ['no answer', () => {}],
    ['half a head', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-')],
    ['half a body', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')],
    [
      'too much',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'a'.repeat(LARGEST_ANSWER + 1)}`),
    ],
  ])('%s: the connection is closed and no timer waits', async (_name, respond) => {
    let closed = 0;
    await using server = await startRawServer((socket) => {
      socket.on('close', () => (closed += 1));
      socket.once('data', () => respond(socket));
    });
    const agents = await directAgents(server.url);
    const timersBefore = open().filter((name) => name === 'Timeout').length;
    await sendTo(server.url, { agents, ...late });
    await until(() => closed === 1);
    expect(open().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(timersBefore);
  });
});
