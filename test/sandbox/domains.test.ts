import { describe, expect, test } from 'vitest';
import { createdClient, paths, samples, start } from './start.ts';

describe('domain order', () => {
  test('is pending, echoes the password in metadata and has no domain yet', async () => {
    const fields = { ...samples.domainOrder, password: 'not-a-real-secret', vyear: '2' };
    const { status, body } = await (await start()).postForm(paths.domainOrder, fields);
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        data: {
          id: expect.any(String),
          status: 'pending',
          metadata: 'password=not-a-real-secret',
          amount: '40.00',
          currency: 'EUR',
        },
        domain: null,
      },
    ]);
  });

  test('takes nothing from the balance, and needs no password', async () => {
    const sandbox = await start();
    for (let count = 0; count < 6; count += 1) {
      const fields = { ...samples.domainOrder, domain_name: `example${count}.org` };
      const { body } = await sandbox.postForm(paths.domainOrder, fields);
      expect(body).toMatchObject({ data: { status: 'pending', metadata: null } });
    }
    const client_id = await createdClient(sandbox);
    const { body } = await sandbox.post(paths.order, { ...samples.order, client_id });
    expect(body['balance_after']).toBe('90.01');
  });

  test('is refused for a name that was ordered, in any case of its letters', async () => {
    const sandbox = await start();
    const order = async (domain_name: string) => {
      const fields = { ...samples.domainOrder, domain_name };
      const { status, body } = await sandbox.postForm(paths.domainOrder, fields);
      return [status, body['message']];
    };
    expect(await order('example.org')).toEqual([200, undefined]);
    expect(await order('Example.ORG')).toEqual([409, 'Domain is already registered']);
    expect(await order('example.net')).toEqual([200, undefined]);
  });

  test('all bad fields are told at once', async () => {
    const { status, body } = await (await start()).postForm(paths.domainOrder, {
      user_id: ' ',
      domain_name: '',
      vyear: '11',
    });
    expect([status, body['errors']]).toEqual([
      422,
      {
        user_id: ['user_id is required'],
        domain_name: ['domain_name is required'],
        domain_suffix: ['domain_suffix is required'],
        vyear: ['vyear must be between 1 and 10'],
      },
    ]);
  });
});

describe('domain check', () => {
  test.each([
    ['an array', ['io', '.com', 'net']],
    ['the text of an array', '["io", ".com", "net"]'],
  ])('takes the suffixes as %s', async (_, suffixes) => {
    const { status, body } = await (await start()).post(paths.domainCheck, {
      query: 'exampledomain',
      suffixes,
    });
    const free = {
      available: true,
      status: 'available',
      premium: false,
      message: 'Domain is available for registration',
    };
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        data: [
          { domain: 'exampledomain.io', ...free },
          {
            domain: 'exampledomain.com',
            available: false,
            status: 'registered',
            premium: false,
            message: 'Domain is already registered',
          },
          { domain: 'exampledomain.net', ...free },
        ],
        meta: { total_checked: 3, available_count: 2, checked_at: '2025-03-20T12:34:56+01:00' },
      },
    ]);
  });

  test('a domain that was ordered is no longer free, in any case of its letters', async () => {
    const sandbox = await start();
    const check = async () => {
      const fields = { query: 'Example', suffixes: ['ORG'] };
      return (await sandbox.post(paths.domainCheck, fields)).body['meta'];
    };
    expect(await check()).toMatchObject({ available_count: 1 });
    await sandbox.postForm(paths.domainOrder, samples.domainOrder);
    expect(await check()).toMatchObject({ available_count: 0 });
  });

  test.each([
    ['com', 'must be an array of strings'],
    ['["com"', 'must be an array of strings'],
    ['{"0":"com"}', 'must be an array of strings'],
    [{ 0: 'com' }, 'must be an array of strings'],
    [[5], 'must be an array of strings'],
    [['com', ''], 'must be an array of strings'],
    [[], 'must not be empty'],
    ['[]', 'must not be empty'],
    ['', 'is required'],
    [null, 'is required'],
  ])('suffixes as %j: %s', async (suffixes, problem) => {
    const fields = { query: 'exampledomain', suffixes };
    const { status, body } = await (await start()).post(paths.domainCheck, fields);
    expect([status, body['errors']]).toEqual([422, { suffixes: [`suffixes ${problem}`] }]);
  });
});
