import { expect, test } from 'vitest';
import { maskBody } from '../../src/api/failure-words.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { buildRequest } from '../../src/api/request.ts';
import { createTrace } from '../../src/api/trace.ts';
import { created, reply, sent } from './replies.ts';

const key = 'key-that-nobody-may-see';
const request = buildRequest('https://api.example', createClient, sent, {
  key,
  userAgent: 'oxhost/1.2.3',
});

const plainBody = (body: string) => maskBody(body, (text) => text);

/** All lines of what the callback traces; the clock gains 41.6 ms at each look. */
function traced(callback: (trace: ReturnType<typeof createTrace>) => void): string[] {
  const lines: string[] = [];
  let time = 0;
  callback(
    createTrace(
      (line) => lines.push(line),
      () => (time += 41.6),
      (text) => text,
    ),
  );
  return lines;
}

test('a request: neither key nor password', () => {
  expect(traced((trace) => trace.request(request, null))).toEqual([
    '> POST https://api.example/API/plesk/clients/create',
    '> accept: application/json',
    '> content-type: application/json',
    '> user-agent: oxhost/1.2.3',
    '> x-api-key: ********',
    '> {"name":"Example Client","login":"client1","email":"client1@example.com","password":"********"}',
  ]);
});

test('a request by proxy, and one without a body', () => {
  const { body, ...bodiless } = request;
  const lines = traced((trace) =>
    trace.request({ ...bodiless, headers: {} }, 'http://proxy.example:3128'),
  );
  expect(lines).toEqual([
    '> POST https://api.example/API/plesk/clients/create by proxy http://proxy.example:3128',
  ]);
});

test('a reply: only headers that are known to be harmless, and no secret of the body', () => {
  const headers = {
    'content-type': 'application/json',
    'retry-after': '5',
    'x-request-id': 'r1',
    'set-cookie': 'session=secret',
    'x-api-key': key,
    'x-unknown': 'secret',
    authorization: 'Bearer secret',
  };
  const body = {
    ...created,
    data: { id: 1, metadata: 'password=secret', deep: [{ ftp_password: 'secret' }] },
  };
  const lines = traced((trace) => {
    trace.request({ ...request, headers: {} }, null);
    trace.attempt(reply(200, body, { headers }));
  });
  expect(lines.slice(2)).toEqual([
    '< 200 (42 ms)',
    '< content-type: application/json',
    '< retry-after: 5',
    '< x-request-id: r1',
    '< set-cookie: ********',
    '< x-api-key: ********',
    '< x-unknown: ********',
    '< authorization: ********',
    '< {"success":true,"message":"Client created successfully","data":{"id":1,"metadata":"********","deep":[{"ftp_password":"********"}]}}',
  ]);
});

test('a reply that is not whole says why', () => {
  const lines = traced((trace) =>
    trace.attempt(reply(200, '{"password":"secr', { bodyProblem: 'the answer was cut off' })),
  );
  expect(lines.at(-1)).toBe('< the answer was cut off');
});

test.each([
  [true, 'after the request was sent'],
  [false, 'before anything was sent'],
])('a failure, sent %s', (isSent, words) => {
  const lines = traced((trace) =>
    trace.attempt({
      kind: 'failure',
      sent: isSent,
      reason: 'network',
      code: 'ECONNRESET',
      message: 'the connection was reset (ECONNRESET)',
    }),
  );
  expect(lines).toEqual([`< the connection was reset (ECONNRESET), ${words} (42 ms)`]);
});

test.each([
  ['{"metadata":"password=Made-1abc","pri', '{"metadata":"********","pri'],
  ['<br />\n{"metadata":"password=Made-1abc"}', '<br />\n{"metadata":"********"}'],
  ['{"token":"Made-1abc","token":"Made-2abc"}', '{"token":"********","token":"********"}'],
  ['password=Made-1abc&a=b', 'password=********&a=b'],
  ['{"message":"bad password=Made-1abc"}', '{"message":"bad password=********"}'],
  ['{"errors":{"password":["is too short"]}}', '{"errors":{"password":["is too short"]}}'],
  [`{"token":"${'Ab1'.repeat(9_000)}`, '{"token":"********'],
])('a body of any kind has its secrets masked: %j', (body, shown) => {
  expect(plainBody(body)).toBe(shown);
});

test('secrets in the address and in a redirect are masked', () => {
  const url = new URL('https://api.example/x?access_token=Made-1abc&note=pw%3DMade-2abc&a=b');
  const headers = { location: 'https://api.example/?token=Made-3abc' };
  const lines = traced((trace) => {
    trace.request({ ...request, url, headers: {} }, null);
    trace.attempt(reply(302, '', { headers }));
  });
  expect(lines.join('\n')).not.toContain('Made-');
  expect(lines[0]).toMatch(/&a=b$/);
  expect(lines).toContain('< location: https://api.example/?token=********');
});

test('secrets of this run are hidden before others are found by name', () => {
  const mask = (text: string) => text.replaceAll('my phrase', '***');
  expect(maskBody('{"note":"pw=my phrase","my phrase":1}', mask)).toBe(
    '{"note":"pw=********","***":1}',
  );
  expect(maskBody('Oops pw=my phrase', mask)).toBe('Oops pw=********');
});

test('what is no JSON stays as it is, JSON keeps its numbers', () => {
  expect(plainBody('<p>No</p>')).toBe('<p>No</p>');
  expect(plainBody('{"a": 12345678901234567890, "b": 9.90}')).toBe(
    '{"a":12345678901234567890,"b":9.90}',
  );
});

test('JSON that is too deep for masking does no harm', () => {
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  expect(plainBody(deep)).toBe(deep);
});
