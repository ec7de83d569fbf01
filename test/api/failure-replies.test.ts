import { expect, test } from 'vitest';
import type { Attempt } from '../../src/api/http.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { classify } from '../../src/api/outcome.ts';
import { created, createdWith, reply, sent } from './replies.ts';

/*
 * One row for each failure reply that a Plesk provider is known or likely to send, in the words
 * that Plesk or the provider uses for it.
 */

const weak =
  'Your password is not complex enough. According to the server policy, the minimal password strength is Strong.';
const badPassword =
  'The password should be  4 - 255 characters long and should not contain the username. Do not use quotes, spaces, and national alphabetic characters in the password.';
const hidden =
  'Unable to set login or password argument: A user with username "client1" already exists.';
const no = (message: string, more: object = {}) => ({ success: false, message, ...more });
const failed = (isSent: boolean): Attempt => ({
  kind: 'failure',
  sent: isSent,
  reason: 'network',
  code: 'ECONNRESET',
  message: 'the connection was reset',
});

test.each<[string, Attempt, string, string | null]>([
  [
    '1 duplicate',
    reply(200, no("Client with login name 'x' already exists.")),
    'rejected',
    'exists',
  ],
  ['1 duplicate, 400', reply(400, no('The login is already taken.')), 'rejected', 'exists'],
  ['1 duplicate, 409', reply(409, no('Conflict')), 'rejected', 'exists'],
  ['1 duplicate, 422', reply(422, no('E-mail already in use')), 'rejected', 'exists'],
  ['1 duplicate, registered', reply(400, no('Already registered')), 'rejected', 'exists'],
  ['1 duplicate, code 1002', reply(400, no('No', { code: 1002 })), 'rejected', 'exists'],
  ['1 duplicate, code 1007', reply(400, no('No', { code: '1007' })), 'rejected', 'exists'],
  ['1 duplicate under 1019', reply(400, no(hidden, { code: 1019 })), 'rejected', 'exists'],
  [
    '1 duplicate under 2204',
    reply(200, no('The user X already exists.', { code: 2204 })),
    'rejected',
    'exists',
  ],
  ['2 weak', reply(200, no(weak)), 'rejected', 'weak_password'],
  ['2 weak, 400, code 1019', reply(400, no(weak, { code: 1019 })), 'rejected', 'weak_password'],
  ['2 weak, 422, code 1038', reply(422, no('No', { code: 1038 })), 'rejected', 'weak_password'],
  [
    '2 weak, code 2204',
    reply(400, no(`System user setting was failed. Error: ${weak}`, { code: 2204 })),
    'rejected',
    'weak_password',
  ],
  [
    '2 code 1019 and a password',
    reply(400, no('Bad password', { code: 1019 })),
    'rejected',
    'weak_password',
  ],
  [
    '2 code 1019 without a password',
    reply(400, no('Bad value', { code: 1019 })),
    'rejected',
    'refused',
  ],
  [
    '2 weak under the duplicate code',
    reply(400, no(weak, { code: 1007 })),
    'rejected',
    'weak_password',
  ],
  ['3 bad password', reply(400, no(badPassword)), 'rejected', 'refused'],
  ['3 bad password, code 2204', reply(400, no(badPassword, { code: 2204 })), 'rejected', 'refused'],
  [
    '4 validation by name',
    reply(422, no('Invalid', { errors: { login: ['is bad'] } })),
    'rejected',
    'refused',
  ],
  [
    '4 validation by list',
    reply(400, no('Invalid', { errors: [{ field: 'login', message: 'bad' }] })),
    'rejected',
    'refused',
  ],
  [
    '4 a duplicate among fields',
    reply(422, no('Invalid', { errors: { login: ['already taken'] } })),
    'rejected',
    'exists',
  ],
  ['5 key, 401', reply(401, no('Unauthorized')), 'rejected', 'auth'],
  ['5 key, 403', reply(403, { error: 'Forbidden' }), 'rejected', 'auth'],
  ['5 key invalid, 200', reply(200, no('Invalid API key')), 'rejected', 'auth'],
  ['5 key expired, 200', reply(200, no('Your API key has expired.')), 'rejected', 'auth'],
  ['5 only a plan has expired', reply(200, no('The plan has expired.')), 'rejected', 'refused'],
  ['6 IP address', reply(403, no('IP 192.0.2.1 is not in the whitelist')), 'rejected', 'auth'],
  ['7 balance, 402', reply(402, no('Payment required')), 'rejected', 'refused'],
  ['7 balance by text', reply(400, no('Insufficient balance')), 'rejected', 'refused'],
  ['8 permission, 403', reply(403, no('Scope missing')), 'rejected', 'auth'],
  [
    '8 permission, code 1006',
    reply(400, no('Permission denied', { code: 1006 })),
    'rejected',
    'refused',
  ],
  ['9 not found', reply(404, '<h1>Not Found</h1>'), 'rejected', 'refused'],
  ['9 method', reply(405, ''), 'rejected', 'refused'],
  ['9 moved, 301', reply(301, ''), 'unknown', null],
  ['9 moved, 302', reply(302, ''), 'unknown', null],
  ['9 see other, 303', reply(303, ''), 'unknown', null],
  ['9 moved, 307', reply(307, ''), 'rejected', 'redirect'],
  ['9 moved, 308', reply(308, ''), 'rejected', 'redirect'],
  ['10 throttled, JSON', reply(429, no('Slow down')), 'throttled', null],
  ['10 throttled, HTML', reply(429, '<p>error code: 1015</p>'), 'throttled', null],
  ['11 limit, code 1024', reply(400, no('Limit reached', { code: 1024 })), 'rejected', 'refused'],
  [
    '11 licence, code 1030',
    reply(200, no('License expired', { code: 1030 })),
    'rejected',
    'refused',
  ],
  ['12 server error', reply(500, no('Something broke')), 'unknown', null],
  ['12 operation failed', reply(500, no('Operation failed', { code: 1023 })), 'unknown', null],
  ['12 a duplicate under 500', reply(500, no("Client 'x' already exists.")), 'unknown', null],
  ['13 gateway, 502', reply(502, '<h1>Bad Gateway</h1>'), 'unknown', null],
  ['13 gateway, 503', reply(503, '', { headers: { 'retry-after': '5' } }), 'unknown', null],
  ['13 gateway, 504', reply(504, ''), 'unknown', null],
  ['13 gateway, 521', reply(521, ''), 'unknown', null],
  ['13 gateway, 524', reply(524, ''), 'unknown', null],
  ['14 challenge, 200', reply(200, '<title>Just a moment...</title>'), 'unknown', null],
  ['14 challenge, 403', reply(403, '<title>Just a moment...</title>'), 'rejected', 'auth'],
  [
    '14 PHP warning',
    reply(200, `<br /><b>Warning</b>: x${JSON.stringify(created)}`),
    'unknown',
    null,
  ],
  ['15 empty', reply(200, ''), 'unknown', null],
  ['15 cut', reply(200, '{"success":tr'), 'unknown', null],
  ['15 null', reply(200, 'null'), 'unknown', null],
  ['15 array', reply(200, '[]'), 'unknown', null],
  ['15 no data', reply(200, { success: true }), 'unknown', null],
  ['15 empty data', reply(200, { success: true, data: [] }), 'unknown', null],
  ['15 no success', reply(200, { data: created.data }), 'unknown', null],
  ['16 accepted', reply(202, created), 'unknown', null],
  ['16 pending', reply(200, { ...created, status: 'pending' }), 'unknown', null],
  ['17 the seen error body, 200', reply(200, { error: 'Bad' }), 'unknown', null],
  ['17 the seen error body, 400', reply(400, { error: 'x already exists' }), 'rejected', 'exists'],
  [
    '17 problem+json',
    reply(400, { title: 'Bad', detail: 'login already taken' }),
    'rejected',
    'exists',
  ],
  ['18 success "true"', reply(200, { ...created, success: 'true' }), 'done', null],
  ['18 success 1', reply(200, { ...created, success: 1 }), 'done', null],
  ['18 success "false"', reply(200, { ...created, success: 'false' }), 'rejected', 'refused'],
  ['18 success 0', reply(200, { ...created, success: 0 }), 'rejected', 'refused'],
  ['19 before sending', failed(false), 'not_sent', null],
  ['20 after sending', failed(true), 'unknown', null],
  ['21 login prefixed', reply(201, createdWith({ login: 'acct_client1' })), 'done', null],
  ['21 login of another', reply(201, createdWith({ login: 'client9' })), 'unknown', null],
])('%s', (_name, attempt, expected, reason) => {
  const outcome = classify(attempt, createClient, sent);
  expect([outcome.class, outcome.class === 'rejected' ? outcome.reason : null]).toEqual([
    expected,
    reason,
  ]);
});
