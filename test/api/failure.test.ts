import { describe, expect, test } from 'vitest';
import type { Settled } from '../../src/api/client.ts';
import { type FailureContext, toError } from '../../src/api/failure.ts';
import type { Failure, Reply } from '../../src/api/http.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { classify } from '../../src/api/outcome.ts';
import { asData, toReport } from '../../src/errors.ts';
import { created, reply, sent } from './replies.ts';

const context: FailureContext = {
  origin: 'https://api.example',
  operation: createClient,
  signalName: null,
  timeoutSeconds: 150,
};

function reportOf(
  attempt: Reply | Failure,
  settled: Partial<Settled> = {},
  more: Partial<FailureContext> = {},
): ReturnType<typeof asData> {
  const outcome = classify(attempt, createClient, sent);
  const attempts = attempt.kind === 'reply' || attempt.sent ? 1 : 0;
  const end = { outcome, attempts, retryAfterSeconds: null, ...settled };
  return asData(toReport(toError(end, { ...context, ...more })));
}

function failure(isSent: boolean, reason: Failure['reason'], message = 'it failed'): Failure {
  return { kind: 'failure', sent: isSent, reason, code: null, message };
}

const whole = { hint: null, fields: [], http: null, attempts: 0 };

describe('not sent', () => {
  const notSent = { ...whole, exit_code: 7, outcome: 'not_created', retry: 'safe' };
  const message =
    'The client was not created: nothing was sent to https://api.example, because it failed.';
  test.each<[Failure['reason'], string, string]>([
    [
      'network',
      'unreachable',
      'Check the address and the network. Nothing was sent, so the same command is safe to repeat.',
    ],
    [
      'timeout',
      'unreachable',
      'Check the address and the network. Nothing was sent, so the same command is safe to repeat.',
    ],
    ['proxy', 'unreachable', 'Check HTTPS_PROXY and its user name and password. Nothing was sent.'],
    [
      'malformed',
      'unreachable',
      'Nothing was sent. Please report this with the output of --debug.',
    ],
    [
      'certificate',
      'tls_failed',
      'If a proxy of your own network signs certificates, set NODE_EXTRA_CA_CERTS to its certificate file. Nothing was sent.',
    ],
  ])('%s', (reason, code, hint) => {
    expect(reportOf(failure(false, reason))).toEqual({ ...notSent, code, message, hint });
  });

  test.each([
    [null, 130],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stopped by %s', (signalName, exit_code) => {
    const stopped = { ...notSent, code: 'cancelled', exit_code };
    expect(reportOf(failure(false, 'cancelled'), {}, { signalName })).toEqual({
      ...stopped,
      message: 'Stopped before anything was sent.',
    });
    expect(reportOf(failure(false, 'cancelled'), { attempts: 2 }, { signalName })).toEqual({
      ...stopped,
      message: 'Stopped while waiting to repeat the request: the client was not created.',
      attempts: 2,
    });
  });
});

describe('unknown', () => {
  const unknown = {
    ...whole,
    code: 'outcome_unknown',
    exit_code: 8,
    outcome: 'unknown',
    retry: 'check_first',
    attempts: 1,
  };
  const http = { request_id: null, retry_after: null, body: null };

  test('no answer', () => {
    expect(reportOf(failure(true, 'network', 'the connection was reset (ECONNRESET)'))).toEqual({
      ...unknown,
      message:
        'The request was sent, but the connection was reset (ECONNRESET): the client may or may not exist.',
    });
    expect(reportOf(failure(true, 'timeout', 'no answer came in time'))).toEqual({
      ...unknown,
      message:
        'The request was sent, but no answer came within 150 seconds: the client may or may not exist.',
    });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stopped by %s', (signalName, exit_code) => {
    expect(reportOf(failure(true, 'cancelled'), {}, { signalName })).toEqual({
      ...unknown,
      code: 'cancelled',
      exit_code,
      message: 'Stopped after the request had been sent: the client may or may not exist.',
    });
  });

  test('a status that says nothing', () => {
    for (const status of [301, 302, 303, 500, 502, 503, 504, 524]) {
      expect(reportOf(reply(status, '<p>Oops</p>'))).toEqual({
        ...unknown,
        message: `The request was sent, but the server answered with status ${status}: the client may or may not exist.`,
        http: { ...http, status, body: '<p>Oops</p>' },
      });
    }
  });

  test.each<[string, Reply, string, string | null]>([
    ['empty', reply(200), 'the answer is not a JSON object', null],
    ['HTML', reply(201, '<p>Hi</p>'), 'the answer is not a JSON object', '<p>Hi</p>'],
    [
      'cut off',
      reply(200, '{"success":', { bodyProblem: 'the answer was cut off' }),
      'the answer was cut off',
      '{"success":',
    ],
    [
      'accepted',
      reply(202, created),
      'the server has accepted the request but not finished it',
      null,
    ],
    ['without success', reply(200, {}), 'the answer does not say whether it worked', null],
    [
      'without an id',
      reply(200, { success: true, data: {} }),
      'the answer cannot be used: it has no id of the client',
      null,
    ],
  ])('a success that is none: %s', (_name, answer, why, body) => {
    expect(reportOf(answer)).toEqual({
      ...unknown,
      code: 'bad_response',
      message: `The request was sent, but ${why}: the client may or may not exist.`,
      http: { ...http, status: answer.status, body },
    });
  });
});

describe('throttled', () => {
  const throttled = { ...whole, outcome: 'not_created', retry: 'safe', attempts: 3 };

  test('429', () => {
    const answer = reply(429, { success: false, message: 'Slow down.' });
    expect(reportOf(answer, { attempts: 3, retryAfterSeconds: 90 })).toEqual({
      ...throttled,
      code: 'rate_limited',
      exit_code: 9,
      message:
        'The client was not created: the server has had too many requests and asks for a pause of 90 seconds: Slow down.',
      hint: 'Repeat the command later, or allow longer waits with --max-wait.',
      http: { status: 429, request_id: null, retry_after: 90, body: null },
    });
    expect(reportOf(reply(429), { attempts: 3 }).message).toBe(
      'The client was not created: the server has had too many requests.',
    );
  });

  test.each([408, 421, 425])('%i', (status) => {
    expect(reportOf(reply(status, '<p>Later</p>'), { attempts: 3 })).toEqual({
      ...throttled,
      code: 'rejected',
      exit_code: 5,
      message: `The client was not created: the server could not take the request (status ${status}).`,
      hint: 'Nothing was created, so the same command is safe to repeat a little later.',
      http: { status, request_id: null, retry_after: null, body: '<p>Later</p>' },
    });
    expect(reportOf(reply(status), { attempts: 1, retryAfterSeconds: 1 })).toMatchObject({
      message: `The client was not created: the server could not take the request (status ${status}) and asks for a pause of 1 second.`,
      hint: 'Repeat the command later, or allow longer waits with --max-wait.',
    });
  });
});

describe('rejected', () => {
  const rejected = { ...whole, outcome: 'not_created', retry: 'after_fix', attempts: 1 };
  const http = { request_id: null, retry_after: null, body: null };
  const no = (message: string, more: object = {}) => ({ success: false, message, ...more });

  test.each<[number, string]>([
    [200, 'Mend what the server names, then repeat the command.'],
    [400, 'Mend what the server names, then repeat the command.'],
    [402, 'Top up the balance of your account, then repeat the command.'],
    [404, 'Check --api-url, OXHOST_API_URL or the address of the profile.'],
    [405, 'Check --api-url, OXHOST_API_URL or the address of the profile.'],
    [422, 'Mend what the server names, then repeat the command.'],
  ])('refused with %i', (status, hint) => {
    expect(reportOf(reply(status, no('Bad value.')))).toEqual({
      ...rejected,
      code: 'rejected',
      exit_code: 5,
      message: `The client was not created: the server refused the request (status ${status}): Bad value.`,
      hint,
      http: { ...http, status },
    });
  });

  test('fields stand for a hint', () => {
    const answer = no('Invalid.', { errors: { login: ['is bad'], email: ['is bad too'] } });
    expect(reportOf(reply(422, answer))).toEqual({
      ...rejected,
      code: 'rejected',
      exit_code: 5,
      message: 'The client was not created: the server refused the request (status 422): Invalid.',
      fields: [
        { name: 'login', message: 'is bad' },
        { name: 'email', message: 'is bad too' },
      ],
      http: { ...http, status: 422 },
    });
  });

  test('it exists', () => {
    expect(reportOf(reply(409, no('Login already exists.')))).toEqual({
      ...rejected,
      code: 'already_exists',
      exit_code: 6,
      retry: 'no',
      message: 'The client was not created: Login already exists.',
      hint: 'Choose another login, or use the client that is there.',
      http: { ...http, status: 409 },
    });
  });

  test.each([401, 403])('the key, with %i', (status) => {
    expect(reportOf(reply(status, no('Invalid API key')))).toEqual({
      ...rejected,
      code: 'auth_failed',
      exit_code: 4,
      message: `The client was not created: the server refused the key (status ${status}): Invalid API key.`,
      hint: 'Keys can expire, be bound to an IP address or lack a permission: look at the keys page of your account, then run oxhost auth login.',
      http: { ...http, status },
    });
  });

  test('the proxy wants credentials', () => {
    expect(reportOf(reply(407))).toEqual({
      ...rejected,
      code: 'rejected',
      exit_code: 5,
      message: 'The client was not created: the proxy wants a user name and password.',
      hint: 'Put them into HTTPS_PROXY or HTTP_PROXY: http://user:password@host:port.',
      http: { ...http, status: 407 },
    });
  });

  test('a weak password', () => {
    expect(reportOf(reply(400, no('Your password is not complex enough.')))).toEqual({
      ...rejected,
      code: 'rejected',
      exit_code: 5,
      message:
        'The client was not created: the password is too weak for the server: Your password is not complex enough.',
      hint: 'Use --generate-password, or a password of 16 characters or more with upper and lower case, three digits and two of !@#$%^&*?_~.',
      http: { ...http, status: 400 },
    });
  });

  test.each([307, 308])('a redirect with %i', (status) => {
    const headers = { location: 'https://elsewhere.example/' };
    expect(reportOf(reply(status, '', { headers }))).toEqual({
      ...rejected,
      code: 'redirect_refused',
      exit_code: 5,
      message: `The client was not created: https://api.example answered with a redirect (status ${status}), which is never followed, so that your key goes to no other host.`,
      hint: 'Check --api-url, OXHOST_API_URL or the address of the profile.',
      http: { ...http, status },
    });
  });
});

describe('facts of the reply', () => {
  const factsOf = (body: string, headers = {}) => reportOf(reply(500, body, { headers })).http;

  test.each(['x-request-id', 'request-id', 'cf-ray'])('%s', (name) => {
    expect(factsOf('', { [name]: 'r1' })).toMatchObject({ request_id: 'r1' });
  });

  test('a body only when it is no JSON, whole', () => {
    expect(factsOf('{"message":"No"}')?.body).toBeNull();
    expect(factsOf('<p>')?.body).toBe('<p>');
    expect(factsOf('ä'.repeat(9_000))?.body).toHaveLength(9_000);
    const cut = reply(200, '{"success":true}', { bodyProblem: 'the answer was cut off' });
    expect(reportOf(cut).http?.body).toBe('{"success":true}');
  });
});

test('a success is no failure', () => {
  expect(reportOf(reply(200, created))).toMatchObject({ code: 'internal', outcome: 'created' });
});
