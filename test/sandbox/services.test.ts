import { describe, expect, test } from 'vitest';
import { addMonths, decimalString, formatWallTime } from '../../src/sandbox/values.ts';
import { createdClient, paths, samples, start } from './start.ts';

const id = expect.any(String);

describe('domains', () => {
  test('an order is pending, echoes the password in metadata and has no domain yet', async () => {
    const fields = { ...samples.domainOrder, password: 'not-a-real-secret', vyear: '2' };
    const { status, body } = await (await start()).postForm(paths.domainOrder, fields);
    const metadata = 'password=not-a-real-secret';
    const data = { id, status: 'pending', metadata, amount: '40.00', currency: 'EUR' };
    expect([status, body]).toEqual([200, { success: true, data, domain: null }]);
  });

  test('orders take nothing from the balance, and need no password', async () => {
    const sandbox = await start();
    for (const domain_name of ['a.org', 'b.org', 'c.org', 'd.org', 'e.org', 'f.org']) {
      const fields = { ...samples.domainOrder, domain_name };
      const { body } = await sandbox.postForm(paths.domainOrder, fields);
      expect(body).toMatchObject({ data: { status: 'pending', metadata: null } });
    }
    const client_id = await createdClient(sandbox);
    const { body } = await sandbox.post(paths.order, { ...samples.order, client_id });
    expect(body['balance_after']).toBe('90.01');
  });

  test.each([
    ['an array', ['org', '.com', 'net']],
    ['the text of an array', '["org", ".com", "net"]'],
  ])(
    'a check takes the suffixes as %s; what was ordered is no longer free',
    async (_, suffixes) => {
      const sandbox = await start();
      const check = async () =>
        (await sandbox.post(paths.domainCheck, { query: 'Example', suffixes })).body;
      const found = (domain: string, available: boolean) => ({
        domain,
        available,
        status: available ? 'available' : 'registered',
        premium: false,
        message: available
          ? 'Domain is available for registration'
          : 'Domain is already registered',
      });
      const meta = { total_checked: 3, checked_at: '2025-03-20T12:34:56+01:00' };
      const rest = [found('Example.com', false), found('Example.net', true)];
      expect(await check()).toEqual({
        success: true,
        data: [found('Example.org', true), ...rest],
        meta: { ...meta, available_count: 2 },
      });
      await sandbox.postForm(paths.domainOrder, samples.domainOrder);
      expect(await check()).toMatchObject({ data: [found('Example.org', false), ...rest] });
      const again = { ...samples.domainOrder, domain_name: 'EXAMPLE.org' };
      expect(await sandbox.postForm(paths.domainOrder, again)).toMatchObject({
        status: 409,
        body: { success: false, message: 'Domain is already registered' },
      });
    },
  );
});

describe('storage order', () => {
  test('has the quirks of the reference: metadata as text, the password in clear', async () => {
    const fields = { ...samples.storage, name_server: 'backup-1', add_extra: '1' };
    const { status, body } = await (await start()).post(paths.storage, fields);
    const metadata = 'add_extra=1';
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        order: { id, status: 'completed', metadata, amount: '12.99', currency: 'EUR' },
        server_status: {
          new_id: id,
          id_solusvm: expect.any(Number),
          name: 'backup-1',
          metadata: `password=${samples.storage.password}`,
          primary_ip: expect.stringMatching(/^192\.0\.2\.\d+$/),
        },
      },
    ]);
  });

  test.each<[object, object]>([
    [{}, { server_status: { name: expect.stringMatching(/^storage-\d+$/) } }],
    [{}, { order: { metadata: null, amount: '12.99' } }],
    [{ rental_duration: 1 }, { order: { amount: '12.99' } }],
    [{ rental_duration: '720' }, { order: { amount: '12.99' } }],
    [{ rental_duration: 721 }, { order: { amount: '25.98' } }],
    [{ type_payment: 'crypto' }, { order: { status: 'pending' }, server_status: null }],
  ])('with %j: %j', async (fields, part) => {
    const { body } = await (await start()).post(paths.storage, { ...samples.storage, ...fields });
    expect(body).toMatchObject(part);
  });

  test('draws on the same balance as hosting, 402 when it runs out', async () => {
    const sandbox = await start();
    const long = { ...samples.storage, rental_duration: 720 * 7 };
    expect((await sandbox.post(paths.storage, long)).status).toBe(200);
    expect((await sandbox.post(paths.storage, samples.storage)).status).toBe(402);
    const client_id = await createdClient(sandbox);
    expect((await sandbox.post(paths.order, { ...samples.order, client_id })).status).toBe(402);
  });
});

test('an invoice is made for any order, with money as numbers and times in Unix seconds', async () => {
  const sandbox = await start();
  const storage = { ...samples.storage, type_payment: 'crypto' };
  const { order } = (await sandbox.post(paths.storage, storage)).body as { order: { id: string } };
  const fields = { ...samples.invoice, order_id: order.id };
  const date = 1_742_470_496;
  expect((await sandbox.post(paths.invoice, fields)).body).toEqual({
    success: true,
    transaction: { id, success: true },
    message: 'Operation completed successfully!',
    data: {
      track_id: expect.stringMatching(/^\d{9}$/),
      ...{ amount: 12.99, currency: 'EUR', pay_amount: 0.0051777964, pay_currency: 'ETH' },
      network: 'Ethereum Network',
      address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
      ...{ qr_code: 'URL', lifetime: 90, expired_at: date + 5400, order_id: order.id, date },
    },
  });
  const tron = await sandbox.post(paths.invoice, { ...fields, network: 'Tron Network' });
  expect(tron.body).toMatchObject({ data: { network: 'Tron Network' } });
  const unknown = await sandbox.post(paths.invoice, { ...fields, order_id: 'unknown' });
  const errors = { order_id: ['order_id is not the id of any order'] };
  expect(unknown).toMatchObject({ status: 422, body: { errors } });
});

test.each([3, '3'])('days of a notification sent as %j come back as a number', async (days) => {
  const fields = { user_id: 'user-1', preferences: 'email', days };
  const { status, body } = await (await start()).post(paths.notification, fields);
  const message = 'Notification preferences updated successfully';
  const data = { ...fields, days: 3, updated_at: '2025-03-20 12:34:56' };
  expect([status, body]).toEqual([200, { success: true, message, data }]);
});

test.each([
  ['2025-11-24T18:08:32.500Z', '2025-11-24 19:08:32', '2025-11-24T19:08:32+01:00'],
  ['2025-06-12T20:42:09.000Z', '2025-06-12 22:42:09', '2025-06-12T22:42:09+02:00'],
  ['2025-12-31T23:00:00.999Z', '2026-01-01 00:00:00', '2026-01-01T00:00:00+01:00'],
])('%s is %s on a Central European wall', async (moment, updated_at, checked_at) => {
  const sandbox = await start({ now: () => new Date(moment) });
  const notified = { user_id: 'user-1', preferences: 'email', days: 3 };
  const checked = { query: 'example', suffixes: ['com'] };
  expect((await sandbox.post(paths.notification, notified)).body).toMatchObject({
    data: { updated_at },
  });
  expect((await sandbox.post(paths.domainCheck, checked)).body).toMatchObject({
    meta: { checked_at },
  });
});

test.each([
  ['2025-03-01T10:00:00Z', 1, '2025-04-01 10:00:00'],
  ['2025-01-31T08:15:00Z', 1, '2025-02-28 08:15:00'],
  ['2024-01-31T08:15:00Z', 1, '2024-02-29 08:15:00'],
  ['2025-11-30T23:59:59Z', 3, '2026-02-28 23:59:59'],
  ['2025-12-15T00:00:00Z', 12, '2026-12-15 00:00:00'],
])('%s and %d months later is %s', (from, months, end) => {
  expect(formatWallTime(addMonths(Date.parse(from), months))).toBe(end);
});

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [50, '0.50'],
  [123_456_78, '123456.78'],
])('%d cents are %s', (cents, written) => {
  expect(decimalString(cents)).toBe(written);
});
