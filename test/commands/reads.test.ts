import { describe, expect, test } from 'vitest';
import type { System } from '../../src/system.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import {
  answer,
  closedPort,
  cutBody,
  type Handler,
  hang,
  redirect,
  resetAfterReading,
  sequence,
  startServer,
} from '../support/server.ts';

const ENV = { OXHOST_API_KEY: 'key-0123456789abcdef' };
const found = {
  success: true,
  subscription: { id: 'subscription-1', status: 'active' },
  orders: [],
};
const free = { success: true, data: [{ domain: 'example.com', available: true }] };

const READS: [name: string, args: string[], good: object][] = [
  ['a GET', ['plesk', 'subscription', 'show', 'subscription-1'], found],
  ['a POST that only looks', ['domain', 'check', 'example.com'], free],
];

describe.each(READS)('%s', (_name, args, good) => {
  const read = async (handler: Handler, more: string[] = [], system: Partial<System> = {}) => {
    await using server = await startServer(handler);
    const all = [...args, '--json', '--api-url', server.url, '--timeout', '0.3', ...more];
    return { result: await runOxhost(all, { env: ENV, system }), requests: server.requests };
  };

  test.each<[string, Handler]>([
    ['a reset', resetAfterReading],
    ['no answer', hang],
    ['a 500', answer(500, 'Oops')],
    ['a 503', answer(503, { success: false })],
    ['an answer that is cut off', cutBody('{"success":true}', 5)],
    ['a 429', answer(429)],
  ])('%s is followed by another try', async (_what, handler) => {
    const { result, requests } = await read(sequence(handler, answer(200, good)));
    expect(result).toMatchObject({ exitCode: 0, error: undefined });
    expect(requests).toHaveLength(2);
    expect(result.pauses).toHaveLength(1);
  });

  test.each([0.125, 0.75])(
    'the pauses are jittered in full and grow: chance %d',
    async (chance) => {
      const more = ['--retries', '5', '--max-wait', '13'];
      const random = () => chance;
      const ceilings = [500, 1000, 2000, 4000, 8000];
      const expected = ceilings.map((ceiling) => ceiling * chance);
      const failing = await read(answer(500), more, { random });
      expect(failing.result.pauses).toEqual(expected);
      expect(failing.requests).toHaveLength(6);
      const port = await closedPort();
      const unsent = await runOxhost([...args, '--api-url', `http://127.0.0.1:${port}`, ...more], {
        env: ENV,
        system: { random },
      });
      expect(unsent.pauses).toEqual(expected);
    },
  );

  test.each([429, 408, 421, 425])('%i: the same, within --max-wait', async (status) => {
    const random = () => 0.75;
    const { result } = await read(answer(status), ['--max-wait', '18'], { random });
    expect(result.pauses).toEqual([750, 1500, 3000, 6000, 6000]);
    expect(result.error).toMatchObject({
      ...{ code: 'rate_limited', exit_code: 9, retry: 'safe', attempts: 6 },
    });
    const asking = answer(status, '', { 'retry-after': '5' });
    const asked = await read(asking, ['--max-wait', '16'], { random: () => 0.75 });
    // The fourth would be six seconds, and is beyond the limit.
    expect(asked.result.pauses).toEqual([5000, 5000, 5000]);
    expect(asked.result.error).toMatchObject({ outcome: null, http: { retry_after: 5 } });
    expect(asked.result.error?.['message']).toContain('asks for a pause of 5 seconds');
  });

  test('a server that asks for an hour: the message says so', async () => {
    const { result, requests } = await read(answer(503, '', { 'retry-after': '3600' }));
    expect(requests).toHaveLength(1);
    expect(result.error).toMatchObject({
      message: expect.stringMatching(/status 503 and asks for a pause of 3600 seconds\.$/),
      hint: 'Repeat the command later, or allow longer waits with --max-wait.',
    });
  });

  test('--retries 0 means one', async () => {
    expect((await read(resetAfterReading, ['--retries', '0'])).requests).toHaveLength(1);
  });

  test('Retry-After is kept to, also with a 503, within --max-wait', async () => {
    const busy = answer(503, '', { 'retry-after': '20' });
    const { result } = await read(sequence(busy, answer(200, good)));
    expect(result.pauses).toEqual([20_000]);
    const { result: given_up, requests } = await read(busy, ['--max-wait', '30']);
    expect(given_up.pauses).toEqual([20_000]);
    expect(requests).toHaveLength(2);
    expect(given_up.error).toMatchObject({ code: 'bad_response', http: { retry_after: 20 } });
  });

  test.each<[string, Handler, object]>([
    ['reset', resetAfterReading, { code: 'unreachable', exit_code: 7 }],
    ['silence', hang, { code: 'unreachable', exit_code: 7 }],
    ['5xx', answer(502, 'Oops'), { code: 'bad_response', exit_code: 1 }],
  ])('in the end: %s', async (_what, handler, expected) => {
    const { result, requests } = await read(handler);
    expect(result.error).toMatchObject({ ...expected, outcome: null, retry: 'safe', attempts: 3 });
    expect(result).toMatchObject({ exitCode: result.error?.['exit_code'], stdout: '' });
    expect(result.stderr).not.toMatch(/created|panel|may or may not/);
    expect(requests).toHaveLength(3);
  });

  test.each<[Handler, object]>([
    [answer(200, '<html></html>'), { code: 'bad_response', exit_code: 1, retry: 'no' }],
    [answer(401), { code: 'auth_failed', exit_code: 4, retry: 'after_fix' }],
    [answer(404, { success: false, message: 'Gone' }), { code: 'rejected', exit_code: 5 }],
    [answer(200, { success: false, message: 'Gone' }), { code: 'rejected', exit_code: 5 }],
    [redirect(302, '/elsewhere'), { code: 'redirect_refused', exit_code: 5 }],
    [redirect(308, '/elsewhere'), { code: 'redirect_refused', exit_code: 5 }],
  ])('what was answered is final: %#', async (handler, expected) => {
    const { result, requests } = await read(handler);
    expect(result.error).toMatchObject({ ...expected, outcome: null, attempts: 1 });
    expect(result.stderr).not.toContain('created"');
    expect(requests).toHaveLength(1);
  });

  test('nothing listens: exit 7, repeated, outcome null', async () => {
    const server = await startServer();
    await server.close();
    const result = await runOxhost([...args, '--json', '--api-url', server.url], { env: ENV });
    expect(result.error).toMatchObject({ code: 'unreachable', outcome: null, attempts: 0 });
    expect(result.pauses).toHaveLength(2);
  });

  test('Ctrl-C while it waits for an answer', async () => {
    await using server = await startServer(hang);
    const running = await startOxhost([...args, '--json', '--api-url', server.url], { env: ENV });
    await expect.poll(() => server.requests.length).toBe(1);
    running.signal('SIGINT');
    const { exitCode, error } = await running.finished;
    expect(exitCode).toBe(130);
    expect(error).toMatchObject({ code: 'cancelled', outcome: null, retry: 'safe' });
  });
});

test('a subscription on a terminal: dotted rows', async () => {
  await using server = await startServer(
    answer(200, {
      ...found,
      orders: [{ id: 'order-1' }, { id: 'order-2' }],
      more: { deep: [1, 2] },
    }),
  );
  const args = ['plesk', 'subscription', 'show', 'subscription-1', '--api-url', server.url];
  const { stdout } = await runOxhost(args, { env: ENV, isTTY: { stdout: true } });
  expect(stdout.split('\n').map((line) => line.replace(/\u001b\[\d+m/g, '').split(/ +/))).toEqual([
    ['subscription.id', 'subscription-1'],
    ['subscription.status', 'active'],
    ['orders.0.id', 'order-1'],
    ['orders.1.id', 'order-2'],
    ['more.deep', '[1,2]'],
    [''],
  ]);
});

test('domains in a pipe: a heading and rows', async () => {
  await using server = await startServer(
    answer(200, {
      success: true,
      data: [
        { domain: 'example.com', available: false, status: 'registered', premium: false },
        { domain: 'example.net', available: true, message: 'free\u001b[2J' },
      ],
    }),
  );
  const args = ['domain', 'check', 'example', '--suffix', 'com,net', '--api-url', server.url];
  const { stdout, exitCode } = await runOxhost(args, { env: ENV });
  expect(exitCode).toBe(0);
  expect(stdout).toBe(
    'domain\tavailable\tstatus\tpremium\tmessage\n' +
      'example.com\tfalse\tregistered\tfalse\t\nexample.net\ttrue\t\t\tfree\n',
  );
});
