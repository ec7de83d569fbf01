import { describe, expect, test } from 'vitest';
import { paths, samples, start } from './start.ts';

const json = { 'content-type': 'application/json' };

describe('bodies', () => {
  const send = async (
    path: string,
    body: string | Uint8Array | Blob,
    headers: Record<string, string> = json,
  ) => {
    const { url, apiKey } = await start();
    const init = { method: 'POST', headers: { 'x-api-key': apiKey, ...headers }, body };
    const response = await fetch(`${url}${path}`, init);
    return [response.status, ((await response.json()) as { message: string }).message];
  };

  test.each([
    ['nothing', '', 'not valid JSON'],
    ['half of it', '{"name": "Exa', 'not valid JSON'],
    ['a form', 'name=Example&login=client1', 'not valid JSON'],
    ['an array', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['a string', '"name"', 'must be a JSON object'],
    ['deep nesting', '['.repeat(100_000), 'not valid JSON'],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'not valid UTF-8'],
  ])('%s is 400', async (_, body, message) => {
    expect(await send(paths.client, body)).toEqual([400, expect.stringContaining(message)]);
  });

  test('one byte more than 1 MiB is 413, exactly 1 MiB is not', async () => {
    const sized = (bytes: number) => {
      const rest = JSON.stringify({ ...samples.client, company: '' }).length;
      return JSON.stringify({ ...samples.client, company: 'x'.repeat(bytes - rest) });
    };
    expect(await send(paths.client, sized(1_048_576))).toEqual([200, expect.anything()]);
    expect(await send(paths.client, sized(1_048_577))).toEqual([
      413,
      'The request body is larger than 1048576 bytes',
    ]);
  });

  test('a body far too large is read to its end and refused', async () => {
    const chunk = new Uint8Array(8_000_000);
    expect((await send(paths.client, chunk))[0]).toBe(413);
    expect((await send(paths.domainOrder, chunk))[0]).toBe(413);
  });

  test.each([
    ['application/json; charset=utf-8'],
    ['text/plain'],
    // What curl and PHP send when nobody says otherwise.
    ['application/x-www-form-urlencoded'],
  ])('JSON is read whatever the Content-Type, as with %s', async (type) => {
    const body = JSON.stringify(samples.client);
    expect((await send(paths.client, body, { 'content-type': type }))[0]).toBe(200);
  });

  test('JSON is read without a Content-Type', async () => {
    const { url, apiKey } = await start();
    const body = new Blob([JSON.stringify(samples.client)]);
    const init = { method: 'POST', headers: { 'x-api-key': apiKey }, body };
    expect((await fetch(`${url}${paths.client}`, init)).status).toBe(200);
  });

  test.each([
    ['application/json', JSON.stringify(samples.domainOrder), 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
    ['', new URLSearchParams(samples.domainOrder).toString(), 415],
    ['application/x-www-form-urlencoded', JSON.stringify(samples.domainOrder), 422],
    [
      'Application/X-WWW-Form-Urlencoded; charset=UTF-8',
      new URLSearchParams(samples.domainOrder).toString(),
      200,
    ],
  ])('a domain order has to be a form: %j', async (type, body, status) => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
    expect((await send(paths.domainOrder, new Blob([body]), headers))[0]).toBe(status);
  });
});
