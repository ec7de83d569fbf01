import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/api/json.ts';
import { readRefusal } from '../../src/api/refusal.ts';

const nothing = {
  message: null,
  code: null,
  fields: [],
  saysExists: false,
  saysWeakPassword: false,
  saysBadKey: false,
};

describe('where the words are', () => {
  test.each<[unknown, string | null]>([
    [{ success: false, message: 'No.' }, 'No.'],
    [{ error: 'No.' }, 'No.'],
    [{ error: { code: 7, message: 'No.' } }, 'No.'],
    [{ error: { code: 'E7', message: 'No.' } }, 'No.'],
    [{ code: 7, message: 'No.' }, 'No.'],
    [{ title: 'Bad Request', detail: 'No.' }, 'No.'],
    [{ title: 'Bad Request' }, 'Bad Request'],
    [{ detail: 'No.' }, 'No.'],
    [{ details: 'No.' }, 'No.'],
    [{ errors: ['No.', 'Never.'] }, 'No.; Never.'],
    [{ errors: 'No.' }, 'No.'],
    [{ errors: [{ message: 'No.' }, { detail: 'Never.' }] }, 'No.; Never.'],
    [{ errors: { login: ['No.'], name: 'Never.' } }, 'No.; Never.'],
    [{ message: ['No.', 'Never.'] }, 'No.; Never.'],
    [{ message: { login: ['No.'], name: 'Never.' } }, 'No.; Never.'],
    [{ message: 'Invalid', errors: { login: ['No.'] } }, 'Invalid'],
    [{ message: 'First', error: 'Second', detail: 'Third' }, 'First'],
    [{ message: '', error: 'No.' }, 'No.'],
    [{ message: ' \n', error: 'No.' }, 'No.'],
    [{ message: null, error: 'No.' }, 'No.'],
    [{ message: 5, error: 'No.' }, 'No.'],
    [{ message: true }, null],
    [{ message: [] }, null],
    [{ message: {} }, null],
    [{ message: [[['No.']]] }, null],
    [{ error: null, errors: [null, 5, {}] }, null],
    [{}, null],
  ])('%j', (answer, message) => {
    expect(readRefusal(answer)).toMatchObject({ message });
  });

  test.each([undefined, null, true, 5, 'already exists', [], [{ message: 'already exists' }]])(
    'nothing in %j',
    (answer) => {
      expect(readRefusal(answer)).toEqual(nothing);
    },
  );
});

test.each<[unknown, string | null]>([
  [{ code: 1007 }, '1007'],
  [{ code: '1007' }, '1007'],
  [{ error: { code: 1007 } }, '1007'],
  [{ errcode: 1007 }, '1007'],
  [{ error_code: 1007 }, '1007'],
  [{ code: null, errcode: 1007 }, '1007'],
  [{ code: { value: 1007 } }, null],
  [{ status: 1007 }, null],
])('the code in %j', (answer, code) => {
  expect(readRefusal(answer)).toMatchObject({ code });
});

describe('fields', () => {
  test.each<[unknown, [string, string][]]>([
    [{ errors: { login: ['is bad'] } }, [['login', 'is bad']]],
    [{ errors: { login: ['is bad', 'is long'] } }, [['login', 'is bad; is long']]],
    [
      { errors: { login: 'is bad', email: ['is bad'] } },
      [
        ['login', 'is bad'],
        ['email', 'is bad'],
      ],
    ],
    [{ errors: { login: { message: 'is bad' } } }, [['login', 'is bad']]],
    [{ errors: [{ field: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: [{ param: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: [{ path: 'login', detail: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: [{ source: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: [{ source: { field: 'login' }, message: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: [{ source: { parameter: 'login' }, detail: 'is bad' }] }, [['login', 'is bad']]],
    [
      { errors: [{ source: { pointer: '/data/attributes/login' }, detail: 'is bad' }] },
      [['login', 'is bad']],
    ],
    [{ details: { login: ['is bad'] } }, [['login', 'is bad']]],
    [{ details: [{ field: 'login', message: 'is bad' }] }, [['login', 'is bad']]],
    [{ errors: ['is bad'] }, []],
    [{ errors: [{ message: 'is bad' }] }, []],
    [{ errors: [{ field: 5, message: 'is bad' }] }, []],
    [{ errors: [{ field: 'login', message: 5 }] }, []],
    [{ errors: { login: 5, email: [], name: null } }, []],
    [{ errors: 'is bad' }, []],
  ])('%j', (answer, fields) => {
    expect(readRefusal(answer).fields.map(({ name, message }) => [name, message])).toEqual(fields);
  });

  test('__proto__ as the name of a field pollutes nothing', () => {
    const answer = parseJson('{"errors":{"__proto__":["is bad"]}}')?.value;
    expect(readRefusal(answer).fields).toEqual([{ name: '__proto__', message: 'is bad' }]);
  });
});

describe('text first, code second', () => {
  const exists = 'Login already exists.';
  const weak = 'Your password is not complex enough.';
  test.each<[string, object, 'exists' | 'weak' | 'neither']>([
    ['exists', { message: exists }, 'exists'],
    ['exists in capitals', { message: 'ALREADY EXISTS' }, 'exists'],
    ['taken', { message: 'The login is already taken' }, 'exists'],
    ['in use', { message: 'E-mail already in use' }, 'exists'],
    ['registered', { message: 'User already registered' }, 'exists'],
    ['exists, behind a general code', { message: exists, code: 1019 }, 'exists'],
    ['exists, behind the code of a weak password', { message: exists, code: 1038 }, 'exists'],
    ['exists, not in the first text', { message: 'Invalid', error: exists }, 'exists'],
    ['exists, in a field', { message: 'Invalid', errors: { login: [exists] } }, 'exists'],
    ['exists, in a detail', { message: 'Invalid', detail: exists }, 'exists'],
    ['exists, by code 1002', { message: 'No', code: 1002 }, 'exists'],
    ['exists, by code 1007', { code: '1007' }, 'exists'],
    ['weak', { message: weak }, 'weak'],
    ['weak, in other words', { message: 'Password too weak' }, 'weak'],
    ['weak, in other words', { message: 'The password is too simple' }, 'weak'],
    ['weak, behind a general code', { message: weak, code: 1019 }, 'weak'],
    ['weak, behind the code of a duplicate', { message: weak, code: 1007 }, 'weak'],
    ['weak, in a field', { errors: { password: [weak] } }, 'weak'],
    ['weak, by code 1038', { message: 'No', code: 1038 }, 'weak'],
    ['weak, by code 1019', { message: 'Bad password.', code: 1019 }, 'weak'],
    ['weak, by code 2204', { message: 'Password refused.', code: 2204 }, 'weak'],
    ['a general code', { message: 'Bad value.', code: 1019 }, 'neither'],
    [
      'a bad login',
      { message: 'Unable to set login or password argument: x', code: 1019 },
      'neither',
    ],
    ['already, but something else', { message: 'already expired' }, 'neither'],
    ['exists, but something else', { message: 'The plan exists no more.' }, 'neither'],
    ['an unknown code', { message: 'No', code: 10070 }, 'neither'],
  ])('%s', (_name, answer, expected) => {
    const { saysExists, saysWeakPassword } = readRefusal(answer);
    expect(saysExists).toBe(expected === 'exists');
    expect(saysWeakPassword).toBe(expected === 'weak');
  });

  test.each<[string, boolean]>([
    ['Invalid API key', true],
    ['invalid or expired api_key', true],
    ['Your API key has expired.', true],
    ['API key is not valid', true],
    ['x-api-key is missing', true],
    ['Missing x-api-key header', true],
    ['Invalid e-mail address', false],
    ['The domain has expired', false],
    ['Invalid login. See the page about the API key', false],
    ['API key accepted', false],
  ])('a bad key: %s', (message, expected) => {
    expect(readRefusal({ message }).saysBadKey).toBe(expected);
  });
});

test('what is very long is read to its end', () => {
  const long = 'x'.repeat(1_000_000);
  const many = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 'bad']),
  );
  const refusal = readRefusal({ message: `${long} already exists`, errors: many });
  expect(refusal.saysExists).toBe(true);
  expect(refusal.fields).toHaveLength(50);
});

describe('any JSON', () => {
  const value = fc.anything({
    key: fc.oneof(
      fc.constantFrom('message', 'error', 'errors', 'detail', 'details', 'title', 'code', 'source'),
      fc.constantFrom('field', '__proto__', 'constructor', 'pointer', 'toString', 'length'),
      fc.string(),
    ),
    values: [
      fc.string(),
      fc.constantFrom('already exists', 'not complex enough', '', ' '),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
    ],
    maxDepth: 4,
  });

  test('is read without an exception into texts', () => {
    fc.assert(
      fc.property(value, (answer) => {
        const read = readRefusal(parseJson(JSON.stringify(answer) ?? 'null')?.value);
        expect(read.message === null || read.message.trim() !== '').toBe(true);
        expect(read.code === null || typeof read.code === 'string').toBe(true);
        for (const field of read.fields) {
          expect([typeof field.name, typeof field.message]).toEqual(['string', 'string']);
        }
      }),
      { numRuns: 500 },
    );
  });
});
