import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/api/connection.ts';
import { toError } from '../../src/api/failure.ts';
import type { Attempt } from '../../src/api/http.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { classify, classifyRaw, type Outcome } from '../../src/api/outcome.ts';
import { toReport } from '../../src/errors.ts';
import { answer, startServer } from '../support/server.ts';
import { harness } from './harness.ts';
import { context, created, createdWith, reply, sent } from './replies.ts';

/** In short: the class, with the reason of a rejection or the codes of warnings. */
function inShort(outcome: Outcome): string {
  if (outcome.class === 'rejected') return outcome.reason;
  if (outcome.class !== 'done') return outcome.class;
  return ['created', ...outcome.warnings.map(({ code }) => code)].join(', ');
}

const outcomeOf = (attempt: Attempt) => inShort(classify(attempt, createClient, sent));

const html = '<!DOCTYPE html><title>Just a moment...</title>';
const text = JSON.stringify(created);
const php = '<br />\n<b>Warning</b>: Undefined variable $x in <b>/srv/a.php</b><br />\n';
const no = (message: string, more: object = {}) => ({ success: false, message, ...more });
const duplicate = no("Client with login name 'client1' already exists.");
const weak =
  'Your password is not complex enough. According to the server policy, the minimal password strength is Strong.';
const badPassword =
  'The password should be  4 - 255 characters long and should not contain the username. Do not use quotes, spaces, and national alphabetic characters in the password.';
const hidden =
  'Unable to set login or password argument: A user with username "client1" already exists.';
const emailTaken = 'The email has already been taken.';
const seen = { error: 'Transaction not found' };

/** The last two: exit code and the error's own code. */
type Row = [
  name: string,
  status: number,
  body: unknown,
  outcome: string,
  exit: number,
  code?: string,
];

const SUCCESSES: Row[] = [
  ['as documented', 200, created, 'created', 0],
  ['201', 201, created, 'created', 0],
  ['299', 299, created, 'created', 0],
  ['success "true"', 200, { ...created, success: 'true' }, 'created', 0],
  ['success 1', 200, { ...created, success: 1 }, 'created', 0],
  ['success "1"', 200, { ...created, success: '1' }, 'created', 0],
  ['data in an array of one', 200, { ...created, data: [created.data] }, 'created', 0],
  [
    'no plesk_client_id',
    200,
    createdWith({ plesk_client_id: undefined }),
    'created, unusual_answer',
    0,
  ],
  ['no id but plesk_client_id', 200, createdWith({ id: undefined }), 'created, unusual_answer', 0],
  ['id null, plesk_client_id there', 200, createdWith({ id: null }), 'created', 0],
  ['plesk_client_id null', 200, createdWith({ plesk_client_id: null }), 'created', 0],
  ['a byte order mark', 200, `\ufeff${text}`, 'created, unusual_answer', 0],
  ['a PHP warning before it', 200, php + text, 'created, unusual_answer', 0],
  ['login in other case', 200, createdWith({ login: 'CLIENT1' }), 'created, login_changed', 0],
  [
    'login with something before',
    200,
    createdWith({ login: 'x_client1' }),
    'created, login_changed',
    0,
  ],
  [
    'login with something after',
    200,
    createdWith({ login: 'client1_2' }),
    'created, login_changed',
    0,
  ],
  ['login null', 200, createdWith({ login: null }), 'created', 0],
  ['another e-mail', 200, createdWith({ email: 'x@example.net' }), 'created, unusual_answer', 0],
  [
    'an error next to success',
    200,
    { ...created, error: 'No mail sent' },
    'created, error_in_success',
    0,
  ],
  ['errors next to success', 200, { ...created, errors: ['x'] }, 'created, error_in_success', 0],
  ['an empty error', 200, { ...created, error: '', errors: [] }, 'created', 0],
  ['an active status', 200, createdWith({ status: 'active' }), 'created', 0],
];

const UNKNOWNS: Row[] = [
  [
    'a PHP warning, login of another',
    200,
    php + JSON.stringify(createdWith({ login: 'x' })),
    'unknown',
    8,
    'bad_response',
  ],
  [
    'a PHP warning, no login',
    200,
    php + JSON.stringify(createdWith({ login: undefined })),
    'unknown',
    8,
    'bad_response',
  ],
  [
    'a PHP warning before a refusal',
    200,
    php + JSON.stringify(duplicate),
    'unknown',
    8,
    'bad_response',
  ],
  ['another login', 200, createdWith({ login: 'client2' }), 'unknown', 8, 'bad_response'],
  ['a mangled login', 200, createdWith({ login: 'cli\ufffdnt1' }), 'unknown', 8, 'bad_response'],
  [
    'no id at all',
    200,
    createdWith({ id: undefined, plesk_client_id: '' }),
    'unknown',
    8,
    'bad_response',
  ],
  [
    'an id that is none',
    200,
    createdWith({ id: {}, plesk_client_id: true }),
    'unknown',
    8,
    'bad_response',
  ],
  ['pending', 200, { ...created, status: 'pending' }, 'unknown', 8, 'bad_response'],
  [
    'a client being processed',
    200,
    createdWith({ status: ' Processing' }),
    'unknown',
    8,
    'bad_response',
  ],
  ['failed next to success', 200, createdWith({ status: 'Failed' }), 'unknown', 8, 'bad_response'],
  [
    'cancelled next to success',
    200,
    { ...created, status: 'cancelled' },
    'unknown',
    8,
    'bad_response',
  ],
  ['a false success inside', 200, createdWith({ success: false }), 'unknown', 8, 'bad_response'],
  ['202', 202, created, 'unknown', 8, 'bad_response'],
  ['202 with a refusal', 202, duplicate, 'unknown', 8, 'bad_response'],
  ['204', 204, '', 'unknown', 8, 'bad_response'],
  ['empty', 200, '', 'unknown', 8, 'bad_response'],
  ['a space', 200, ' ', 'unknown', 8, 'bad_response'],
  ['null', 200, 'null', 'unknown', 8, 'bad_response'],
  ['an array', 200, [created], 'unknown', 8, 'bad_response'],
  ['a text', 200, '"created"', 'unknown', 8, 'bad_response'],
  ['cut JSON', 200, text.slice(0, -3), 'unknown', 8, 'bad_response'],
  ['something after the JSON', 200, `${text}x`, 'unknown', 8, 'bad_response'],
  ['HTML', 200, html, 'unknown', 8, 'bad_response'],
  ['HTML with JSON in it', 200, `<script>${text}</script>`, 'unknown', 8, 'bad_response'],
  ['no success', 200, { message: 'ok', data: created.data }, 'unknown', 8, 'bad_response'],
  ['success null', 200, { ...created, success: null }, 'unknown', 8, 'bad_response'],
  ['success "yes"', 200, { ...created, success: 'yes' }, 'unknown', 8, 'bad_response'],
  ['success 2', 200, { ...created, success: 2 }, 'unknown', 8, 'bad_response'],
  ['no data', 200, { success: true }, 'unknown', 8, 'bad_response'],
  ['data null', 200, { success: true, data: null }, 'unknown', 8, 'bad_response'],
  [
    'data of two',
    200,
    { ...created, data: [created.data, created.data] },
    'unknown',
    8,
    'bad_response',
  ],
  ['an error next to data', 200, { ...seen, data: created.data }, 'unknown', 8, 'bad_response'],
  ['an error next to an id', 200, { ...seen, id: 1 }, 'unknown', 8, 'bad_response'],
  [
    'the same key with two values',
    200,
    '{"success":true,"data":{"id":1,"id":2}}',
    'unknown',
    8,
    'bad_response',
  ],
  [
    'the id in a prototype',
    200,
    '{"success":true,"data":{"__proto__":{"id":1}}}',
    'unknown',
    8,
    'bad_response',
  ],
  [
    'success in a prototype',
    200,
    '{"__proto__":{"success":true},"data":{"id":1}}',
    'unknown',
    8,
    'bad_response',
  ],
  [
    'very deep JSON',
    200,
    `{"success":true,"data":${'['.repeat(9000)}`,
    'unknown',
    8,
    'bad_response',
  ],
  ...[301, 302, 303].flatMap((status): Row[] => [
    [`${status}`, status, '', 'unknown', 8, 'redirect_refused'],
    [`${status} with a success`, status, created, 'unknown', 8, 'redirect_refused'],
    [`${status} with a refusal`, status, duplicate, 'unknown', 8, 'redirect_refused'],
  ]),
  ['304', 304, '', 'unknown', 8, 'outcome_unknown'],
  ['399', 399, '', 'unknown', 8, 'outcome_unknown'],
  ...[500, 501, 502, 503, 504, 505, 511, 520, 521, 522, 524, 530, 599].flatMap((status): Row[] => [
    [`${status}`, status, html, 'unknown', 8, 'outcome_unknown'],
    [`${status} with a refusal`, status, duplicate, 'unknown', 8, 'outcome_unknown'],
    [`${status} with a success`, status, created, 'unknown', 8, 'outcome_unknown'],
  ]),
];

const REFUSALS: Row[] = [
  ['success false', 200, no('No.'), 'refused', 5],
  ['success "false"', 200, { ...created, success: 'false' }, 'refused', 5],
  ['success 0', 200, { ...created, success: 0 }, 'refused', 5],
  ['success "0"', 200, { ...created, success: '0' }, 'refused', 5],
  ['the error that the pages show', 200, seen, 'refused', 5],
  ['the same with empty data', 200, { ...seen, data: {} }, 'refused', 5],
  ['error as an object', 200, { error: { code: 7, message: 'No' } }, 'refused', 5],
  ['errors alone', 200, { errors: ['No'] }, 'refused', 5],
  ['status error', 200, { status: 'error', message: 'No' }, 'refused', 5],
  ['status fail', 200, { status: 'fail' }, 'refused', 5],
  ...[400, 402, 404, 405, 406, 410, 411, 413, 414, 415, 418, 422, 423, 431, 451, 499].flatMap(
    (status): Row[] => [
      [`${status}`, status, '', 'refused', 5],
      [`${status} with a page`, status, html, 'refused', 5],
      [`${status} with a success`, status, created, 'refused', 5],
    ],
  ),
  ['407 of the server', 407, '', 'refused', 5],
  ['403 with a page', 403, html, 'firewall', 5],
  ['403 empty', 403, '', 'firewall', 5],
  ['403 with a text', 403, 'Blocked', 'firewall', 5],
  ['307', 307, '', 'redirect', 5, 'redirect_refused'],
  ['308', 308, created, 'redirect', 5, 'redirect_refused'],
  ['a plan that has expired', 200, no('The plan has expired.'), 'refused', 5],
  ['a bad password', 400, no(badPassword), 'refused', 5],
  ['a bad password, code 2204', 400, no(badPassword, { code: 2204 }), 'refused', 5],
  ['a bad value, code 1019', 400, no('Bad value', { code: 1019 }), 'refused', 5],
  ['fields by name', 422, no('Invalid', { errors: { login: ['is bad'] } }), 'refused', 5],
  [
    'fields in a list',
    400,
    no('Invalid', { errors: [{ field: 'login', message: 'bad' }] }),
    'refused',
    5,
  ],
  ['balance, 402', 402, no('Payment required'), 'refused', 5],
  ['balance, 400', 400, no('Insufficient balance'), 'refused', 5],
  ['permission, code 1006', 400, no('Permission denied', { code: 1006 }), 'refused', 5],
  ['limit, code 1024', 400, no('Limit reached', { code: 1024 }), 'refused', 5],
  ['licence, code 1030', 200, no('License expired', { code: 1030 }), 'refused', 5],
  ['weak', 200, no(weak), 'weak_password', 5],
  ['weak, code 1019', 400, no(weak, { code: 1019 }), 'weak_password', 5],
  ['weak, code 1038', 422, no('No', { code: 1038 }), 'weak_password', 5],
  ['weak, code 2204', 400, no(`System user failed. ${weak}`, { code: 2204 }), 'weak_password', 5],
  ['weak under the code of a duplicate', 400, no(weak, { code: 1007 }), 'weak_password', 5],
  ['a password, code 1019', 400, no('Bad password', { code: 1019 }), 'weak_password', 5],
];

const EXISTING: Row[] = [
  ['200', 200, duplicate, 'exists', 6],
  ['400', 400, no('The login is already taken.'), 'exists', 6],
  ['404', 404, duplicate, 'exists', 6],
  ["Laravel's words", 422, { message: 'The login has already been taken.' }, 'exists', 6],
  [
    'its own field',
    422,
    no('Invalid', { errors: { login: ['has already been taken'] } }),
    'exists',
    6,
  ],
  [
    'login and e-mail',
    422,
    no('Invalid', { errors: { login: [emailTaken], email: [emailTaken] } }),
    'exists',
    6,
  ],
  ['registered', 400, no('Already registered'), 'exists', 6],
  ['used', 400, no('This name is already used'), 'exists', 6],
  ['a database', 400, no("Duplicate entry 'client1' for key 'login'"), 'exists', 6],
  ['Slovenian', 400, no('Uporabnik že obstaja.'), 'exists', 6],
  ['Slovenian, taken', 400, no('Ime je zasedeno.'), 'exists', 6],
  ['code 1002', 400, no('No', { code: 1002 }), 'exists', 6],
  ['code 1007', 400, no('No', { code: '1007' }), 'exists', 6],
  ['under code 1019', 400, no(hidden, { code: 1019 }), 'exists', 6],
  ['under code 2204', 200, no('The user X already exists.', { code: 2204 }), 'exists', 6],
  ['in a detail', 400, { title: 'Bad', detail: 'login already taken' }, 'exists', 6],
  ['the error of the pages', 400, { error: 'x already exists' }, 'exists', 6],
  ['409 without words', 409, '', 'exists', 6],
  ['409 with its own name', 409, no('Conflict'), 'exists', 6],
  ['409 with an empty page', 409, '<title>409 Conflict</title>', 'exists', 6],
  ['409 with other words', 409, no('Another operation is in progress'), 'refused', 5],
  ['409 with other words as a text', 409, 'Another operation is in progress', 'refused', 5],
  ['the e-mail, 409', 409, no(emailTaken), 'refused', 5],
  ['the e-mail', 422, { message: emailTaken }, 'refused', 5],
  [
    'the e-mail, in its field',
    422,
    no('Invalid', { errors: { email: ['already in use'] } }),
    'refused',
    5,
  ],
  [
    'the e-mail, in other words',
    400,
    no('An account with this e-mail address already exists'),
    'refused',
    5,
  ],
  ['the company', 400, no('This company already exists'), 'refused', 5],
  ['something else already', 400, no('It is already expired'), 'refused', 5],
];

const OTHERS: Row[] = [
  ['401', 401, '', 'auth', 4, 'auth_failed'],
  ['401 with a duplicate', 401, duplicate, 'auth', 4, 'auth_failed'],
  ['403 with JSON', 403, { error: 'Forbidden' }, 'auth', 4, 'auth_failed'],
  ['an address', 403, no('IP 192.0.2.1 is not in the whitelist'), 'auth', 4, 'auth_failed'],
  ['a bad key, 200', 200, no('Invalid API key'), 'auth', 4, 'auth_failed'],
  ['an expired key, 400', 400, no('Your API key has expired.'), 'auth', 4, 'auth_failed'],
  ['a missing key, 422', 422, { error: 'Missing x-api-key header' }, 'auth', 4, 'auth_failed'],
  ["Laravel's words, 400", 400, { message: 'Unauthenticated.' }, 'auth', 4, 'auth_failed'],
  ...[408, 421, 425, 429].flatMap((status): Row[] => [
    [`${status}`, status, '', 'throttled', 9, 'rate_limited'],
    [`${status} with a page`, status, '<p>error code: 1015</p>', 'throttled', 9, 'rate_limited'],
    [`${status} with a success`, status, created, 'throttled', 9, 'rate_limited'],
  ]),
];

describe.each([
  ['success', SUCCESSES],
  ['unknown', UNKNOWNS],
  ['refusal', REFUSALS],
  ['already exists', EXISTING],
  ['others', OTHERS],
])('on the wire, %s', (_what, rows) => {
  test.each(rows)('%s', async (_name, status, body, expected, exitCode, code) => {
    const headers = status >= 300 && status < 400 ? { location: 'https://elsewhere.example/' } : {};
    await using server = await startServer(answer(status, body as object | string, headers));
    const { call, client } = await harness(server.url, {
      limits: { retries: 100, maxWaitSeconds: 0 },
    });
    const settled = await call();
    const { outcome } = settled;
    expect(inShort(outcome)).toBe(expected);
    expect([settled.attempts, server.arrived]).toEqual([1, 1]);
    client.close();
    if (outcome.class === 'done') return;
    const report = toReport(toError(settled, context));
    expect(report.exit_code).toBe(exitCode);
    const reason = outcome.class === 'rejected' ? outcome.reason : '';
    expect(report.code).toBe(code ?? (reason === 'exists' ? 'already_exists' : 'rejected'));
    expect(report.outcome).toBe(outcome.class === 'unknown' ? 'unknown' : 'not_created');
    expect(report.message).toMatch(/^The client (?:was not created|may or may not exist): /);
  });
});

test('a body that is not whole is never believed, whatever can be read of it', () => {
  for (const body of [created, no('No.')]) {
    expect(outcomeOf(reply(200, body, { bodyProblem: 'the answer was cut off' }))).toBe('unknown');
  }
});

test.each([0, 100, 101, 199, 600, 999])('%i: unknown', (status) => {
  expect(outcomeOf(reply(status, created))).toBe('unknown');
});

describe('no reply', () => {
  const failure = (isSent: boolean, reason: Failure['reason']): Failure => ({
    ...{ kind: 'failure', sent: isSent, reason, code: null, message: 'it failed' },
  });
  test.each(['certificate', 'proxy', 'network', 'timeout', 'cancelled', 'malformed'] as const)(
    '%s before sending: not_sent; after it: unknown',
    (reason) => {
      expect(outcomeOf(failure(false, reason))).toBe('not_sent');
      expect(classify(failure(true, reason), createClient, sent)).toEqual({
        ...{ class: 'unknown', why: 'it failed', reply: null, cancelled: reason === 'cancelled' },
      });
    },
  );
});

test('an e-mail that is taken is a refusal of that field', () => {
  const outcome = classify(reply(422, { message: emailTaken }), createClient, sent);
  expect(outcome).toMatchObject({ refusal: { fields: [{ name: 'email', message: emailTaken }] } });
});

describe('the result of a create', () => {
  const resultOf = (body: unknown) => {
    const outcome = classify(reply(200, body), createClient, sent);
    return outcome.class === 'done' ? outcome.result : outcome;
  };

  test.each<[unknown, string]>([
    ['client123', 'client123'],
    ['0017', '0017'],
    [123, '123'],
    [0, '0'],
    [9007199254740991, '9007199254740991'],
  ])('id %j: the text %s', (id, expected) => {
    expect(resultOf(createdWith({ id, plesk_client_id: id }))).toMatchObject({
      ...{ id: expected, plesk_client_id: expected },
    });
  });

  test('a number that no double holds is not rounded', () => {
    const body = text.replace('"client123"', '12345678901234567890');
    expect(resultOf(body)).toMatchObject({ id: '12345678901234567890' });
  });

  test('has the documented fields first, then the others, less ids that are null', () => {
    const { id, ...rest } = created.data;
    const data = { zone: { a: [1] }, company: '', ...rest, plesk_client_id: null, id };
    expect(Object.entries(resultOf({ ...created, data }))).toEqual([
      ['id', 'client123'],
      ['name', 'Example Client'],
      ['login', 'client1'],
      ['email', 'client1@example.com'],
      ['company', ''],
      ['zone', { a: [1] }],
    ]);
  });

  test('takes __proto__ for a name like any other', () => {
    const result = resultOf(
      '{"success":true,"data":{"id":1,"__proto__":{"bad":1},"toString":"x"}}',
    );
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(['id', '__proto__', 'toString']);
    expect(({} as { bad?: unknown }).bad).toBeUndefined();
  });

  test('its ids are known to history', () => {
    expect(createClient.ids(created.data)).toEqual({
      client_id: 'client123',
      plesk_client_id: '123',
    });
  });
});

test('warnings quote both values', () => {
  const odd = createdWith({ login: 'acct_client1', email: 'x@example.net' });
  expect(classify(reply(200, { ...odd, error: 'No mail.' }), createClient, sent)).toMatchObject({
    warnings: [
      {
        code: 'login_changed',
        message:
          'The server changed the login client1 to acct_client1; acct_client1 is the one to keep.',
      },
      {
        code: 'unusual_answer',
        message:
          'The answer is not as documented: email is "x@example.net", but "client1@example.com" was sent.',
      },
      { code: 'error_in_success', message: expect.stringContaining('"No mail."') },
    ],
  });
});

test.each<[number, unknown, string]>([
  [200, 'anything', 'created'],
  [202, {}, 'created'],
  [204, '', 'created'],
  [200, { success: false }, 'refused'],
  [200, { error: 'No', data: { a: 1 } }, 'refused'],
  [404, 'anything', 'refused'],
  [500, { success: true }, 'unknown'],
])('a raw call answered with %i %j: %s', (status, body, expected) => {
  expect(inShort(classifyRaw(reply(status, body), createClient))).toBe(expected);
});
