import { describe, expect, test } from 'vitest';
import { addMonths } from '../../src/sandbox/endpoints/plesk.ts';
import { money, timeText } from '../../src/sandbox/state.ts';
import { createdClient, paths, type Started, samples, start } from './start.ts';

// What an answer looks like as a whole is pinned by test/contract; here is what stands in it.

describe('clients', () => {
  test('the answer has what was stored: not the password, no company that was not sent', async () => {
    const sandbox = await start();
    const { password: _, ...shown } = samples.client;
    const { body } = await sandbox.post(paths.client, samples.client);
    const [id, number] = [/^[0-9a-f-]{36}$/, /^\d+$/].map((form) => expect.stringMatching(form));
    expect(body['data']).toEqual({ id, plesk_client_id: number, ...shown });
  });

  test.each(['Žiga Čebela', '🐝', "Robert'); --", 'a\u0000b', '__proto__', 'toString', '\ud800'])(
    '%j is a name and a login like any other: kept as it is, and taken once',
    async (name) => {
      const sandbox = await start();
      const fields = { ...samples.client, name, login: name };
      expect((await sandbox.post(paths.client, fields)).body).toMatchObject({
        data: { name, login: name },
      });
      expect((await sandbox.post(paths.client, fields)).status).toBe(409);
    },
  );

  test('a login exists once, in exact case, also of many at once; each sandbox has its own', async () => {
    const [sandbox, other] = await Promise.all([start(), start()]);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => sandbox.post(paths.client, samples.client)),
    );
    const message = 'A client with the login client1 already exists';
    const refused = all.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(19);
    expect(refused[0]?.body).toEqual({ success: false, message, errors: { login: [message] } });
    expect(await createdClient(sandbox, 'Client1')).not.toBe(await createdClient(other));
  });
});

interface Placed {
  readonly order: { readonly id: string; readonly order_number: string };
  readonly subscription: { readonly id: string };
}

async function ordered(sandbox: Started, fields: object = {}): Promise<Placed> {
  const client_id = await createdClient(sandbox, crypto.randomUUID());
  const all = { ...samples.order, client_id, ...fields };
  const { status, body } = await sandbox.post(paths.order, all);
  if (status !== 200) throw new Error(`not ordered: ${JSON.stringify(body)}`);
  return body as unknown as Placed;
}

const shown = async (sandbox: Started, { subscription }: Placed) =>
  (await sandbox.get(`${paths.subscription}?id=${subscription.id}`)).body;

describe('hosting', () => {
  test.each<[object, object]>([
    [{}, { order: { status: 'completed' }, balance_after: '90.01' }],
    [{}, { subscription: { status: 'active', expires_at: '2025-04-20 11:34:56' } }],
    [{ subscription_duration: '3' }, { order: { amount: '29.97' }, balance_after: '70.03' }],
    [{ subscription_duration: 3 }, { subscription: { expires_at: '2025-06-20 11:34:56' } }],
    [{ type_payment: 'crypto' }, { order: { status: 'pending' }, balance_after: '100.00' }],
    [{ type_payment: 'crypto' }, { subscription: { status: 'pending' } }],
  ])('an order with %j: %j', async (fields, part) => {
    expect(await ordered(await start(), fields)).toMatchObject(part);
  });

  test('each order has ids and a number of its own', async () => {
    const sandbox = await start();
    const [one, other] = [await ordered(sandbox), await ordered(sandbox)];
    expect(one.order.order_number).toMatch(/^PLK_20250320_\d{6}$/);
    expect(one.order.order_number).not.toBe(other.order.order_number);
    expect(one.order.id).not.toBe(other.order.id);
    expect(one.subscription.id).not.toBe(other.subscription.id);
  });

  test('an order needs its client, by the id and not by the number in Plesk', async () => {
    const sandbox = await start();
    const { body } = await sandbox.post(paths.client, samples.client);
    const { plesk_client_id } = body['data'] as { plesk_client_id: string };
    for (const client_id of ['client-unknown', plesk_client_id, '__proto__']) {
      const refused = await sandbox.post(paths.order, { ...samples.order, client_id });
      const errors = { client_id: ['client_id is not the id of any client'] };
      expect(refused).toMatchObject({ status: 422, body: { errors } });
    }
  });

  test('the balance is one for all, to the cent; what it cannot pay is 402 and takes nothing', async () => {
    const sandbox = await start();
    const placed = await ordered(sandbox, { subscription_duration: 3 });
    for (const months of [3, 3, 1]) await ordered(sandbox, { subscription_duration: months });
    const client_id = await createdClient(sandbox);
    const renewal = { subscription_id: placed.subscription.id, months: 1, type_payment: 'balance' };
    const message = 'Insufficient balance: 9.99 EUR needed, 0.10 EUR available';
    for (const refused of [
      await sandbox.post(paths.order, { ...samples.order, client_id }),
      await sandbox.post(paths.renewal, renewal),
    ]) {
      expect([refused.status, refused.body]).toEqual([402, { success: false, message }]);
    }
    expect((await sandbox.post(paths.storage, samples.storage)).status).toBe(402);
    expect((await shown(sandbox, placed))['orders']).toHaveLength(1);
    const fields = { ...samples.order, client_id, type_payment: 'crypto' };
    expect((await sandbox.post(paths.order, fields)).body['balance_after']).toBe('0.10');
  });

  test('a renewal that is paid moves the expiry and may change the plan; all are shown', async () => {
    let moment = Date.parse('2025-03-01T09:00:00Z');
    const sandbox = await start({ now: () => new Date(moment) });
    const placed = await ordered(sandbox);
    const basis = { subscription_id: placed.subscription.id, months: 2, type_payment: 'balance' };
    const steps: [object, string, string][] = [
      [{ new_plan_id: 'plan-2', type_payment: 'crypto' }, 'Basic', '2025-04-01 09:00:00'],
      [{ new_plan_id: samples.order.plan_id }, 'Basic', '2025-06-01 09:00:00'],
      [{ new_plan_id: 'plan-2', months: 1 }, 'plan-2', '2025-07-01 09:00:00'],
      [{ months: 1 }, 'plan-2', '2025-08-01 09:00:00'],
    ];
    for (const [fields, plan_name, expires_at] of steps) {
      moment += 86_400_000;
      const { body } = await sandbox.post(paths.renewal, { ...basis, ...fields });
      expect(body).toMatchObject({ success: true, order: { currency: 'EUR' } });
      expect(await shown(sandbox, placed)).toMatchObject({
        subscription: { plan_name, expires_at },
      });
    }
    const { orders } = await shown(sandbox, placed);
    expect(orders).toMatchObject([
      { id: placed.order.id, amount: '9.99', created_at: '2025-03-01 09:00:00' },
      { amount: '19.98', status: 'pending', created_at: '2025-03-02 09:00:00' },
      { order_number: expect.stringMatching(/^PLK_RENEW_20250303_/), amount: '19.98' },
      ...[{ amount: '9.99' }, { amount: '9.99' }],
    ]);
  });

  test.each([
    ['?id=unknown', 404, 'Subscription not found'],
    ['?id=__proto__', 404, 'Subscription not found'],
    ['?id=', 422, 'The given data was invalid'],
    ['', 422, 'The given data was invalid'],
  ])('a subscription asked for with %j is %d', async (query, status, message) => {
    const found = await (await start()).get(`${paths.subscription}${query}`);
    expect(found).toMatchObject({ status, body: { success: false, message } });
  });
});

describe('domains', () => {
  test('an order is pending and takes nothing from the balance; a name is ordered once', async () => {
    const sandbox = await start();
    const order = (fields: object) =>
      sandbox.postForm(paths.domainOrder, { ...samples.domainOrder, ...fields });
    expect((await order({ password: 'not-a-real-secret', vyear: '2' })).body).toMatchObject({
      data: { status: 'pending', metadata: 'password=not-a-real-secret', amount: '40.00' },
      domain: null,
    });
    const again = await order({ domain_name: 'EXAMPLE.org' });
    const message = 'Domain is already registered';
    expect(again).toMatchObject({ status: 409, body: { success: false, message } });
    for (const domain_name of ['a.org', 'b.org', 'c.org', 'd.org', 'e.org']) {
      expect((await order({ domain_name })).body).toMatchObject({ data: { metadata: null } });
    }
    expect(await ordered(sandbox)).toMatchObject({ balance_after: '90.01' });
  });

  test.each([
    ['an array', ['org', '.com', 'net']],
    ['the text of an array', '["org", ".com", "net"]'],
  ])(
    'a check takes the suffixes as %s; what was ordered is no longer free',
    async (_, suffixes) => {
      const sandbox = await start();
      const check = async () => {
        const { body } = await sandbox.post(paths.domainCheck, { query: 'Example', suffixes });
        const rows = body['data'] as { domain: string; available: boolean }[];
        return [body['meta'], ...rows.map(({ domain, available }) => `${domain} ${available}`)];
      };
      const meta = { total_checked: 3, checked_at: '2025-03-20T11:34:56+00:00' };
      const rest = ['Example.com false', 'Example.net true'];
      const free = { ...meta, available_count: 2 };
      expect(await check()).toEqual([free, 'Example.org true', ...rest]);
      await sandbox.postForm(paths.domainOrder, samples.domainOrder);
      expect((await check()).slice(1)).toEqual(['Example.org false', ...rest]);
    },
  );
});

describe('services', () => {
  test.each<[object, object]>([
    [{}, { server_status: { name: expect.stringMatching(/^storage-\d+$/) } }],
    [{}, { order: { metadata: null, amount: '12.99' } }],
    [{ add_extra: '1' }, { order: { metadata: 'add_extra=1' } }],
    [{ name_server: 'backup-1' }, { server_status: { name: 'backup-1' } }],
    [{}, { server_status: { metadata: `password=${samples.storage.password}` } }],
    [{ rental_duration: 1 }, { order: { amount: '12.99' } }],
    [{ rental_duration: '720' }, { order: { amount: '12.99' } }],
    [{ rental_duration: 721 }, { order: { amount: '25.98' } }],
    [{ type_payment: 'crypto' }, { order: { status: 'pending' }, server_status: null }],
  ])('a storage order with %j: %j', async (fields, part) => {
    const { body } = await (await start()).post(paths.storage, { ...samples.storage, ...fields });
    expect(body).toMatchObject(part);
  });

  test('an invoice is made for any order, with money as numbers and times in Unix seconds', async () => {
    const sandbox = await start();
    const { order } = await ordered(sandbox, { type_payment: 'crypto' });
    const fields = { ...samples.invoice, order_id: order.id };
    const date = 1_742_470_496;
    const { body } = await sandbox.post(paths.invoice, fields);
    expect(body['data']).toMatchObject({
      track_id: expect.stringMatching(/^\d{9}$/),
      address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
      ...{ amount: 9.99, pay_amount: 0.0039820005, network: 'Ethereum Network' },
      ...{ expired_at: date + 5400, order_id: order.id, date },
    });
    const unknown = await sandbox.post(paths.invoice, { ...fields, order_id: 'unknown' });
    const errors = { order_id: ['order_id is not the id of any order'] };
    expect(unknown).toMatchObject({ status: 422, body: { errors } });
  });
});

test('times are UTC', async () => {
  const sandbox = await start();
  const notified = { user_id: 'user-1', preferences: 'email', days: '3' };
  expect((await sandbox.post(paths.notification, notified)).body).toMatchObject({
    data: { days: 3, updated_at: '2025-03-20 11:34:56' },
  });
});

test.each([
  ['2025-03-01T10:00:00Z', 1, '2025-04-01 10:00:00'],
  ['2025-01-31T08:15:00Z', 1, '2025-02-28 08:15:00'],
  ['2024-01-31T08:15:00Z', 1, '2024-02-29 08:15:00'],
  ['2025-11-30T23:59:59Z', 3, '2026-02-28 23:59:59'],
])('%s and %d months later is %s', (from, months, end) => {
  expect(timeText(addMonths(new Date(from), months))).toBe(end);
});

test('cents as the API writes money', () => {
  expect([0, 5, 50, 123_456_78].map(money)).toEqual(['0.00', '0.05', '0.50', '123456.78']);
});
