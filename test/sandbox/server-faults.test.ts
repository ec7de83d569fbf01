import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { paths, type Started, samples, start } from './start.ts';

const withFaults = (...rules: string[]) => start({ faults: rules.map(parseFault) });

const create = (sandbox: Started, login = 'client1') =>
  fetch(`${sandbox.url}${paths.client}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-api-key': sandbox.apiKey },
    body: JSON.stringify({ ...samples.client, login }),
  });

/** Whether the fault before left the client behind: its login is then taken. */
const isStored = async (sandbox: Started, login = 'client1'): Promise<boolean> => {
  const { status } = await create(sandbox, login);
  expect([200, 409]).toContain(status);
  return status === 409;
};

/**
 * The error of a request on a connection of its own. The operating system's ECONNRESET names the
 * system call, that of a connection closed in good order does not.
 */
const failure = (sandbox: Started): Promise<string> =>
  new Promise((resolve) => {
    const sent = request(`${sandbox.url}${paths.client}`, {
      method: 'POST',
      headers: { 'x-api-key': sandbox.apiKey },
      agent: false,
    });
    sent.on('response', () => resolve('answered'));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.syscall} ${error.code}`));
    sent.end(JSON.stringify(samples.client));
  });

describe('status', () => {
  test.each([400, 403, 500, 502, 599])('%d is answered, nothing is stored', async (status) => {
    const sandbox = await withFaults(`status=${status}@1`);
    const response = await create(sandbox);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toEqual({
      success: false,
      message: `Status ${status}, as a fault rule asked for`,
    });
    expect(await isStored(sandbox)).toBe(false);
  });

  test.each(['status=429', 'status=503', 'status-after=429', 'status-after=503'])(
    '%s says when to come again',
    async (rule) => {
      const response = await create(await withFaults(rule));
      expect(response.headers.get('retry-after')).toBe('1');
    },
  );

  test.each([301, 302, 303, 307, 308])('%d points to where the request went', async (status) => {
    const response = await create(await withFaults(`status=${status}`));
    expect([response.status, response.headers.get('location')]).toEqual([status, paths.client]);
  });

  test.each([204, 205, 304])('%d has no body', async (status) => {
    const sandbox = await withFaults(`status=${status}@1`, `status-after=${status}@2`);
    for (const login of ['client1', 'client2']) {
      const response = await create(sandbox, login);
      expect([response.status, await response.text()]).toEqual([status, '']);
    }
    expect(await isStored(sandbox, 'client1')).toBe(false);
    expect(await isStored(sandbox, 'client2')).toBe(true);
  });

  test('202 claims success without data', async () => {
    const sandbox = await withFaults('status=202@1');
    const response = await create(sandbox);
    expect([response.status, await response.json()]).toEqual([
      202,
      { success: true, message: 'Status 202, as a fault rule asked for' },
    ]);
    expect(await isStored(sandbox)).toBe(false);
  });
});

describe('status-after', () => {
  test.each([404, 502])('%d is answered although the client was stored', async (status) => {
    const sandbox = await withFaults(`status-after=${status}@1`);
    const response = await create(sandbox);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false });
    expect(await isStored(sandbox)).toBe(true);
  });

  test('201 carries the real answer', async () => {
    const sandbox = await withFaults('status-after=201@1');
    const response = await create(sandbox);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ success: true, data: { login: 'client1' } });
    expect(await isStored(sandbox)).toBe(true);
  });
});

describe('reset', () => {
  test('the connection is reset and nothing is stored', async () => {
    const sandbox = await withFaults('reset@1');
    expect(await failure(sandbox)).toBe('read ECONNRESET');
    expect(await isStored(sandbox)).toBe(false);
  });

  test('reset-after: the connection is reset and the client is stored', async () => {
    const sandbox = await withFaults('reset-after@1');
    expect(await failure(sandbox)).toBe('read ECONNRESET');
    expect(await isStored(sandbox)).toBe(true);
  });
});

describe('delay', () => {
  test('the answer is the normal one, later', async () => {
    const sandbox = await withFaults('delay=100', 'delay=100@1');
    const begin = performance.now();
    const response = await create(sandbox);
    expect(performance.now() - begin).toBeGreaterThan(190);
    expect(response.status).toBe(200);
  });

  test('the client is stored before the wait, so that giving up does not undo it', async () => {
    const sandbox = await withFaults('delay=60000@1');
    const given = fetch(`${sandbox.url}${paths.client}`, {
      method: 'POST',
      headers: { 'x-api-key': sandbox.apiKey },
      body: JSON.stringify(samples.client),
      signal: AbortSignal.timeout(200),
    });
    await expect(given).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await isStored(sandbox)).toBe(true);
  });

  test('combines with the fault that replaces the answer', async () => {
    const sandbox = await withFaults('delay=100', 'status=500');
    const begin = performance.now();
    expect((await create(sandbox)).status).toBe(500);
    expect(performance.now() - begin).toBeGreaterThan(90);
  });

  test('a client that went away before its late answer does no harm', async () => {
    const sandbox = await withFaults('delay=150@1');
    const init = { headers: { 'x-api-key': sandbox.apiKey }, signal: AbortSignal.timeout(50) };
    await expect(fetch(sandbox.url, init)).rejects.toMatchObject({ name: 'TimeoutError' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await isStored(sandbox)).toBe(false);
  });
});

describe('broken and html', () => {
  test('broken: 200 with a whole message whose JSON is cut, and the client is stored', async () => {
    const sandbox = await withFaults('broken@1');
    const response = await create(sandbox);
    const body = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json',
    ]);
    expect(Number(response.headers.get('content-length'))).toBe(body.length);
    expect(body).toMatch(/^\{"success":true,"message":/);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
    expect(await isStored(sandbox)).toBe(true);
  });

  test('html: 200 with a page, and the client is stored', async () => {
    const sandbox = await withFaults('html@1');
    const response = await create(sandbox);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
    expect(await isStored(sandbox)).toBe(true);
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

  test('a share is drawn from the source given', async () => {
    const drawn = [0.1, 0.29, 0.3, 0.9, 0];
    const faults = [parseFault('status=500@30%')];
    const sandbox = await start({ faults, random: () => drawn.shift() ?? 1 });
    expect(await statuses(sandbox, 5)).toEqual([500, 500, 200, 200, 500]);
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
