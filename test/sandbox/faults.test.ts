import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { paths, type Started, samples, start } from './start.ts';

test.each([
  ...['', 'nonsense', 'Reset', ' reset', 'reset\n', 'constructor', 'status', 'status='],
  ...['status=199', 'status=600', 'status=5e2', 'status=500=1', 'status-after=abc', 'delay'],
  ...['delay=-1', 'delay=1.5', 'delay=3600001', 'reset=1', 'reset-after=', 'broken=x', 'html=x'],
  ...['reset@', 'reset@0', 'reset@0-', 'reset@-3', 'reset@3+', 'reset@0%', 'reset@101%'],
  ...['reset@%', 'reset@1.5', 'reset@9999999999', 'reset@1@2', 'reset@1\n'],
])('%j is refused in one sentence that says what would be right', (rule) => {
  expect(() => parseFault(rule)).toThrow(`Fault rule "${rule}" cannot be used: it is status=<200 `);
});

const withFaults = (...rules: string[]) => start({ faults: rules.map(parseFault) });

const create = (sandbox: Started, login = 'client1', signal?: AbortSignal) =>
  sandbox.send(paths.client, {
    method: 'POST',
    body: JSON.stringify({ ...samples.client, login }),
    signal: signal ?? null,
  });

/** Whether the fault before left the client behind: its login is then taken. */
const isStored = async (sandbox: Started, login = 'client1'): Promise<boolean> => {
  const { status } = await create(sandbox, login);
  expect([200, 409]).toContain(status);
  return status === 409;
};

describe('what is answered, and whether the client is stored', () => {
  const message = (status: number) => `Status ${status}, as a fault rule asked for`;
  const refused = (status: number) => ({ success: false, message: message(status) });
  const created = expect.objectContaining({ success: true, data: expect.anything() });
  test.each<[string, number, unknown, boolean, Record<string, string>?]>([
    ['status=400', 400, refused(400), false],
    ['status=502', 502, refused(502), false],
    ['status=599', 599, refused(599), false],
    ['status=429', 429, refused(429), false, { 'retry-after': '1' }],
    ['status=503', 503, refused(503), false, { 'retry-after': '1' }],
    ['status=307', 307, refused(307), false, { location: paths.client }],
    ['status=202', 202, { success: true, message: message(202) }, false],
    ['status=204', 204, '', false],
    ['status=304', 304, '', false],
    ['status-after=404', 404, refused(404), true],
    ['status-after=503', 503, refused(503), true, { 'retry-after': '1' }],
    ['status-after=201', 201, created, true],
    ['status-after=205', 205, '', true],
    ['html', 200, expect.stringMatching(/^<!DOCTYPE html>/), true],
    ['broken', 200, expect.stringMatching(/^\{"success":true,"message":.*[^}]$/), true],
    ['delay=1', 200, created, true],
  ])('%s', async (rule, status, body, stored, headers = {}) => {
    const sandbox = await withFaults(`${rule}@1`);
    const response = await create(sandbox);
    const text = await response.text();
    const isJson = text !== '' && !['html', 'broken'].includes(rule);
    expect([response.status, isJson ? JSON.parse(text) : text]).toEqual([status, body]);
    const seen = ['retry-after', 'location'].map((name) => response.headers.get(name));
    expect(seen).toEqual([headers['retry-after'] ?? null, headers['location'] ?? null]);
    expect(await isStored(sandbox)).toBe(stored);
  });

  test.each([
    ['reset@1', false],
    ['reset-after@1', true],
  ])('%s: the connection is reset', async (rule, stored) => {
    const sandbox = await withFaults(rule);
    // The operating system's ECONNRESET names the call, that of a close in good order does not.
    const failure = new Promise<string>((resolve) => {
      const options = { method: 'POST', headers: { 'x-api-key': sandbox.apiKey }, agent: false };
      const sent = request(`${sandbox.url}${paths.client}`, options);
      sent.on('response', () => resolve('answered'));
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.syscall} ${error.code}`));
      sent.end(JSON.stringify(samples.client));
    });
    expect(await failure).toBe('read ECONNRESET');
    expect(await isStored(sandbox)).toBe(stored);
  });
});

describe('delay', () => {
  test('delays and latency add up, also before the fault that replaces the answer', async () => {
    const faults = ['delay=100', 'delay=50@1', 'status=500'].map(parseFault);
    const sandbox = await start({ faults, latencyMilliseconds: 50 });
    const began = performance.now();
    expect((await create(sandbox)).status).toBe(500);
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  test('the client is stored before the wait: giving up neither undoes it nor does harm', async () => {
    const sandbox = await withFaults('delay=300@1');
    const given = create(sandbox, 'client1', AbortSignal.timeout(100));
    await expect(given).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await isStored(sandbox)).toBe(true);
    expect((await create(sandbox, 'client2')).status).toBe(200);
  });
});

describe('when', () => {
  const statuses = async (sandbox: Started, count: number) => {
    const seen: number[] = [];
    for (let index = 1; index <= count; index += 1) {
      seen.push((await create(sandbox, `client${index}`)).status);
    }
    return seen;
  };

  test('the first n, from the nth on, and the first rule that fires', async () => {
    const sandbox = await withFaults('status=500@2', 'status=501@3', 'status=502@5-');
    expect(await statuses(sandbox, 6)).toEqual([500, 500, 501, 200, 502, 502]);
  });

  test('a share is drawn anew for each rule', async () => {
    const drawn = [0.1, 0.005, 0.3, 0.9, 0.3, 0.004];
    const faults = ['status=500@30%', 'status=501@0.5%'].map(parseFault);
    const sandbox = await start({ faults, random: () => drawn.shift() ?? 1 });
    expect(await statuses(sandbox, 4)).toEqual([500, 200, 501, 200]);
  });

  test('a request refused for its key is not counted and not struck', async () => {
    const sandbox = await withFaults('status=500@1');
    for (const key of [randomUUID(), '']) {
      const response = await fetch(sandbox.url, { headers: { 'x-api-key': key } });
      expect(response.status).toBe(401);
    }
    expect(await statuses(sandbox, 2)).toEqual([500, 200]);
  });
});
