import { expect, test } from 'vitest';
import { type Started, start } from '../sandbox/start.ts';
import { type DocumentedExample, documentedExamples, type Json } from './examples.ts';

type Operation = keyof typeof documentedExamples;

/**
 * What two answers of one operation have in common: names in their order, and the JSON type under
 * each. The items of a list have to look alike, and one stands for all.
 */
function shape(value: Json): unknown {
  if (value === null) {
    return 'null';
  }
  if (isList(value)) {
    const shapes = [...new Set(value.map((item) => JSON.stringify(shape(item))))];
    return { listOf: shapes };
  }
  if (typeof value === 'object') {
    return Object.entries(value).map(([name, inner]) => [name, shape(inner)]);
  }
  return typeof value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

async function answer(
  sandbox: Started,
  operation: Operation,
  supplied: Record<string, string | number> = {},
): Promise<Record<string, Json>> {
  const { method, path, encoding, request }: DocumentedExample = documentedExamples[operation];
  const fields = { ...request, ...supplied };
  const texts = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const headers = { 'x-api-key': sandbox.apiKey };
  const target = `${sandbox.url}${path}`;
  const response = await (encoding === 'query'
    ? fetch(`${target}?${new URLSearchParams(texts)}`, { method, headers })
    : fetch(target, {
        method,
        headers,
        body: encoding === 'form' ? new URLSearchParams(texts) : JSON.stringify(fields),
      }));
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, Json>;
}

const idOf = (value: Json | undefined): string => (value as { id: string }).id;

const hosting = {
  plan_id: 'plan-1',
  domain_name: 'example.com',
  ftp_login: 'example_ftp',
  ftp_password: 'not-a-real-secret',
  subscription_duration: 1,
  type_payment: 'balance',
};

/** Gets each operation answered: the documented request where there is one, ids as given out. */
const answers: Record<Operation, (sandbox: Started) => Promise<Record<string, Json>>> = {
  createClient: (sandbox) => answer(sandbox, 'createClient'),
  createPleskOrder: async (sandbox) => {
    const client_id = idOf((await answers.createClient(sandbox))['data']);
    return answer(sandbox, 'createPleskOrder', { ...hosting, client_id });
  },
  renewPleskOrder: async (sandbox) => {
    const { subscription } = await answers.createPleskOrder(sandbox);
    return answer(sandbox, 'renewPleskOrder', {
      subscription_id: idOf(subscription),
      new_plan_id: hosting.plan_id,
      months: 3,
      type_payment: 'balance',
    });
  },
  showSubscription: async (sandbox) => {
    const { subscription } = await answers.renewPleskOrder(sandbox);
    return answer(sandbox, 'showSubscription', { id: idOf(subscription) });
  },
  createStorageOrder: (sandbox) =>
    answer(sandbox, 'createStorageOrder', {
      user_id: 'user_id',
      plan_id: 'plan-1',
      os_image_id: 'image-1',
      rental_duration: 720,
      password: 'not-a-real-secret',
      type_payment: 'balance',
      auto_renew: 0,
      versions: 'debian-13',
      add_extra: '1',
    }),
  createDomainOrder: (sandbox) => answer(sandbox, 'createDomainOrder'),
  createInvoice: async (sandbox) =>
    answer(sandbox, 'createInvoice', {
      order_id: idOf((await answers.createDomainOrder(sandbox))['data']),
      currency: 'EUR',
      pay_currency: 'ETH',
      network: 'Ethereum',
    }),
  checkDomain: (sandbox) => answer(sandbox, 'checkDomain'),
  setNotification: (sandbox) => answer(sandbox, 'setNotification'),
};

const operations = Object.keys(documentedExamples) as Operation[];

test('there are nine documented operations', () => {
  expect(operations).toHaveLength(9);
});

test.each(operations)('%s is answered in the documented shape', async (operation) => {
  const said = await answers[operation](await start());
  expect(shape(said)).toEqual(shape(documentedExamples[operation].answer));
});

/** What the examples say word for word, apart from ids, times and what the request brought. */
test.each<[Operation, object]>([
  ['createClient', { message: 'Client created successfully', data: { company: 'ACME Corp' } }],
  ['createPleskOrder', { order: { status: 'completed', amount: '9.99' }, balance_after: '90.01' }],
  ['renewPleskOrder', { order: { amount: '29.97' }, balance_after: '60.04' }],
  ['showSubscription', { subscription: { price: '9.99', plan_name: 'Basic', auto_renew: true } }],
  ['createStorageOrder', { order: { metadata: 'add_extra=1', amount: '12.99' } }],
  ['createDomainOrder', { data: { metadata: 'password=randompassword', amount: '20.00' } }],
  ['createInvoice', { message: 'Operation completed successfully!', data: { lifetime: 90 } }],
  [
    'checkDomain',
    { data: [{ domain: 'exampledomain.io', available: true }, { available: false }] },
  ],
  ['setNotification', { data: { preferences: 'email', days: 3 } }],
])('%s says what the example says', async (operation, part) => {
  expect(documentedExamples[operation].answer).toMatchObject(part);
  const said = await answers[operation](await start());
  expect(operation === 'checkDomain' ? firstTwo(said) : said).toMatchObject(part);
});

/** The example asks for three suffixes and shows two results; the sandbox tells all three. */
function firstTwo(said: Record<string, Json>): Record<string, Json> {
  return { ...said, data: (said['data'] as Json[]).slice(0, 2) };
}

test.each(operations)('%s needs exactly the parameters marked as required', async (operation) => {
  const { method, path, encoding, parameters } = documentedExamples[operation];
  const sandbox = await start();
  const headers = { 'x-api-key': sandbox.apiKey };
  const empty = encoding === 'form' ? new URLSearchParams() : '{}';
  const body = method === 'GET' ? {} : { body: empty };
  const response = await fetch(`${sandbox.url}${path}`, { method, headers, ...body });
  const { errors } = (await response.json()) as { errors: object };
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  expect(Object.keys(errors)).toEqual(required);
});
