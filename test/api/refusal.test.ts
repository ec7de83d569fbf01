import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusedFields } from '../../src/api/failure-words.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { checkDomain, orderDomain } from '../../src/api/operations/domains.ts';
import { createOrder, renewOrder } from '../../src/api/operations/hosting.ts';
import { readRefusal, saidBy } from '../../src/api/refusal.ts';
import { reply } from './replies.ts';

const read = (body: unknown, operation = createClient) =>
  readRefusal(reply(400, typeof body === 'string' ? body : JSON.stringify(body)), operation);

describe('where the words are', () => {
  test.each<[unknown, string | null]>([
    [{ success: false, message: 'No.' }, 'No.'],
    [{ error: 'No.' }, 'No.'],
    [{ error: { code: 'E7', message: 'No.' } }, 'No.'],
    [{ code: 7, message: 'No.' }, 'No.'],
    [{ title: 'Bad Request', detail: 'No.' }, 'No.'],
    [{ title: 'Bad Request' }, 'Bad Request'],
    [{ details: 'No.' }, 'No.'],
    [{ errors: ['No.', 'Never.'] }, 'No.; Never.'],
    [{ errors: [{ message: 'No.' }, { detail: 'Never.' }] }, 'No.; Never.'],
    [{ errors: { login: ['No.'], name: 'Never.' } }, 'No.; Never.'],
    [{ message: { login: ['No.'], name: 'Never.' } }, 'No.; Never.'],
    [{ message: 'First', error: 'Second', detail: 'Third' }, 'First'],
    [{ message: ' \n', error: 'No.' }, 'No.'],
    [{ message: 5, error: 'No.' }, 'No.'],
    [{ message: [[['No.']]] }, null],
    [{ error: null, errors: [null, 5, {}] }, null],
    [{}, null],
    ['"No."', 'No.'],
    ['Try later', 'Try later'],
    ['\ufeff{"message":"No."}', 'No.'],
    ['<html><title>Just a &amp; moment…</title><p>x</p>', 'Just a & moment…'],
    ['<p>No title</p>', null],
    ['', null],
    ['[]', null],
    ['5', null],
  ])('%j: %j', (body, words) => {
    expect(read(body).message).toBe(words);
  });

  test('of a page without a title there is still its text', () => {
    const said = saidBy(reply(403, '<style>p{}</style><h1>Blocked</h1>\n<p>by rule&nbsp;7</p>'));
    expect(said).toMatchObject({ words: null, text: 'Blocked by rule 7' });
  });
});

test.each<[unknown, string | null]>([
  [{ code: 1007 }, '1007'],
  [{ error: { code: '1007' } }, '1007'],
  [{ errcode: 1007 }, '1007'],
  [{ error_code: 1007 }, '1007'],
  [{ code: { value: 1007 } }, null],
  [{ status: 1007 }, null],
])('the code in %j', (body, code) => {
  expect(read(body)).toMatchObject({ code });
});

test.each<[unknown, [string, string][]]>([
  [{ errors: { login: ['is bad', 'is long'] } }, [['login', 'is bad; is long']]],
  [
    { errors: { login: 'bad', email: ['bad'] } },
    [
      ['login', 'bad'],
      ['email', 'bad'],
    ],
  ],
  [{ errors: { login: { message: 'is bad' } } }, [['login', 'is bad']]],
  [{ errors: [{ field: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
  [{ errors: [{ param: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
  [{ errors: [{ path: 'login', detail: 'is bad' }] }, [['login', 'is bad']]],
  [{ errors: [{ source: { parameter: 'login' }, detail: 'bad' }] }, [['login', 'bad']]],
  [{ errors: [{ source: { pointer: '/data/login' }, detail: 'bad' }] }, [['login', 'bad']]],
  [{ details: { login: ['is bad'] } }, [['login', 'is bad']]],
  [{ errors: { __proto__x: ['bad'], login: 5, email: [] } }, [['__proto__x', 'bad']]],
  [{ errors: [{ field: 5, message: 'bad' }, 'bad', { message: 'bad' }] }, []],
])('the fields in %j', (body, fields) => {
  expect(read(body).fields.map(({ name, message }) => [name, message])).toEqual(fields);
});

test.each([
  ['login', { name: 'login' }],
  ['ftp_password', { name: 'ftp-password' }],
  ['data.client_id', { name: 'client' }],
  ['order/plan_id', { name: 'plan' }],
  ['captcha', { name: 'captcha', isOption: false }],
  ['constructor', { name: 'constructor', isOption: false }],
])('the field %s has the name of its flag', (name, expected) => {
  const operation = name === 'login' ? createClient : createOrder;
  const refusal = read({ errors: { [name]: ['is bad'] } }, operation);
  const shown = refusedFields(operation, refusal, (text) => text);
  expect(shown).toEqual([{ ...expected, message: 'is bad' }]);
});

test('an operand has its own name, and is no option', () => {
  const refusal = read({ errors: { subscription_id: ['No'] } }, renewOrder);
  expect(refusedFields(renewOrder, refusal, (text) => text)).toEqual([
    { name: 'subscription', message: 'No', isOption: false },
  ]);
});

test.each([
  [createOrder, 'The domain name already exists.', 'exists', []],
  [createOrder, 'This FTP login is already in use', 'exists', []],
  [orderDomain, 'Domain already registered', 'exists', []],
  [checkDomain, 'Unknown suffixes', null, []],
] as const)('%# exists: %j', (operation, message, says, fields) => {
  expect(read({ message }, operation)).toMatchObject({ says, fields });
});

test.each<[string, boolean]>([
  ['Invalid API key', true],
  ['invalid or expired api_key', true],
  ['API key is not valid', true],
  ['No API key provided', true],
  ['Unauthenticated.', true],
  ['Invalid e-mail address', false],
  ['The domain has expired', false],
  ['Invalid login. See the page about the API key', false],
  ['API key accepted', false],
])('a bad key: %s', (message, expected) => {
  expect(read({ message }).says === 'bad_key').toBe(expected);
});

test('any JSON is read without an exception into texts', () => {
  const value = fc.anything({
    key: fc.oneof(
      fc.constantFrom('message', 'error', 'errors', 'detail', 'details', 'title', 'code', 'source'),
      fc.constantFrom('field', '__proto__', 'constructor', 'pointer', 'toString', 'length'),
    ),
    values: [fc.string(), fc.constantFrom('already exists', ' '), fc.double(), fc.constant(null)],
    maxDepth: 4,
  });
  fc.assert(
    fc.property(value, (answer) => {
      const { message, code, fields } = read(JSON.stringify(answer) ?? 'null');
      expect(message === null || message.trim() !== '').toBe(true);
      expect(code === null || typeof code === 'string').toBe(true);
      for (const field of fields)
        expect(typeof field.name + typeof field.message).toBe('stringstring');
    }),
    { numRuns: 500 },
  );
});

test('a page of a megabyte takes no time', () => {
  const began = performance.now();
  saidBy(reply(502, `<p ${'<a '.repeat(300_000)}`));
  saidBy(reply(502, '<script>'.repeat(100_000)));
  expect(performance.now() - began).toBeLessThan(20_000);
});
