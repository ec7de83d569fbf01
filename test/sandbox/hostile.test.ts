import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createdClient, paths, type Started, samples, start } from './start.ts';

const posts = Object.entries(paths).filter(([name]) => name !== 'subscription');
const documentedNames = [
  ...new Set(Object.values(samples).flatMap((fields) => Object.keys(fields))),
  ...['company', 'client_id', 'subscription_id', 'new_plan_id', 'months', 'order_id', 'suffixes'],
  ...['query', 'preferences', 'days', 'name_server', 'add_extra', '__proto__', 'constructor'],
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    '',
    '0',
    '1',
    '3',
    'balance',
    'crypto',
    '["com"]',
    1,
    3,
    0,
    -1,
    1e308,
    '999999999',
  ),
  fc.string({ unit: 'binary' }),
);
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...documentedNames), value, { maxKeys: 20 }),
  fc.jsonValue(),
);

const send = async (sandbox: Started, path: string, sent: string | Uint8Array, type: string) => {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': sandbox.apiKey, 'content-type': type },
    body: sent,
  });
  return { status: response.status, body: (await response.json()) as { success: unknown } };
};

const isSound = ({ status, body: told }: Awaited<ReturnType<typeof send>>) => {
  expect(status === 200 ? told.success === true : told.success === false).toBe(true);
  expect([200, 400, 402, 409, 415, 422]).toContain(status);
};

test.each(posts)('%s answers any JSON soundly', async (_, path) => {
  const sandbox = await start();
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      isSound(await send(sandbox, path, JSON.stringify(sent), 'application/json'));
    }),
    { numRuns: 60 },
  );
});

test.each(posts)('%s answers any bytes soundly', async (_, path) => {
  const sandbox = await start();
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), type, async (bytes, contentType) => {
      isSound(await send(sandbox, path, new Uint8Array(bytes), contentType));
    }),
    { numRuns: 30 },
  );
});

test('valid requests with one hostile field are answered soundly', async () => {
  const sandbox = await start();
  const client_id = await createdClient(sandbox);
  const kinds = fc.constantFrom(
    [paths.order, { ...samples.order, client_id, type_payment: 'crypto' }] as const,
    [paths.storage, { ...samples.storage, type_payment: 'crypto' }] as const,
    [paths.domainCheck, { query: 'example', suffixes: ['com'] }] as const,
    [paths.notification, { user_id: 'user-1', preferences: 'email', days: 3 }] as const,
  );
  await fc.assert(
    fc.asyncProperty(kinds, fc.nat(), value, async ([path, fields], index, hostile) => {
      const names = Object.keys(fields);
      const name = names[index % names.length] ?? '';
      const sent = JSON.stringify({ ...fields, [name]: hostile });
      isSound(await send(sandbox, path, sent, 'application/json'));
    }),
    { numRuns: 150 },
  );
});

test('any query is answered soundly', async () => {
  const sandbox = await start();
  await fc.assert(
    fc.asyncProperty(fc.webQueryParameters(), async (query) => {
      expect([404, 422]).toContain((await sandbox.get(`${paths.subscription}?${query}`)).status);
    }),
    { numRuns: 50 },
  );
});

test('nothing sent reaches a prototype', async () => {
  const sandbox = await start();
  const poison = '{"__proto__":{"company":"polluted"},"constructor":{"prototype":{"x":1}}';
  for (const [, path] of posts) {
    await send(sandbox, path, `${poison}}`, 'application/json');
  }
  const rest = JSON.stringify(samples.client).slice(1);
  const { status, body: told } = await send(
    sandbox,
    paths.client,
    `${poison},${rest}`,
    'application/json',
  );
  expect(status).toBe(200);
  expect(JSON.stringify(told)).not.toContain('polluted');
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { company?: string }).company).toBeUndefined();
});
