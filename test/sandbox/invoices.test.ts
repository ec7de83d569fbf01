import { describe, expect, test } from 'vitest';
import { createdClient, paths, samples, start } from './start.ts';

describe('invoice', () => {
  test('is made for an order, with money as numbers and times in Unix seconds', async () => {
    const sandbox = await start();
    const placed = await sandbox.post(paths.storage, {
      ...samples.storage,
      type_payment: 'crypto',
    });
    const order_id = (placed.body['order'] as { id: string }).id;
    const { status, body } = await sandbox.post(paths.invoice, { ...samples.invoice, order_id });
    const date = 1_742_470_496;
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        transaction: { id: expect.any(String), success: true },
        message: 'Operation completed successfully!',
        data: {
          track_id: expect.stringMatching(/^\d{9}$/),
          amount: 12.99,
          currency: 'EUR',
          pay_amount: 0.0051777964,
          pay_currency: 'ETH',
          network: 'Ethereum Network',
          address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
          qr_code: 'URL',
          lifetime: 90,
          expired_at: date + 5400,
          order_id,
          date,
        },
      },
    ]);
  });

  test('for a domain order and for a hosting order too; each has its own track id', async () => {
    const sandbox = await start();
    const client_id = await createdClient(sandbox);
    const hosting = await sandbox.post(paths.order, {
      ...samples.order,
      client_id,
      type_payment: 'crypto',
    });
    const domain = await sandbox.postForm(paths.domainOrder, samples.domainOrder);
    const tracks = new Set<unknown>();
    for (const { id } of [hosting.body['order'], domain.body['data']] as { id: string }[]) {
      const fields = { ...samples.invoice, order_id: id, network: 'Tron Network' };
      const { status, body } = await sandbox.post(paths.invoice, fields);
      expect([status, body['data']]).toMatchObject([
        200,
        { order_id: id, network: 'Tron Network' },
      ]);
      tracks.add((body['data'] as { track_id: string }).track_id);
    }
    expect(tracks.size).toBe(2);
  });

  test('needs its order', async () => {
    const fields = { ...samples.invoice, order_id: 'unknown' };
    const { status, body } = await (await start()).post(paths.invoice, fields);
    expect([status, body['errors']]).toEqual([
      422,
      { order_id: ['order_id is not the id of an order'] },
    ]);
  });

  test('all bad fields are told at once', async () => {
    const { status, body } = await (await start()).post(paths.invoice, { currency: 5 });
    expect([status, Object.keys(body['errors'] ?? {})]).toEqual([
      422,
      ['user_id', 'order_id', 'currency', 'pay_currency', 'network'],
    ]);
  });
});
