import { describe, expect, test } from 'vitest';
import { createdClient, paths, type Started, samples, start } from './start.ts';

interface Placed {
  readonly order: { readonly id: string; readonly order_number: string; readonly status: string };
  readonly subscription: { readonly id: string; readonly status: string };
}

async function ordered(sandbox: Started, fields: Record<string, unknown> = {}): Promise<Placed> {
  const clientId = await createdClient(sandbox, { login: crypto.randomUUID() });
  const { status, body } = await sandbox.post(paths.order, {
    ...samples.order,
    client_id: clientId,
    ...fields,
  });
  if (status !== 200) {
    throw new Error(`not ordered: ${JSON.stringify(body)}`);
  }
  return body as unknown as Placed;
}

describe('Plesk order', () => {
  test('is paid from the balance', async () => {
    const sandbox = await start();
    const clientId = await createdClient(sandbox);
    const { body } = await sandbox.post(paths.order, { ...samples.order, client_id: clientId });
    expect(body).toEqual({
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
    const sandbox = await start();
    expect(await ordered(sandbox, { subscription_duration: '3' })).toMatchObject({
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
    const placed = [await ordered(sandbox), await ordered(sandbox)];
    expect(new Set(placed.map(({ order }) => order.order_number)).size).toBe(2);
    expect(new Set(placed.map(({ order }) => order.id)).size).toBe(2);
    expect(new Set(placed.map(({ subscription }) => subscription.id)).size).toBe(2);
  });

  test('needs its client, by the id and not by the number in Plesk', async () => {
    const sandbox = await start();
    const { body } = await sandbox.post(paths.client, samples.client);
    const { plesk_client_id } = body['data'] as { plesk_client_id: string };
    for (const clientId of ['client-unknown', plesk_client_id, '__proto__']) {
      const refused = await sandbox.post(paths.order, { ...samples.order, client_id: clientId });
      expect([refused.status, refused.body['errors']]).toEqual([
        422,
        { client_id: ['client_id is not the id of a client'] },
      ]);
    }
    expect(await ordered(sandbox)).toMatchObject({ balance_after: '90.01' });
  });

  test('is 402 when the balance runs out, to the cent, and takes nothing', async () => {
    const sandbox = await start();
    for (const months of [3, 3, 3, 1]) {
      await ordered(sandbox, { subscription_duration: months });
    }
    const clientId = await createdClient(sandbox);
    const fields = { ...samples.order, client_id: clientId };
    const refused = await sandbox.post(paths.order, fields);
    expect([refused.status, refused.body]).toEqual([
      402,
      { success: false, message: 'Insufficient balance: 9.99 EUR needed, 0.10 EUR available' },
    ]);
    const crypto = await sandbox.post(paths.order, { ...fields, type_payment: 'crypto' });
    expect(crypto.body).toMatchObject({ success: true, balance_after: '0.10' });
  });

  test.each([
    ['subscription_duration', 0, 'must be between 1 and 3'],
    ['subscription_duration', 4, 'must be between 1 and 3'],
    ['subscription_duration', 1.5, 'must be an integer'],
    ['subscription_duration', '1.0', 'must be an integer'],
    ['subscription_duration', ' 1', 'must be an integer'],
    ['subscription_duration', true, 'must be an integer'],
    ['subscription_duration', [1], 'must be an integer'],
    ['subscription_duration', '', 'is required'],
    ['subscription_duration', null, 'is required'],
    ['type_payment', 'card', 'must be one of: balance, crypto'],
    ['type_payment', 'Balance', 'must be one of: balance, crypto'],
    ['type_payment', 1, 'must be one of: balance, crypto'],
    ['type_payment', '', 'is required'],
    ['plan_id', 5, 'must be a string'],
    ['ftp_password', '', 'is required'],
  ])('%s as %j: %s', async (field, value, problem) => {
    const sandbox = await start();
    const client_id = await createdClient(sandbox);
    const fields = { ...samples.order, client_id, [field]: value };
    const { status, body } = await sandbox.post(paths.order, fields);
    expect([status, body['errors']]).toEqual([422, { [field]: [`${field} ${problem}`] }]);
  });
});

describe('renewal', () => {
  test('moves the expiry and takes from the balance', async () => {
    const sandbox = await start();
    const { subscription } = await ordered(sandbox);
    const { status, body } = await sandbox.post(paths.renewal, {
      subscription_id: subscription.id,
      new_plan_id: 'plan-2',
      months: 3,
      type_payment: 'balance',
    });
    expect([status, body]).toEqual([
      200,
      {
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
          id: subscription.id,
          domain_name: 'example.com',
          new_expires_at: '2025-07-20 12:34:56',
          months_added: 3,
        },
        balance_after: '60.04',
      },
    ]);
  });

  test('changes the plan once it is paid', async () => {
    const sandbox = await start();
    const { subscription } = await ordered(sandbox);
    const plan = async () => {
      const { body } = await sandbox.get(`${paths.subscription}?id=${subscription.id}`);
      return (body['subscription'] as { plan_name: string }).plan_name;
    };
    const renew = async (fields: object) => {
      const basis = { subscription_id: subscription.id, months: 1, type_payment: 'balance' };
      expect((await sandbox.post(paths.renewal, { ...basis, ...fields })).status).toBe(200);
    };
    await renew({ new_plan_id: 'plan-2', type_payment: 'crypto' });
    expect(await plan()).toBe('Basic');
    await renew({ new_plan_id: samples.order.plan_id });
    expect(await plan()).toBe('Basic');
    await renew({ new_plan_id: 'plan-2' });
    expect(await plan()).toBe('plan-2');
    await renew({});
    expect(await plan()).toBe('plan-2');
  });

  test('needs its subscription', async () => {
    const fields = { subscription_id: 'unknown', months: 1, type_payment: 'balance' };
    const { status, body } = await (await start()).post(paths.renewal, fields);
    expect([status, body['errors']]).toEqual([
      422,
      { subscription_id: ['subscription_id is not that of a subscription'] },
    ]);
  });

  test('is 402 when the balance is too low, and moves nothing', async () => {
    const sandbox = await start();
    const { subscription } = await ordered(sandbox);
    const fields = { subscription_id: subscription.id, months: 10, type_payment: 'balance' };
    expect((await sandbox.post(paths.renewal, fields)).status).toBe(402);
    const { body } = await sandbox.get(`${paths.subscription}?id=${subscription.id}`);
    expect(body).toMatchObject({ subscription: { expires_at: '2025-04-20 12:34:56' } });
    expect(body['orders']).toHaveLength(1);
  });

  test('all bad fields are told at once', async () => {
    const fields = { new_plan_id: 5, months: 121, type_payment: 'card' };
    const { status, body } = await (await start()).post(paths.renewal, fields);
    expect([status, body['errors']]).toEqual([
      422,
      {
        subscription_id: ['subscription_id is required'],
        new_plan_id: ['new_plan_id must be a string'],
        months: ['months must be between 1 and 120'],
        type_payment: ['type_payment must be one of: balance, crypto'],
      },
    ]);
  });
});

describe('subscription detail', () => {
  test('tells the subscription with its orders, renewals included', async () => {
    let moment = Date.parse('2025-03-01T09:00:00Z');
    const sandbox = await start({ now: () => new Date(moment) });
    const clientId = await createdClient(sandbox);
    const { order, subscription } = await ordered(sandbox, { client_id: clientId });
    moment += 86_400_000;
    const renewal = { subscription_id: subscription.id, type_payment: 'balance', months: 2 };
    await sandbox.post(paths.renewal, renewal);
    await sandbox.post(paths.renewal, { ...renewal, type_payment: 'crypto' });
    await ordered(sandbox);
    const { status, body } = await sandbox.get(`${paths.subscription}?id=${subscription.id}`);
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        subscription: {
          id: subscription.id,
          domain_name: 'example.com',
          status: 'active',
          price: '9.99',
          plan_name: 'Basic',
          client_id: clientId,
          client_name: 'Example Client',
          created_at: '2025-03-01 10:00:00',
          expires_at: '2025-06-01 10:00:00',
          auto_renew: true,
          ftp_username: 'ftp1',
        },
        orders: [
          {
            id: order.id,
            order_number: order.order_number,
            amount: '9.99',
            status: 'completed',
            created_at: '2025-03-01 10:00:00',
          },
          {
            id: expect.any(String),
            order_number: expect.stringMatching(/^PLK_RENEW_20250302_/),
            amount: '19.98',
            status: 'completed',
            created_at: '2025-03-02 10:00:00',
          },
          expect.objectContaining({ amount: '19.98', status: 'pending' }),
        ],
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(samples.order.ftp_password);
  });

  test.each([
    ['?id=unknown', 404, 'Subscription not found'],
    ['?id=__proto__', 404, 'Subscription not found'],
    ['?id=', 422, 'The given data was invalid'],
    ['?subscription_id=x', 422, 'The given data was invalid'],
    ['', 422, 'The given data was invalid'],
    ['?', 422, 'The given data was invalid'],
  ])('%j is %d', async (query, status, message) => {
    const told = await (await start()).get(`${paths.subscription}${query}`);
    expect([told.status, told.body['message']]).toEqual([status, message]);
  });
});
