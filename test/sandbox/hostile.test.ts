import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Body, createdClient, paths, type Started, samples, start } from './start.ts';

const posts = Object.entries(paths).filter(([name]) => name !== 'subscription');
const documentedNames = [
  ...new Set(Object.values(samples).flatMap((fields) => Object.keys(fields))),
  ...['company', 'client_id', 'subscription_id', 'new_plan_id', 'months', 'order_id', 'suffixes'],
  ...['query', 'preferences', 'days', 'name_server', 'add_extra', '__proto__', 'constructor'],
];
const plain = ['', '0', '1', '3', 'balance', 'crypto', '["com"]', 1, 3, 0, -1, 1e308, '999999999'];
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(...plain),
  fc.string({ unit: 'binary' }),
);

async function answersSoundly(sandbox: Started, path: string, body: Body, type?: string) {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  const response = await sandbox.send(path, { method: 'POST', body, headers });
  const { success } = (await response.json()) as { success: unknown };
  expect(success).toBe(response.status === 200);
  expect([200, 400, 402, 409, 415, 422]).toContain(response.status);
}

test.each(posts)('%s answers any JSON and any bytes soundly', async (_, path) => {
  const sandbox = await start();
  const fields = fc.dictionary(fc.constantFrom(...documentedNames), value, { maxKeys: 20 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fields, fc.jsonValue()), (sent) =>
      answersSoundly(sandbox, path, JSON.stringify(sent)),
    ),
    { numRuns: 60 },
  );
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), type, (bytes, contentType) =>
      answersSoundly(sandbox, path, new Uint8Array(bytes), contentType),
    ),
    { numRuns: 30 },
  );
});

test('valid requests with one hostile field are answered soundly', async () => {
  const sandbox = await start();
  const client_id = await createdClient(sandbox);
  const kinds = fc.constantFrom<[string, object]>(
    [paths.order, { ...samples.order, client_id, type_payment: 'crypto' }],
    [paths.storage, { ...samples.storage, type_payment: 'crypto' }],
    [paths.domainCheck, { query: 'example', suffixes: ['com'] }],
    [paths.notification, { user_id: 'user-1', preferences: 'email', days: 3 }],
  );
  await fc.assert(
    fc.asyncProperty(kinds, fc.nat(), value, async ([path, fields], index, hostile) => {
      const names = Object.keys(fields);
      const name = names[index % names.length] ?? '';
      await answersSoundly(sandbox, path, JSON.stringify({ ...fields, [name]: hostile }));
    }),
    { numRuns: 150 },
  );
});

test('nothing sent reaches a prototype or stands in for a field', async () => {
  const { send, post } = await start();
  const poison = '{"__proto__":{"company":"polluted"},"constructor":{"prototype":{"x":1}}';
  const body = `${poison},${JSON.stringify(samples.client).slice(1)}`;
  const response = await send(paths.client, { method: 'POST', body });
  expect([response.status, (await response.text()).includes('polluted')]).toEqual([200, false]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { company?: string }).company).toBeUndefined();
  const hidden = await post(paths.client, JSON.parse(`{"__proto__": {"login": "client2"}}`));
  expect(hidden.status).toBe(422);
});
