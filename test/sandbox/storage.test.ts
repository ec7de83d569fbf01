import { describe, expect, test } from 'vitest';
import { createdClient, paths, samples, start } from './start.ts';

describe('storage order', () => {
  test('has the quirks of the reference: metadata as text, the password in clear', async () => {
    const sandbox = await start();
    const { status, body } = await sandbox.post(paths.storage, {
      ...samples.storage,
      name_server: 'backup-1',
      add_extra: '1',
    });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        order: {
          id: expect.any(String),
          status: 'completed',
          metadata: 'add_extra=1',
          amount: '12.99',
          currency: 'EUR',
        },
        server_status: {
          new_id: expect.any(String),
          id_solusvm: expect.any(Number),
          name: 'backup-1',
          metadata: `password=${samples.storage.password}`,
          primary_ip: expect.stringMatching(/^192\.0\.2\.\d+$/),
        },
      },
    ]);
  });

  test('without the optional fields', async () => {
    const { body } = await (await start()).post(paths.storage, samples.storage);
    expect(body).toMatchObject({
      order: { metadata: null },
      server_status: { name: expect.stringMatching(/^storage-\d+$/) },
    });
  });

  test.each([
    [1, '12.99'],
    ['720', '12.99'],
    [721, '25.98'],
  ])('%j hours cost %s', async (rental_duration, amount) => {
    const fields = { ...samples.storage, rental_duration };
    const { body } = await (await start()).post(paths.storage, fields);
    expect(body).toMatchObject({ order: { amount } });
  });

  test('by crypto is pending and has no server yet', async () => {
    const fields = { ...samples.storage, type_payment: 'crypto' };
    const { body } = await (await start()).post(paths.storage, fields);
    expect(body).toMatchObject({ order: { status: 'pending' }, server_status: null });
  });

  test('draws on the same balance as hosting, 402 when it runs out', async () => {
    const sandbox = await start();
    const long = { ...samples.storage, rental_duration: 720 * 7 };
    expect((await sandbox.post(paths.storage, long)).status).toBe(200);
    expect((await sandbox.post(paths.storage, samples.storage)).status).toBe(402);
    const client_id = await createdClient(sandbox);
    expect((await sandbox.post(paths.order, { ...samples.order, client_id })).status).toBe(402);
  });

  test.each([
    ['rental_duration', 0],
    ['rental_duration', 87_601],
    ['auto_renew', 2],
    ['auto_renew', true],
    ['auto_renew', '-1'],
    ['add_extra', '2'],
    ['add_extra', 1],
    ['add_extra', ''],
    ['name_server', 7],
    ['versions', ''],
    ['os_image_id', undefined],
  ])('%s as %j is 422', async (field, value) => {
    const fields = { ...samples.storage, [field]: value };
    const { status, body } = await (await start()).post(paths.storage, fields);
    expect([status, Object.keys(body['errors'] ?? {})]).toEqual([422, [field]]);
  });
});
