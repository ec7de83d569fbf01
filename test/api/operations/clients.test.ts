import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/api/json.ts';
import type { JsonObject } from '../../../src/api/operation.ts';
import { createClient } from '../../../src/api/operations/clients.ts';
import { created, createdWith, sent } from '../replies.ts';

const accept = (answer: object, values: JsonObject = sent) =>
  createClient.accept(parseJson(JSON.stringify(answer))?.value as JsonObject, values);
const problem = (text: string) => ({ ok: false, problem: text });
const noData = problem('it has no data of one client');
const noId = problem('it has no id of the client');
const otherLogin = problem('it names another login than the one that was sent');

test('fields and path are those of the reference', () => {
  expect(createClient).toMatchObject({
    method: 'POST',
    path: '/API/plesk/clients/create',
    encoding: 'json',
    effect: 'create',
  });
  expect(createClient.fields.map(({ name, required, secret }) => [name, required, secret])).toEqual(
    [
      ['name', true, false],
      ['login', true, false],
      ['email', true, false],
      ['password', true, true],
      ['company', false, false],
    ],
  );
});

test.each<[string, unknown]>([
  ['an object', created.data],
  ['an array of one object', [created.data]],
])('data: %s', (_name, data) => {
  expect(accept({ ...created, data })).toEqual({ ok: true, result: created.data, warnings: [] });
});

test.each<[string, unknown]>([
  ['missing', undefined],
  ['null', null],
  ['false', false],
  ['a text', 'client123'],
  ['a number', 123],
  ['an empty array', []],
  ['an array of two', [created.data, created.data]],
  ['an array of an array', [[created.data]]],
  ['an array of null', [null]],
])('data: %s', (_name, data) => {
  expect(accept({ ...created, data })).toEqual(noData);
});

describe('id', () => {
  test.each<[unknown, string]>([
    ['client123', 'client123'],
    ['0017', '0017'],
    [123, '123'],
    [0, '0'],
    [9007199254740991, '9007199254740991'],
  ])('%j: %s', (id, text) => {
    expect(accept(createdWith({ id }))).toMatchObject({ ok: true, result: { id: text } });
  });

  test('a number that no double holds is not rounded', () => {
    const text = JSON.stringify(created).replace('"client123"', '12345678901234567890');
    const answer = parseJson(text)?.value as JsonObject;
    expect(createClient.accept(answer, sent)).toMatchObject({
      result: { id: '12345678901234567890' },
    });
  });

  test.each([undefined, null, '', ' ', '\t\n', true, false, [], ['1'], {}, { id: 1 }])(
    '%j is none',
    (id) => {
      expect(accept(createdWith({ id }))).toEqual(noId);
    },
  );

  test('one in a prototype is none', () => {
    const answer = parseJson('{"success":true,"data":{"__proto__":{"id":1}}}')?.value as JsonObject;
    expect(createClient.accept(answer, sent)).toEqual(noId);
  });
});

test.each<[unknown, unknown]>([
  ['123', '123'],
  [123, '123'],
  [0, '0'],
  [true, 'true'],
  [null, undefined],
])('plesk_client_id %j becomes %j', (given, shown) => {
  const { result } = accept(createdWith({ plesk_client_id: given })) as { result: object };
  expect(Object.hasOwn(result, 'plesk_client_id')).toBe(shown !== undefined);
  expect(result).toMatchObject(shown === undefined ? {} : { plesk_client_id: shown });
});

describe('login', () => {
  test.each([undefined, null, 'client1'])('%j: no warning', (login) => {
    expect(accept(createdWith({ login }))).toMatchObject({ ok: true, warnings: [] });
  });

  test.each(['CLIENT1', 'Client1', 'acct_client1', 'client1_2', 'a.client1.b', ' client1'])(
    '%j is ours, with a warning',
    (login) => {
      expect(accept(createdWith({ login }))).toEqual({
        ok: true,
        result: { ...created.data, login },
        warnings: [
          {
            code: 'login_changed',
            message: `The server made the login ${login} of client1; the one to keep is ${login}.`,
          },
        ],
      });
    },
  );

  test.each([
    'client2',
    'client',
    'lient1',
    '',
    ' ',
    'cl\u0131ent1',
    'cli\ufffdnt1',
    1,
    true,
    {},
    [],
  ])('%j is that of another', (login) => {
    expect(accept(createdWith({ login }))).toEqual(otherLogin);
  });

  test('written as a number it is ours only when nothing is lost', () => {
    expect(accept(createdWith({ login: 123456 }), { ...sent, login: '123456' })).toMatchObject({
      ok: true,
      result: { login: 123456 },
      warnings: [],
    });
    expect(accept(createdWith({ login: 7 }), { ...sent, login: '007' })).toEqual(otherLogin);
  });

  test('without one of our own no other is ours', () => {
    expect(accept(created, {})).toEqual(otherLogin);
    expect(accept(created, { login: '' })).toEqual(otherLogin);
  });
});

test.each(['pending', 'Pending', ' PENDING '])('status %j: not made yet', (status) => {
  const expected = problem('it says that the client is still to be made');
  expect(accept({ ...created, status })).toEqual(expected);
  expect(accept(createdWith({ status }))).toEqual(expected);
});

test.each([undefined, null, 'active', 'ok', 'created', 0])('status %j says nothing', (status) => {
  expect(accept({ ...created, status })).toMatchObject({ ok: true });
  expect(accept(createdWith({ status }))).toMatchObject({ ok: true });
});

describe('the result', () => {
  test('keeps further fields, behind the documented ones in their order', () => {
    const { id, ...rest } = created.data;
    const data = { zone: { a: [1] }, company: '', ...rest, created_at: null, id };
    const accepted = accept({ ...created, data });
    expect(accepted).toMatchObject({ result: data });
    expect(Object.keys((accepted as { result: object }).result)).toEqual([
      'id',
      'plesk_client_id',
      'name',
      'login',
      'email',
      'company',
      'zone',
      'created_at',
    ]);
  });

  test('leaves out what the API left out', () => {
    const accepted = accept({ success: true, data: { id: 1 } });
    expect(accepted).toEqual({ ok: true, result: { id: '1' }, warnings: [] });
  });

  test('takes __proto__ for a name like any other', () => {
    const text = '{"success":true,"data":{"id":1,"__proto__":{"polluted":true},"toString":"x"}}';
    const accepted = createClient.accept(parseJson(text)?.value as JsonObject, sent);
    const { result } = accepted as { result: object };
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(['id', '__proto__', 'toString']);
    expect((result as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
