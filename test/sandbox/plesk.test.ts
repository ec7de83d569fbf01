import { describe, expect, test } from 'vitest';
import { createdClient, paths, type Started, samples, start } from './start.ts';

describe('create client', () => {
  test('answers with what was stored, but not with the password', async () => {
    const fields = { ...samples.client, company: 'Example Company' };
    const { status, headers, body } = await (await start()).post(paths.client, fields);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    const { password: _, ...shown } = fields;
    const [id, number] = [/^[0-9a-f-]{36}$/, /^\d+$/].map((form) => expect.stringMatching(form));
    expect(body).toEqual({
      success: true,
      message: 'Client created successfully',
      data: { id, plesk_client_id: number, ...shown },
    });
    expect(Object.keys(body['data'] ?? {})).toEqual([
      ...['id', 'plesk_client_id', 'name', 'login', 'email', 'company'],
    ]);
  });

  test('leaves out a company that was not sent, and keeps an empty one', async () => {
    const sandbox = await start();
    const { body } = await sandbox.post(paths.client, samples.client);
    expect(body['data']).not.toHaveProperty('company');
    const empty = { ...samples.client, login: 'client2', company: '' };
    expect((await sandbox.post(paths.client, empty)).body).toMatchObject({ data: { company: '' } });
  });

  test.each(['Žiga Čebela', '🐝', "Robert'); --", 'a\u0000b', '__proto__', 'toString', '\ud800'])(
    '%j is a name and a login like any other: kept as it is, and taken once',
    async (name) => {
      const sandbox = await start();
      const fields = { ...samples.client, name, login: name };
      const { body } = await sandbox.post(paths.client, fields);
      expect(body).toMatchObject({ data: { name, login: name } });
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
  const { status, body } = await sandbox.post(paths.order, {
    ...samples.order,
    ...{ client_id, ...fields },
  });
  if (status !== 200) throw new Error(`not ordered: ${JSON.stringify(body)}`);
  return body as unknown as Placed;
}

describe('Plesk order', () => {
  test('is paid from the balance', async () => {
    expect(await ordered(await start())).toEqual({
      success: true,
      message: 'Plesk order created successfully',
      order: {
        id: expect.any(String),
        order_number: expect.stringMatching(/^PLK_20250320_\d{6}$/),
        status: 'completed',
        amount: '9.99',
        currency: 'EUR',
      },
      subscription: {
        id: expect.any(String),
        domain_name: 'example.com',
        status: 'active',
        expires_at: '2025-04-20 12:34:56',
      },
      balance_after: '90.01',
    });
  });

  test('for three months costs three times as much, also as a string', async () => {
    expect(await ordered(await start(), { subscription_duration: '3' })).toMatchObject({
      order: { amount: '29.97' },
      subscription: { expires_at: '2025-06-20 12:34:56' },
      balance_after: '70.03',
    });
  });

  test('by crypto stays pending and leaves the balance', async () => {
    expect(await ordered(await start(), { type_payment: 'crypto' })).toMatchObject({
      order: { status: 'pending', amount: '9.99' },
      subscription: { status: 'pending' },
      balance_after: '100.00',
    });
  });

  test('no two orders have the same number or id', async () => {
    const sandbox = await start();
    const [one, other] = [await ordered(sandbox), await ordered(sandbox)];
    expect(one.order.id).not.toBe(other.order.id);
    expect(one.order.order_number).not.toBe(other.order.order_number);
    expect(one.subscription.id).not.toBe(other.subscription.id);
  });

  test('needs its client, by the id and not by the number in Plesk', async () => {
    const sandbox = await start();
    const { body } = await sandbox.post(paths.client, samples.client);
    const { plesk_client_id } = body['data'] as { plesk_client_id: string };
    for (const client_id of ['client-unknown', plesk_client_id, '__proto__']) {
      const refused = await sandbox.post(paths.order, { ...samples.order, client_id });
      const errors = { client_id: ['client_id is not the id of any client'] };
      expect(refused).toMatchObject({ status: 422, body: { errors } });
    }
  });

  test('is 402 when the balance runs out, to the cent, and takes nothing', async () => {
    const sandbox = await start();
    for (const months of [3, 3, 3, 1]) await ordered(sandbox, { subscription_duration: months });
    const fields = { ...samples.order, client_id: await createdClient(sandbox) };
    const { status, body } = await sandbox.post(paths.order, fields);
    const message = 'Insufficient balance: 9.99 EUR needed, 0.10 EUR available';
    expect([status, body]).toEqual([402, { success: false, message }]);
    const crypto = await sandbox.post(paths.order, { ...fields, type_payment: 'crypto' });
    expect(crypto.body).toMatchObject({ success: true, balance_after: '0.10' });
  });
});

describe('renewal', () => {
  const shown = async (sandbox: Started, id: string) =>
    (await sandbox.get(`${paths.subscription}?id=${id}`)).body;

  test('moves the expiry and takes from the balance', async () => {
    const sandbox = await start();
    const { id } = (await ordered(sandbox)).subscription;
    const fields = { subscription_id: id, new_plan_id: 'plan-2', months: 3 };
    const { body } = await sandbox.post(paths.renewal, { ...fields, type_payment: 'balance' });
    expect(body).toEqual({
      success: true,
      message: 'Subscription renewed successfully',
      order: {
        id: expect.any(String),
        order_number: expect.stringMatching(/^PLK_RENEW_20250320_\d{6}$/),
        status: 'completed',
        amount: '29.97',
        currency: 'EUR',
      },
      subscription: {
        id,
        domain_name: 'example.com',
        new_expires_at: '2025-07-20 12:34:56',
        months_added: 3,
      },
      balance_after: '60.04',
    });
  });

  test('changes the plan once it is paid', async () => {
    const sandbox = await start();
    const { id } = (await ordered(sandbox)).subscription;
    const basis = { subscription_id: id, months: 1, type_payment: 'balance' };
    const plans: [object, string][] = [
      [{ new_plan_id: 'plan-2', type_payment: 'crypto' }, 'Basic'],
      [{ new_plan_id: samples.order.plan_id }, 'Basic'],
      [{ new_plan_id: 'plan-2' }, 'plan-2'],
      [{}, 'plan-2'],
    ];
    for (const [fields, plan_name] of plans) {
      expect((await sandbox.post(paths.renewal, { ...basis, ...fields })).status).toBe(200);
      expect(await shown(sandbox, id)).toMatchObject({ subscription: { plan_name } });
    }
  });

  test('is 402 when the balance is too low, and moves nothing', async () => {
    const sandbox = await start();
    const { id } = (await ordered(sandbox)).subscription;
    const fields = { subscription_id: id, months: 10, type_payment: 'balance' };
    expect((await sandbox.post(paths.renewal, fields)).status).toBe(402);
    const { subscription, orders } = await shown(sandbox, id);
    expect(subscription).toMatchObject({ expires_at: '2025-04-20 12:34:56' });
    expect(orders).toHaveLength(1);
  });

  test('a subscription is shown with its orders, renewals included', async () => {
    let moment = Date.parse('2025-03-01T09:00:00Z');
    const sandbox = await start({ now: () => new Date(moment) });
    const { order, subscription } = await ordered(sandbox);
    moment += 86_400_000;
    const renewal = { subscription_id: subscription.id, type_payment: 'balance', months: 2 };
    await sandbox.post(paths.renewal, renewal);
    await sandbox.post(paths.renewal, { ...renewal, type_payment: 'crypto' });
    await ordered(sandbox);
    const renewed = expect.stringMatching(/^PLK_RENEW_20250302_/);
    const id = expect.any(String);
    expect(await shown(sandbox, subscription.id)).toEqual({
      success: true,
      subscription: {
        ...{ id: subscription.id, domain_name: 'example.com', status: 'active', price: '9.99' },
        ...{ plan_name: 'Basic', client_id: id, client_name: 'Example Client' },
        ...{ created_at: '2025-03-01 10:00:00', expires_at: '2025-06-01 10:00:00' },
        ...{ auto_renew: true, ftp_username: 'ftp1' },
      },
      orders: [
        { ...order, amount: '9.99', status: 'completed', created_at: '2025-03-01 10:00:00' },
        { id, order_number: renewed, amount: '19.98', status: 'completed' },
        { id, order_number: renewed, amount: '19.98', status: 'pending' },
      ].map(({ currency: _, ...row }: Record<string, unknown>) => ({
        created_at: '2025-03-02 10:00:00',
        ...row,
      })),
    });
  });

  test.each([
    ['?id=unknown', 404, 'Subscription not found'],
    ['?id=__proto__', 404, 'Subscription not found'],
    ['?id=', 422, 'The given data was invalid'],
    ['?subscription_id=x', 422, 'The given data was invalid'],
    ['', 422, 'The given data was invalid'],
  ])('a subscription asked for with %j is %d', async (query, status, message) => {
    const found = await (await start()).get(`${paths.subscription}${query}`);
    expect(found).toMatchObject({ status, body: { success: false, message } });
  });
});
