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

/** The exit code is that of the outcome, unless the row has another. */
type Row = [name: string, status: number, body: unknown, outcome: string];
const on200 = (outcome: string, rows: [string, unknown][]): Row[] =>
  rows.map(([name, body]) => [name, 200, body, outcome]);

const SUCCESSES: Row[] = [
  ['201', 201, created, 'created'],
  ['299', 299, created, 'created'],
  ...on200('created', [
    ['as documented', created],
    ['success "true"', { ...created, success: 'true' }],
    ['success 1', { ...created, success: 1 }],
    ['success "1"', { ...created, success: '1' }],
    ['data in an array of one', { ...created, data: [created.data] }],
    ['id null, plesk_client_id there', createdWith({ id: null })],
    ['plesk_client_id null', createdWith({ plesk_client_id: null })],
    ['login null', createdWith({ login: null })],
    ['an empty error', { ...created, error: '', errors: [] }],
    ['an active status', createdWith({ status: 'active' })],
  ]),
  ...on200('created, unusual_answer', [
    ['no plesk_client_id', createdWith({ plesk_client_id: undefined })],
    ['no id but plesk_client_id', createdWith({ id: undefined })],
    ['a byte order mark', `\ufeff${text}`],
    ['a PHP warning before it', php + text],
    ['another e-mail', createdWith({ email: 'x@example.net' })],
  ]),
  ...on200('created, login_changed', [
    ['login in other case', createdWith({ login: 'CLIENT1' })],
    ['login with something before', createdWith({ login: 'x_client1' })],
    ['login with something after', createdWith({ login: 'client1_2' })],
  ]),
  ...on200('created, error_in_success', [
    ['an error next to success', { ...created, error: 'No mail sent' }],
    ['errors next to success', { ...created, errors: ['x'] }],
  ]),
];

const UNKNOWNS: Row[] = [
  ...on200('unknown', [
    ['a PHP warning, login of another', php + JSON.stringify(createdWith({ login: 'x' }))],
    ['a PHP warning, no login', php + JSON.stringify(createdWith({ login: undefined }))],
    ['a PHP warning before a refusal', php + JSON.stringify(duplicate)],
    ['another login', createdWith({ login: 'client2' })],
    ['a mangled login', createdWith({ login: 'cli\ufffdnt1' })],
    ['no id at all', createdWith({ id: undefined, plesk_client_id: '' })],
    ['an id that is none', createdWith({ id: {}, plesk_client_id: true })],
    ['pending', { ...created, status: 'pending' }],
    ['a client being processed', createdWith({ status: ' Processing' })],
    ['failed next to success', createdWith({ status: 'Failed' })],
    ['cancelled next to success', { ...created, status: 'cancelled' }],
    ['a false success inside', createdWith({ success: false })],
    ['empty', ''],
    ['a space', ' '],
    ['null', 'null'],
    ['an array', [created]],
    ['a text', '"created"'],
    ['cut JSON', text.slice(0, -3)],
    ['something after the JSON', `${text}x`],
    ['HTML', html],
    ['HTML with JSON in it', `<script>${text}</script>`],
    ['no success', { message: 'ok', data: created.data }],
    ['success null', { ...created, success: null }],
    ['success "yes"', { ...created, success: 'yes' }],
    ['success 2', { ...created, success: 2 }],
    ['no data', { success: true }],
    ['data null', { success: true, data: null }],
    ['data of two', { ...created, data: [created.data, created.data] }],
    ['an error next to data', { ...seen, data: created.data }],
    ['an error next to an id', { ...seen, id: 1 }],
    ['the same key with two values', '{"success":true,"data":{"id":1,"id":2}}'],
    ['the id in a prototype', '{"success":true,"data":{"__proto__":{"id":1}}}'],
    ['success in a prototype', '{"__proto__":{"success":true},"data":{"id":1}}'],
    ['very deep JSON', `{"success":true,"data":${'['.repeat(9000)}`],
  ]),
  ['202', 202, created, 'unknown'],
  ['202 with a refusal', 202, duplicate, 'unknown'],
  ['204', 204, '', 'unknown'],
  ...[301, 302, 303, 304, 399, 500, 501, 502, 503, 504, 505, 511, 520, 521, 522, 524, 599].flatMap(
    (status): Row[] => [
      [`${status}`, status, html, 'unknown'],
      [`${status} with a refusal`, status, duplicate, 'unknown'],
      [`${status} with a success`, status, created, 'unknown'],
    ],
  ),
];

const REFUSALS: Row[] = [
  ...on200('refused', [
    ['success false', no('No.')],
    ['success "false"', { ...created, success: 'false' }],
    ['success 0', { ...created, success: 0 }],
    ['success "0"', { ...created, success: '0' }],
    ['the error that the pages show', seen],
    ['the same with empty data', { ...seen, data: {} }],
    ['error as an object', { error: { code: 7, message: 'No' } }],
    ['errors alone', { errors: ['No'] }],
    ['status error', { status: 'error', message: 'No' }],
    ['status fail', { status: 'fail' }],
    ['a plan that has expired', no('The plan has expired.')],
    ['licence, code 1030', no('License expired', { code: 1030 })],
  ]),
  ...[400, 402, 404, 405, 406, 407, 410, 411, 413, 414, 415, 418, 422, 423, 431, 451, 499].flatMap(
    (status): Row[] => [
      [`${status}`, status, '', 'refused'],
      [`${status} with a page`, status, html, 'refused'],
      [`${status} with a success`, status, created, 'refused'],
    ],
  ),
  ['403 with a page', 403, html, 'firewall'],
  ['403 empty', 403, '', 'firewall'],
  ['403 with a text', 403, 'Blocked', 'firewall'],
  ['307', 307, '', 'redirect'],
  ['308', 308, created, 'redirect'],
  ['a bad password', 400, no(badPassword), 'refused'],
  ['a bad password, code 2204', 400, no(badPassword, { code: 2204 }), 'refused'],
  ['a bad value, code 1019', 400, no('Bad value', { code: 1019 }), 'refused'],
  ['fields by name', 422, no('Invalid', { errors: { login: ['is bad'] } }), 'refused'],
  ['fields in a list', 400, no('No', { errors: [{ field: 'login', message: 'bad' }] }), 'refused'],
  ['balance, 400', 400, no('Insufficient balance'), 'refused'],
  ['permission, code 1006', 400, no('Permission denied', { code: 1006 }), 'refused'],
  ['limit, code 1024', 400, no('Limit reached', { code: 1024 }), 'refused'],
  ['weak', 200, no(weak), 'weak_password'],
  ['weak, code 1019', 400, no(weak, { code: 1019 }), 'weak_password'],
  ['weak, code 1038', 422, no('No', { code: 1038 }), 'weak_password'],
  ['weak, code 2204', 400, no(`System user failed. ${weak}`, { code: 2204 }), 'weak_password'],
  ['weak under the code of a duplicate', 400, no(weak, { code: 1007 }), 'weak_password'],
  ['a password, code 1019', 400, no('Bad password', { code: 1019 }), 'weak_password'],
];

const taken = (...names: string[]) =>
  no('Invalid', { errors: Object.fromEntries(names.map((name) => [name, [emailTaken]])) });

const EXISTING: Row[] = [
  ['200', 200, duplicate, 'exists'],
  ['400', 400, no('The login is already taken.'), 'exists'],
  ['404', 404, duplicate, 'exists'],
  ["Laravel's words", 422, { message: 'The login has already been taken.' }, 'exists'],
  ['its own field', 422, taken('login'), 'exists'],
  ['login and e-mail', 422, taken('email', 'login'), 'exists'],
  ['registered', 400, no('Already registered'), 'exists'],
  ['used', 400, no('This name is already used'), 'exists'],
  ['a database', 400, no("Duplicate entry 'client1' for key 'login'"), 'exists'],
  ['Slovenian', 400, no('Uporabnik že obstaja.'), 'exists'],
  ['Slovenian, taken', 400, no('Ime je zasedeno.'), 'exists'],
  ['code 1002', 400, no('No', { code: 1002 }), 'exists'],
  ['code 1007', 400, no('No', { code: '1007' }), 'exists'],
  ['under code 1019', 400, no(hidden, { code: 1019 }), 'exists'],
  ['under code 2204', 200, no('The user X already exists.', { code: 2204 }), 'exists'],
  ['in a detail', 400, { title: 'Bad', detail: 'login already taken' }, 'exists'],
  ['behind other words', 400, no('Invalid', { error: 'login already taken' }), 'exists'],
  ['the error of the pages', 400, { error: 'x already exists' }, 'exists'],
  ['409 without words', 409, '', 'exists'],
  ['409 with its own name', 409, no('Conflict'), 'exists'],
  ['409 with an empty page', 409, '<title>409 Conflict</title>', 'exists'],
  ['409 with other words', 409, no('Another operation is in progress'), 'refused'],
  ['409 with other words as a text', 409, 'Another operation is in progress', 'refused'],
  ['the e-mail, 409', 409, no(emailTaken), 'refused'],
  ['the e-mail', 422, { message: emailTaken }, 'refused'],
  ['the e-mail, in its field', 422, taken('email'), 'refused'],
  ['the e-mail, in other words', 400, no('An account with this e-mail already exists'), 'refused'],
  ['the company', 400, no('This company already exists'), 'refused'],
  ['something else already', 400, no('It is already expired'), 'refused'],
];

const OTHERS: Row[] = [
  ['401', 401, '', 'auth'],
  ['401 with a duplicate', 401, duplicate, 'auth'],
  ['403 with JSON', 403, { error: 'Forbidden' }, 'auth'],
  ['an address', 403, no('IP 192.0.2.1 is not in the whitelist'), 'auth'],
  ['a bad key, 200', 200, no('Invalid API key'), 'auth'],
  ['an expired key, 400', 400, no('Your API key has expired.'), 'auth'],
  ['a missing key, 422', 422, { error: 'Missing x-api-key header' }, 'auth'],
  ["Laravel's words, 400", 400, { message: 'Unauthenticated.' }, 'auth'],
  ...[408, 421, 425, 429].flatMap((status): Row[] => [
    [`${status}`, status, '', 'throttled'],
    [`${status} with a page`, status, '<p>error code: 1015</p>', 'throttled'],
    [`${status} with a success`, status, created, 'throttled'],
  ]),
];

/** Exit code and error code of each outcome that is no success. */
const ENDS: Readonly<Record<string, [number, string]>> = {
  refused: [5, 'rejected'],
  weak_password: [5, 'rejected'],
  firewall: [5, 'rejected'],
  redirect: [5, 'redirect_refused'],
  exists: [6, 'already_exists'],
  auth: [4, 'auth_failed'],
  throttled: [9, 'rate_limited'],
};
const unknownEnd = (status: number): [number, string] => {
  if (status >= 301 && status <= 303) return [8, 'redirect_refused'];
  return [8, status < 300 ? 'bad_response' : 'outcome_unknown'];
};

describe.each([
  ['success', SUCCESSES],
  ['unknown', UNKNOWNS],
  ['refusal', REFUSALS],
  ['already exists', EXISTING],
  ['others', OTHERS],
])('on the wire, %s', (_what, rows) => {
  test.each(rows)('%s', async (_name, status, body, expected) => {
    const headers = status >= 300 && status < 400 ? { location: 'https://elsewhere.example/' } : {};
    await using server = await startServer(answer(status, body as object | string, headers));
    const { call } = await harness(server.url, { limits: { retries: 100, maxWaitSeconds: 0 } });
    const settled = await call();
    expect(inShort(settled.outcome)).toBe(expected);
    expect([settled.attempts, server.arrived]).toEqual([1, 1]);
    if (settled.outcome.class === 'done') return;
    const report = toReport(toError(settled, context));
    expect([report.exit_code, report.code]).toEqual(ENDS[expected] ?? unknownEnd(status));
    expect(report.outcome).toBe(expected === 'unknown' ? 'unknown' : 'not_created');
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
