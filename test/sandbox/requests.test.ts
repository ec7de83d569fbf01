import { expect, test } from 'vitest';
import { type Body, createdClient, paths, samples, start } from './start.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function send(path: string, body: Body, headers: Record<string, string> = JSON_TYPE) {
  const response = await (await start()).send(path, { method: 'POST', body, headers });
  return [response.status, ((await response.json()) as { message: string }).message];
}

test.each<[string, Body, string]>([
  ['nothing', '', 'not valid JSON'],
  ['half of it', '{"name": "Exa', 'not valid JSON'],
  ['a form', 'name=Example&login=client1', 'not valid JSON'],
  ['an array', '[]', 'must be a JSON object'],
  ['null', 'null', 'must be a JSON object'],
  ['a string', '"name"', 'must be a JSON object'],
  ['deep nesting', '['.repeat(100_000), 'not valid JSON'],
  ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'not valid UTF-8'],
])('a body of %s is 400', async (_, body, message) => {
  expect(await send(paths.client, body)).toEqual([400, expect.stringContaining(message)]);
});

test('one byte more than 1 MiB is 413, exactly 1 MiB is not, and all of it is read', async () => {
  const sized = (bytes: number) => {
    const rest = JSON.stringify({ ...samples.client, company: '' }).length;
    return JSON.stringify({ ...samples.client, company: 'x'.repeat(bytes - rest) });
  };
  expect(await send(paths.client, sized(1_048_576))).toEqual([200, expect.anything()]);
  const message = 'The request body is larger than 1048576 bytes';
  expect(await send(paths.client, sized(1_048_577))).toEqual([413, message]);
  expect(await send(paths.domainOrder, new Uint8Array(8_000_000))).toEqual([413, message]);
});

test.each([
  ['application/json; charset=utf-8'],
  ['text/plain'],
  // What curl and PHP send when nobody says otherwise.
  ['application/x-www-form-urlencoded'],
  [''],
])('JSON is read whatever the Content-Type, as with %j', async (type) => {
  const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
  const body = new Blob([JSON.stringify(samples.client)]);
  expect((await send(paths.client, body, headers))[0]).toBe(200);
});

const form = new URLSearchParams(samples.domainOrder).toString();

test.each([
  ['application/json', JSON.stringify(samples.domainOrder), 415],
  ['multipart/form-data; boundary=x', '--x--', 415],
  ['', form, 415],
  ['application/x-www-form-urlencoded', JSON.stringify(samples.domainOrder), 422],
  ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', form, 200],
])('a domain order has to be a form: %j', async (type, body, status) => {
  const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
  expect((await send(paths.domainOrder, new Blob([body]), headers))[0]).toBe(status);
});

test('all bad fields of a request are named at once, nothing is stored, others are ignored', async () => {
  const sandbox = await start();
  const fields = { name: ' \t', login: null, email: ['client1@example.com'], company: 7 };
  expect(await sandbox.post(paths.client, fields)).toMatchObject({
    status: 422,
    body: {
      success: false,
      message: 'The given data was invalid',
      errors: {
        name: ['name is required'],
        login: ['login is required'],
        email: ['email must be a string'],
        password: ['password is required'],
        company: ['company must be a string'],
      },
    },
  });
  const { status, body } = await sandbox.post(paths.client, { ...samples.client, id: 'mine' });
  expect([status, JSON.stringify(body).includes('mine')]).toEqual([200, false]);
});

const months = 'months must be between 1 and 120';
const payment = 'type_payment must be one of: balance, crypto';
const list = 'suffixes must be an array of strings';
const renewal = { subscription_id: 'unknown', months: 1, type_payment: 'balance' };
const check = { query: 'example', suffixes: ['com'] };
const order = { ...samples.order, client_id: 'given below' };

test.each<[string, object, object, string]>([
  [paths.client, samples.client, { login: 5 }, 'login must be a string'],
  [paths.client, samples.client, { password: '   ' }, 'password is required'],
  [paths.client, samples.client, { company: null }, 'company must be a string'],
  [paths.order, order, { subscription_duration: 0 }, 'between 1 and 3'],
  [paths.order, order, { subscription_duration: 4 }, 'between 1 and 3'],
  [paths.order, order, { subscription_duration: 1.5 }, 'must be an integer'],
  [paths.order, order, { subscription_duration: '1.0' }, 'must be an integer'],
  [paths.order, order, { subscription_duration: ' 1' }, 'must be an integer'],
  [paths.order, order, { subscription_duration: true }, 'must be an integer'],
  [paths.order, order, { subscription_duration: [1] }, 'must be an integer'],
  [paths.order, order, { subscription_duration: '' }, 'is required'],
  [paths.order, order, { type_payment: 'card' }, payment],
  [paths.order, order, { type_payment: 'Balance' }, payment],
  [paths.order, order, { type_payment: 1 }, payment],
  [paths.renewal, renewal, {}, 'subscription_id is not the id of any subscription'],
  [paths.renewal, renewal, { months: 121 }, months],
  [paths.renewal, renewal, { new_plan_id: 5 }, 'new_plan_id must be a string'],
  [paths.storage, samples.storage, { rental_duration: 87_601 }, 'between 1 and 87600'],
  [paths.storage, samples.storage, { auto_renew: 2 }, 'between 0 and 1'],
  [paths.storage, samples.storage, { auto_renew: '-1' }, 'must be an integer'],
  [paths.storage, samples.storage, { add_extra: '2' }, 'must be one of: 1'],
  [paths.storage, samples.storage, { add_extra: '' }, 'is required'],
  [paths.storage, samples.storage, { os_image_id: undefined }, 'os_image_id is required'],
  [paths.domainCheck, check, { suffixes: 'com' }, list],
  [paths.domainCheck, check, { suffixes: '["com"' }, list],
  [paths.domainCheck, check, { suffixes: { 0: 'com' } }, list],
  [paths.domainCheck, check, { suffixes: [5] }, list],
  [paths.domainCheck, check, { suffixes: ['com', ''] }, list],
  [paths.domainCheck, check, { suffixes: '[]' }, 'suffixes must not be empty'],
  [paths.domainCheck, check, { suffixes: null }, 'suffixes is required'],
])('%s refuses one bad field: %#', async (path, fields, bad, problem) => {
  const sandbox = await start();
  const client_id = await createdClient(sandbox, 'another');
  const ids = path === paths.order ? { client_id } : {};
  const { status, body } = await sandbox.post(path, { ...fields, ...ids, ...bad });
  const errors = Object.entries(body['errors'] as Record<string, string[]>);
  const [[name = '', problems] = []] = errors;
  expect([status, errors.length, problems]).toEqual([422, 1, [expect.stringContaining(problem)]]);
  expect(Object.keys({ subscription_id: 1, ...bad })).toContain(name);
});

test('a domain order names its bad fields too', async () => {
  const fields = { user_id: ' ', domain_name: '', vyear: '11' };
  const { status, body } = await (await start()).postForm(paths.domainOrder, fields);
  expect([status, Object.values(body['errors'] ?? {}).flat()]).toEqual([
    422,
    [
      ...['user_id is required', 'domain_name is required', 'domain_suffix is required'],
      'vyear must be between 1 and 10',
    ],
  ]);
});
