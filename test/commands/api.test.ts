import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { MemoryOutput } from '../support/memory-streams.ts';
import { runOxhost } from '../support/run.ts';
import {
  answer,
  cutBody,
  type Handler,
  hang,
  redirect,
  resetAfterReading,
  sequence,
  startServer,
} from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

const KEY = 'key-0123456789abcdef';
const ENV = { OXHOST_API_KEY: KEY };

async function api(handler: Handler, args: readonly string[], options = {}) {
  await using server = await startServer(handler);
  const all = [
    'api',
    ...args,
    '--api-url',
    server.url,
    '--timeout',
    handler === hang ? '0.5' : '60',
  ];
  const result = await runOxhost(all, { env: ENV, ...options });
  return { result, requests: server.requests, arrived: server.arrived };
}
const ok = answer(200, { success: true });

describe('the request', () => {
  test.each<[string[], string, string, string]>([
    [['/API/x'], 'GET', '/API/x', ''],
    [['API/x'], 'GET', '/API/x', ''],
    [['/API/x?a=1'], 'GET', '/API/x?a=1', ''],
    [['/API/x?a=1', '-X', 'GET', '-f', 'b=ä &='], 'GET', '/API/x?a=1&b=%C3%A4+%26%3D', ''],
    [['/API/x', '-X', 'get', '-F', 'n=1'], 'GET', '/API/x?n=1', ''],
    [['/API/x', '-f', 'a=1'], 'POST', '/API/x', '{"a":"1"}'],
    [['/API/x', '-F', 'a=1'], 'POST', '/API/x', '{"a":1}'],
    [
      ['/API/x', '-F', 'a=12345678901234567890.10'],
      'POST',
      '/API/x',
      '{"a":12345678901234567890.10}',
    ],
    [['/API/x', '-F', 'a=true', '-F', 'b=null'], 'POST', '/API/x', '{"a":true,"b":null}'],
    [['/API/x', '-F', 'a=007', '-F', 'b='], 'POST', '/API/x', '{"a":"007","b":""}'],
    [['/API/x', '-f', '__proto__=a=b'], 'POST', '/API/x', '{"__proto__":"a=b"}'],
    [['/API/x', '-X', 'POST'], 'POST', '/API/x', ''],
    [['/API/x', '-X', 'DELETE', '-f', 'a="'], 'DELETE', '/API/x', '{"a":"\\""}'],
    [['/API/x', '--method', 'PUT', '--input', '-'], 'PUT', '/API/x', ' [1, 2] '],
    [['/API/x', '--input', '-'], 'POST', '/API/x', ' [1, 2] '],
    [['/API/x', '-F', 'a=@-'], 'POST', '/API/x', '{"a":" [1, 2] "}'],
    [['/x', '-X', 'GET', '-f', 'a[]=1', '-f', 'a[]=2'], 'GET', '/x?a%5B%5D=1&a%5B%5D=2', ''],
  ])('%j', async (args, method, path, body) => {
    const { requests } = await api(ok, args, { stdin: ' [1, 2] ' });
    expect(requests).toMatchObject([{ method, path, body }]);
    const [request] = requests;
    expect(request?.headers['x-api-key']).toBe(KEY);
    expect(request?.headers['content-type']).toBe(body === '' ? undefined : 'application/json');
  });

  test('--form sends the fields, or the body, as a form', async () => {
    const form = 'application/x-www-form-urlencoded';
    const given = ['/x', '--form', '-f', 'a=ä &=', '-F', 'n=1', '-f', 'b[]=1', '-f', 'b[]=2'];
    const { requests } = await api(ok, given);
    expect(requests).toMatchObject([
      { method: 'POST', body: 'a=%C3%A4+%26%3D&n=1&b%5B%5D=1&b%5B%5D=2' },
    ]);
    expect(requests[0]?.headers['content-type']).toBe(form);
    const whole = await api(ok, ['/x', '--form', '--input', '-'], { stdin: 'a=1&a=2' });
    expect(whole.requests).toMatchObject([{ body: 'a=1&a=2' }]);
    expect(whole.requests[0]?.headers['content-type']).toBe(form);
  });

  test('@file is the text of a file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('a'), 'line\n"two"');
    const { requests } = await api(ok, ['/API/x', '-F', `a=@${folder.join('a')}`]);
    expect(requests[0]?.json).toEqual({ a: 'line\n"two"' });
  });

  test.each<[string[], RegExp]>([
    [['https://example.com/API/x'], /not an address/],
    [['//example.com/x'], /not an address/],
    [['/a/../b'], /step/],
    [['/a\\b'], /backslash/],
    [['/a\r\nX-Other: 1'], /control/],
    [['/x', '-X', 'TRACE'], /--method must be /],
    [['/x', '-X', 'GET\r\nX: y'], /--method must be /],
    [['/x', '-f', 'a'], /-f must be key=value/],
    [['/x', '-F', '=a'], /-F must be key=value/],
    [['/x', '-f', 'a=1', '-f', 'a=2'], /given twice/],
    [['/x', '-f', 'a[b]=1'], /a\[b\] has brackets.*\n.*--input/],
    [['/x', '-f', 'a[]=1'], /brackets/],
    [['/x', '-f', 'a[]'], /-f must be key=value/],
    [['/x', '--form'], /--form needs/],
    [['/x', '--form', '-X', 'GET', '-f', 'a=1'], /no body: leave out --form/],
    [['/x', '-f', 'a=1', '--input', '-'], /not both/],
    [['/x', '-X', 'GET', '--input', '-'], /no body/],
    [['/x', '-F', 'a=@-', '-F', 'b=@-'], /Only one/],
    [['/x', '-F', 'a=@/nowhere'], /cannot be read/],
    [['/x', '--json', '--fields', 'a'], /--fields/],
    [['/x', '--get', 'a'], /--get/],
    [[], /<path>/],
  ])('refused, nothing sent: %j', async (args, message) => {
    const { result, arrived } = await api(ok, args);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(arrived).toBe(0);
  });
});

describe('the answer', () => {
  const odd = '{"n": 12345678901234567890.100,\n "__proto__":"a", "t":"\u009b2Jä"} ';

  test('in a pipe byte for byte', async () => {
    expect((await api(answer(200, odd), ['/x'])).result.stdout).toBe(odd);
    expect((await api(answer(200, odd), ['/x', '--json'])).result.stdout).toBe(odd);
  });

  test('in a pipe also what is no UTF-8', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0xe4, 0x80, 0xef, 0xbb, 0xbf]);
    await using server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
    });
    const chunks: Buffer[] = [];
    class Kept extends MemoryOutput {
      override _write(chunk: Buffer, encoding: BufferEncoding, callback: () => void): void {
        chunks.push(chunk);
        super._write(chunk, encoding, callback);
      }
    }
    const stdout = new Kept();
    const args = ['api', '/x', '--api-url', server.url];
    expect((await runOxhost(args, { env: ENV, system: { stdout } })).exitCode).toBe(0);
    expect(Buffer.concat(chunks)).toEqual(bytes);
  });

  test.each([
    ['GET', 1],
    ['POST', 8],
  ])('to %s that is longer than what is read: nothing of it is shown', async (method, exitCode) => {
    const most = method === 'GET' ? 16_777_216 : 1_048_576;
    const long = answer(200, `"${'x'.repeat(most)}"`);
    const { result, requests } = await api(long, ['/x', '-X', method, '--json', '--retries', '5']);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error).toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining('the answer is longer than '),
      retry: method === 'GET' ? 'no' : 'check_first',
    });
    expect(requests).toHaveLength(1);
    const { result: text } = await api(long, ['/x', '-X', method]);
    expect(text).toMatchObject({ exitCode, stdout: '' });
    expect(text.stderr).not.toMatch(/safe to repeat/);
  });

  test('one that is cut off is not shown either', async () => {
    const { result } = await api(cutBody('{"success":true}', 5), ['/x', '--retries', '0']);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test('of 1 MB is given whole', async () => {
    const body = `"${'x'.repeat(1_048_574)}"`;
    const { result } = await api(answer(200, body), ['/x']);
    expect(result.exitCode).toBe(0);
    expect(result.stdout === body).toBe(true);
  });

  test('the documented error body is a refusal', async () => {
    const error = { error: 'Transaction not found', data: {} };
    const { result, requests } = await api(answer(200, error), ['/x', '--json']);
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('Transaction not found'),
    });
    expect(requests).toHaveLength(1);
    const { result: text } = await api(answer(200, error), ['/x', '-X', 'POST']);
    expect(text).toMatchObject({ exitCode: 5, stdout: JSON.stringify(error) });
  });

  test('on a terminal indented, nothing rounded, nothing that acts on it', async () => {
    const { result } = await api(answer(200, odd), ['/x'], { isTTY: { stdout: true } });
    expect(result.stdout).toContain('  "n": 12345678901234567890.100,\n');
    expect(result.stdout).toContain('"\\u009b2Jä"');
    const page = '<p>\u001b[2JHi</p>\r\n<p>you</p>\n';
    const { result: html } = await api(answer(200, page), ['/x'], { isTTY: { stdout: true } });
    expect(html).toMatchObject({ exitCode: 0, stdout: '<p>Hi</p>\n<p>you</p>\n' });
  });

  test('of a refusal is on stdout, or with --json in the error', async () => {
    const refusal = { success: false, message: 'No', password: 'their-secret' };
    const { result } = await api(answer(422, refusal), ['/x']);
    expect(result).toMatchObject({ exitCode: 5, stdout: JSON.stringify(refusal) });
    const { result: json } = await api(answer(422, refusal), ['/x', '--json']);
    expect(json).toMatchObject({ exitCode: 5, stdout: '' });
    expect(json.error).toMatchObject({
      http: { status: 422, body: '{"success":false,"message":"No","password":"********"}' },
    });
  });
});

test.each<[Handler, string[], number]>([
  [answer(200, 'anything'), [], 0],
  [answer(201, ''), ['-X', 'POST'], 0],
  [answer(204), ['-X', 'DELETE'], 0],
  [answer(202, {}), ['-X', 'POST'], 0],
  [answer(200, { success: false }), [], 5],
  [answer(200, { success: true, error: 'none' }), [], 0],
  [answer(200, { error: '' }), [], 0],
  [answer(200, { error: null, data: {} }), [], 0],
  [answer(200, { error: 'Already registered' }), ['-X', 'POST'], 6],
  [answer(401), [], 4],
  [answer(403, {}), ['-X', 'POST'], 4],
  [answer(403), ['-X', 'POST'], 5],
  [answer(402), ['-X', 'POST'], 5],
  [answer(404), [], 5],
  [answer(409), ['-X', 'POST'], 6],
  [redirect(307, '/'), ['-X', 'POST'], 5],
  [redirect(302, '/'), ['-X', 'POST'], 8],
  [redirect(302, '/'), [], 5],
  [answer(429), ['-X', 'POST'], 9],
  [answer(500), ['-X', 'POST'], 8],
  [answer(500), ['-X', 'PUT'], 8],
  [answer(500), [], 1],
  [resetAfterReading, ['-X', 'POST'], 8],
  [resetAfterReading, [], 7],
  [hang, ['-X', 'PATCH'], 8],
])('exit codes: %# %j', async (handler, args, exitCode) => {
  const { result, requests } = await api(handler, ['/x', ...args, '--json', '--retries', '0']);
  expect(result.exitCode).toBe(exitCode);
  expect(requests).toHaveLength(1);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is never repeated', async (method) => {
  for (const handler of [answer(429), answer(503, '', { 'retry-after': '1' }), resetAfterReading]) {
    const { result, requests } = await api(handler, ['/x', '-X', method, '--retries', '9']);
    expect(requests).toHaveLength(1);
    expect(result.pauses).toEqual([]);
  }
  const gone = await startServer();
  await gone.close();
  const args = ['api', '/x', '-X', method, '--json', '--api-url', gone.url];
  expect(await runOxhost(args, { env: ENV })).toMatchObject({ exitCode: 7, pauses: [] });
});

test('GET and HEAD are', async () => {
  for (const method of ['GET', 'HEAD']) {
    const { result, requests } = await api(sequence(answer(500), ok), ['/x', '-X', method]);
    expect(result.exitCode).toBe(0);
    expect(requests.map((request) => request.method)).toEqual([method, method]);
  }
});

test('a wait before a repeat is said to a person, and to a pipe with --debug alone', async () => {
  const wait = async (flags: string[], isTTY: boolean) => {
    const handler = sequence(answer(503, '', { 'retry-after': '2' }), ok);
    const env = { ...ENV, TERM: 'dumb' };
    return (await api(handler, ['/x', ...flags], { isTTY: { stderr: isTTY }, env })).result.stderr;
  };
  expect(await wait([], true)).toMatch(/^note: Waiting 2 s: \S.*\n$/);
  expect(await wait(['-q'], true)).toBe('');
  expect(await wait([], false)).toBe('');
  expect(await wait(['--debug'], false)).toContain('Waiting 2 s: ');
});

test.each<[number, string[], RegExp]>([
  [404, [], /^Check the path/],
  [404, ['-f', 'a=b'], /^Check the path/],
  [405, ['-f', 'a=b'], /^This path wants another method than POST, such as -X GET\.$/],
  [405, [], /^This path wants another method than GET, such as -X POST\.$/],
])('%i %j has a hint of its own', async (status, args, hint) => {
  for (const body of [{ success: false, message: 'No.' }, '']) {
    const { result } = await api(answer(status, body), ['/x', ...args, '--json']);
    expect(result.error).toMatchObject({ code: 'rejected', hint: expect.stringMatching(hint) });
  }
});

test('an error stands on a line of its own on a terminal; in a pipe data stays as it is', async () => {
  const handler = answer(404, '{"a":1}');
  const shown = await api(handler, ['/x'], { isTTY: true });
  expect(shown.result.stdout).toMatch(/\}\n$/);
  expect((await api(handler, ['/x'])).result.stdout).toBe('{"a":1}');
});

test('--debug shows no secret: not the key, not by name, not by value', async () => {
  const body = { success: true, token: 'their-token', data: { metadata: 'password=theirs' } };
  const sent = {
    ...{ a: 'b', password: 'my-own-secret' },
    ...{ user: { password: 'nested-secret' }, token: ['listed-secret'] },
  };
  const args = ['/x?api_key=in-the-query', '--debug', '--input', '-'];
  const { result } = await api(answer(200, body), args, { stdin: JSON.stringify(sent) });
  expect(result.stderr).toContain('"a":"b"');
  for (const secret of [
    KEY,
    'in-the-query',
    'my-own-secret',
    'nested-secret',
    'listed-secret',
    'their-token',
    'theirs',
  ]) {
    expect(result.stderr).not.toContain(secret);
  }
});

test('the key goes to the address of its profile and to no other', async () => {
  await using server = await startServer(ok);
  await using other = await startServer(ok);
  const login = await runOxhost(['auth', 'login', '--key-stdin', '--api-url', server.url], {
    stdin: KEY,
  });
  const env = { OXHOST_CONFIG_DIR: login.configFolder };
  expect((await runOxhost(['api', '/x'], { env })).exitCode).toBe(0);
  const refused = await runOxhost(['api', '/x', '--api-url', other.url, '--json'], { env });
  expect(refused).toMatchObject({ exitCode: 4, error: { code: 'no_api_key' } });
  expect([server.requests.length, other.connections]).toEqual([1, 0]);
});
