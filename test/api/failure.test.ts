import { describe, expect, test } from 'vitest';
import type { Settled } from '../../src/api/client.ts';
import type { Failure } from '../../src/api/connection.ts';
import { NO_ANSWER } from '../../src/api/connection.ts';
import { toError } from '../../src/api/failure.ts';
import type { FailureContext } from '../../src/api/failure-words.ts';
import type { Reply } from '../../src/api/http.ts';
import type { Operation } from '../../src/api/operation.ts';
import { setNotification } from '../../src/api/operations/account.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { createOrder, showSubscription } from '../../src/api/operations/hosting.ts';
import { classify } from '../../src/api/outcome.ts';
import { type ErrorReport, toReport } from '../../src/errors.ts';
import { context, created, reply, sent } from './replies.ts';

function reportOf(
  attempt: Reply | Failure,
  { operation = createClient, ...more }: Partial<FailureContext & Settled> = {},
): ErrorReport {
  const outcome = classify(attempt, operation, sent);
  const attempts = attempt.kind === 'reply' || attempt.sent ? 1 : 0;
  const settled = { outcome, attempts, retryAfterSeconds: null, ...more };
  return toReport(toError(settled, { ...context, operation, ...more }));
}

const failure = (isSent: boolean, reason: Failure['reason'], message = 'it failed'): Failure => ({
  ...{ kind: 'failure', sent: isSent, reason, code: null, message },
});
const no = (message: string, more: object = {}) => ({ success: false, message, ...more });
const TITLE = 'Access denied | example';
const page = `<html><head><title>${TITLE}</title></head><p>Ray 1</p></html>`;

describe('not sent', () => {
  test.each<[Partial<Failure>, string, string]>([
    [
      { reason: 'network' },
      'unreachable',
      'Check the address and the network. Nothing was sent, so',
    ],
    [{ reason: 'timeout', hint: 'Do this.' }, 'unreachable', 'Do this.'],
    [{ reason: 'certificate', hint: 'Check the clock.' }, 'tls_failed', 'Check the clock.'],
  ])('%j', (more, code, hint) => {
    const attempt = { ...failure(false, 'network'), ...more };
    expect(reportOf(attempt)).toMatchObject({
      ...{ code, exit_code: 7, outcome: 'not_created', retry: 'safe', attempts: 0, http: null },
      message:
        'The client was not created: nothing was sent to https://api.example, because it failed.',
      hint: expect.stringContaining(hint),
    });
  });

  test('by proxy', () => {
    const attempt = { ...failure(false, 'network'), proxy: 'http://proxy.example:3128' };
    expect(reportOf(attempt)).toMatchObject({
      message: expect.stringMatching(
        /because the proxy http:\S+:3128 could not be reached, since it failed\.$/,
      ),
      hint: expect.stringMatching(/^Check HTTPS_PROXY, ALL_PROXY and NO_PROXY\./),
    });
  });

  test.each([
    [null, 130],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stopped by %s', (signalName, exit_code) => {
    const cancelled = { code: 'cancelled', exit_code, outcome: 'not_created', retry: 'safe' };
    expect(reportOf(failure(false, 'cancelled'), { signalName })).toMatchObject({
      ...{
        ...cancelled,
        message: 'The client was not created: the command was stopped before anything was sent.',
      },
    });
    expect(reportOf(failure(false, 'cancelled'), { signalName, attempts: 2 })).toMatchObject({
      ...{ ...cancelled, attempts: 2 },
      message:
        'The client was not created: the command was stopped while it waited to repeat the request.',
    });
    expect(reportOf(failure(true, 'cancelled'), { signalName })).toMatchObject({
      ...{ code: 'cancelled', exit_code, outcome: 'unknown', retry: 'check_first' },
      message:
        'The client may or may not exist: the command was stopped after the request had been sent.',
    });
  });
});

const odd = '{"success":"yes","client":{"id":"c-77"}}';
const cut = '{"success":true,"data":{"id":77,';
const ANSWERED = 'the request was sent, but the server answered with status';
const MOVED = { location: 'https://www.api.example/API' };
const REDIRECTED =
  'https://api.example answered with a redirect to https://www.api.example/API (status 301), which is never followed, so that your key goes to no other host';

/** Why, and the line `answer` where it is not the body. */
test.each<[string, Reply | Failure, string, string?]>([
  ['a reset', failure(true, 'network', 'it was reset'), 'the request was sent, but it was reset'],
  [
    'silence',
    failure(true, 'timeout', NO_ANSWER),
    'the request was sent, but no answer came within 150 seconds',
  ],
  ['a page', reply(502, page), `${ANSWERED} 502 and says "${TITLE}"`, TITLE],
  ['JSON', reply(500, no('Something broke.')), `${ANSWERED} 500 and says "Something broke"`],
  ['nothing', reply(504), `${ANSWERED} 504`],
  [
    'an id',
    reply(200, odd),
    'the request was sent, but the answer does not say whether it worked; the answer names the id c-77',
  ],
  [
    'a cut id',
    reply(200, cut, { bodyProblem: 'it was cut off' }),
    `the request was sent, but it was cut off and says "${cut}"; the answer names the id 77`,
  ],
  ['a redirect', reply(301, '', { headers: MOVED }), REDIRECTED],
])('unknown: %s', (_name, attempt, why, line) => {
  const report = reportOf(attempt);
  const body = attempt.kind === 'reply' && attempt.body !== '' ? attempt.body : null;
  const end = { exit_code: 8, outcome: 'unknown', retry: 'check_first' };
  expect(report).toMatchObject({ ...end, answer: line ?? body });
  expect(report.message).toBe(`The client may or may not exist: ${why}.`);
  expect(report.http?.body ?? null).toBe(body);
});

const TOP_UP = 'Top up the balance';
const ADDRESS = 'Check the address';
const FIREWALL = 'a firewall in front of the server refused this request (status 403)';

/** Status, body, why (less the server's words), the beginning of the hint, the line `answer`. */
test.each<[number, unknown, string, (string | undefined)?, string?]>([
  [400, no('Bad value.'), 'the server refused it (status 400)'],
  [200, { error: 'Bad' }, 'the server refused it (status 200)'],
  [400, '', 'the server refused it (status 400)'],
  [400, {}, 'the server refused it (status 400)', undefined, '{}'],
  [402, no('Pay.'), 'the server refused it (status 402)', TOP_UP],
  [400, no('Insufficient balance'), 'the server refused it (status 400)', TOP_UP],
  [404, no('No such reseller'), 'the server refused it (status 404)'],
  [404, '', 'the server refused it (status 404)', ADDRESS],
  [404, page, 'the server refused it (status 404)', ADDRESS],
  [405, no('Not allowed'), 'the server refused it (status 405)'],
  [409, '', 'it exists already', 'Choose another login'],
  [401, no('Invalid API key'), 'the server refused the key (status 401)', 'Keys can expire'],
  [403, page, FIREWALL, 'It did not reach the API, so nobody judged the key'],
  [403, '<p>Ray 1</p>', FIREWALL, 'It did not reach the API, so nobody judged the key', 'Ray 1'],
  [400, no('Password too weak'), 'the password is too weak for the server', 'Use --generate-'],
  [429, no('Slow down.'), 'the server has had too many requests', 'Repeat the command later'],
  [425, '', 'the server could not take the request now (status 425)', 'Repeat the command later'],
])('%i %j', (status, body, why, hint, answer) => {
  const report = reportOf(reply(status, body as string));
  const { message = '', error = body === page ? TITLE : '' } = Object(body);
  const words = `${message}${error}`.replace(/\.$/, '');
  const said = words === '' ? '' : ` and says "${words}"`;
  expect(report).toMatchObject({ outcome: 'not_created', attempts: 1, answer: answer ?? null });
  expect(report.message).toBe(`The client was not created: ${why}${said}.`);
  expect(report.hint).toEqual(hint === undefined ? null : expect.stringContaining(hint));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  expect(report.http).toMatchObject({ status, body: text === '' ? null : text });
});

test('a duplicate, and a redirect that is certain', () => {
  const duplicate = reportOf(reply(400, no('Login already exists.')));
  expect(duplicate.message).toBe(
    'The client was not created: it exists already, the server says "Login already exists".',
  );
  const redirect = reportOf(reply(307, '', { headers: MOVED }));
  expect(redirect.message).toBe(`The client was not created: ${REDIRECTED.replace('301', '307')}.`);
  expect(redirect).toMatchObject({ exit_code: 5, hint: expect.stringContaining(ADDRESS) });
});

test('fields stand for a hint', () => {
  const answer = no('Invalid.', { errors: { login: ['is bad'], email: ['is bad too'] } });
  expect(reportOf(reply(422, answer))).toMatchObject({
    hint: null,
    fields: [
      { name: 'login', message: 'is bad' },
      { name: 'email', message: 'is bad too' },
    ],
  });
});

test('a 404 with words may be about an id', () => {
  const hint = 'Check the ids (--plan, --client), then repeat the command.';
  expect(reportOf(reply(404, no('Not there')), { operation: createOrder }).hint).toBe(hint);
  const read = reportOf(reply(404, no('Not there')), { operation: showSubscription });
  expect(read.hint).toBe('Check the id (<id>), then repeat the command.');
});

test('a pause that is asked for is said', () => {
  const report = reportOf(reply(429), { retryAfterSeconds: 90 });
  expect(report.message).toMatch(/too many requests and asks for a pause of 90 seconds\.$/);
  expect(report.http).toMatchObject({ retry_after: 90 });
});

describe('a read', () => {
  const operation: Operation = showSubscription;
  test.each<[string, Reply | Failure, object]>([
    [
      'no answer',
      failure(true, 'timeout', 'no answer came in time'),
      {
        code: 'unreachable',
        exit_code: 7,
        retry: 'safe',
        message: 'The subscription was not read: no answer came within 150 seconds.',
      },
    ],
    [
      '5xx',
      reply(503, page),
      {
        code: 'bad_response',
        exit_code: 1,
        retry: 'safe',
        message:
          'The subscription was not read: the server answered with status 503 and says "Access denied | example".',
      },
    ],
    ['a page', reply(200, page), { code: 'bad_response', exit_code: 1, retry: 'no' }],
    ['an array', reply(200, []), { code: 'bad_response', exit_code: 1, answer: '[]' }],
    ['a redirect', reply(302), { code: 'redirect_refused', exit_code: 5 }],
    ['an error', reply(200, { error: 'No', data: { a: 1 } }), { code: 'rejected', exit_code: 5 }],
    [
      'stopped',
      failure(true, 'cancelled'),
      {
        code: 'cancelled',
        exit_code: 130,
        message: 'The subscription was not read: the command was stopped.',
      },
    ],
  ])('%s: nothing is in doubt', (_name, attempt, expected) => {
    expect(reportOf(attempt, { operation })).toMatchObject({ ...expected, outcome: null });
  });
});

test('a setting is neither created nor bought', () => {
  const report = reportOf(reply(500), { operation: setNotification });
  expect(report).toMatchObject({ exit_code: 8, outcome: null, retry: 'check_first' });
});

describe('what the server said', () => {
  const secret = 'Made-1abcdef';
  const mask = (text: string) => text.replaceAll(secret, '********');
  test.each<[string, Reply]>([
    ['words', reply(500, no(`bad ${secret}`))],
    ['far along', reply(500, no(`${'x'.repeat(992)} ${secret} y`))],
    ['at the end of the body', reply(500, `<p>${'x'.repeat(2_036)}${secret}</p>`)],
    ['at the end of the line', reply(500, `{"a":"${'x'.repeat(188)}${secret}"}`)],
    ['a field', reply(422, no('No', { errors: { login: [`${'x'.repeat(995)}${secret}`] } }))],
    ['a redirect', reply(302, '', { headers: { location: `https://x.example/${secret}` } })],
  ])('%s: masked before it is cut', (_name, attempt) => {
    const text = JSON.stringify(reportOf(attempt, { mask }));
    expect(text).not.toContain(secret.slice(0, 4));
  });

  test('is masked by name', () => {
    const { http, answer } = reportOf(reply(500, { token: secret, a: `password=${secret}` }));
    expect(`${http?.body} ${answer}`).not.toContain(secret);
  });

  test('is cut', () => {
    const report = reportOf(reply(500, no('ä'.repeat(9_000))));
    expect(Buffer.byteLength(report.http?.body ?? '')).toBeLessThanOrEqual(2_048);
    expect(report.answer).toHaveLength(200);
    expect(report.message.length).toBeLessThan(1_200);
  });

  test.each(['x-request-id', 'request-id', 'cf-ray'])('%s', (name) => {
    const headers = { [name]: 'r'.repeat(9_000) };
    expect(reportOf(reply(500, '', { headers })).http?.request_id).toHaveLength(100);
  });
});

test('a success is no failure', () => {
  expect(reportOf(reply(200, created))).toMatchObject({ code: 'internal', outcome: 'created' });
});
