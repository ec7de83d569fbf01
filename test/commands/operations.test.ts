import { describe, expect, test } from 'vitest';
import { setNotification } from '../../src/api/operations/account.ts';
import { orderDomain } from '../../src/api/operations/domains.ts';
import { createOrder, orderStorage, renewOrder } from '../../src/api/operations/hosting.ts';
import { checkField } from '../../src/call/flags.ts';
import { runOxhost } from '../support/run.ts';
import { answer, startServer } from '../support/server.ts';
import { CLIENT, ORDER, sandboxed } from './sandboxed.ts';

describe('the whole way against the sandbox', () => {
  test('client, order, subscription, renewal', async () => {
    const { result } = await sandboxed();
    const { id = '' } = await result(...CLIENT);
    const order = await result(...ORDER, '--client', id, '--generate-ftp-password', '--yes');
    expect(order).toMatchObject({
      order: { status: 'completed', amount: '9.99', currency: 'EUR' },
      subscription: { domain_name: 'example.com', status: 'active' },
      balance_after: '90.01',
      generated_ftp_password: expect.stringMatching(/^\S{20}$/),
    });
    const { id: subscription } = order['subscription'] as unknown as { id: string };
    const renewal = ['plesk', 'order', 'renew', subscription, '--months', '2', '--yes'];
    expect(await result(...renewal, '--payment', 'balance')).toMatchObject({
      subscription: { months_added: 2 },
      balance_after: '70.03',
    });
    const shown = await result('plesk', 'subscription', 'show', subscription);
    expect(shown).toMatchObject({ subscription: { status: 'active', ftp_username: 'client1' } });
    expect(shown['orders']).toHaveLength(2);
  });

  test('storage, a domain, its invoice, a notification', async () => {
    const { result } = await sandboxed();
    const user = ['--user', 'user-1'];
    const storage = await result(
      ...['storage', 'order', '--plan', 'plan-1', '--image', 'image-1', '--hours', '720'],
      ...['--os-version', 'debian-13', '--payment', 'balance', '--server-password', 'Abc-123-xyz'],
      ...['--extra-storage', '--name', 'disk', '--yes', ...user],
    );
    expect(storage).toMatchObject({
      order: { metadata: 'add_extra=1' },
      server_status: { name: 'disk', metadata: 'password=********' },
    });
    expect(storage).not.toHaveProperty('generated_password');
    const domain = ['domain', 'order', '--domain', 'example.io', '--years', '2', ...user, '--yes'];
    const order = await result(...domain);
    expect(order).toMatchObject({ status: 'pending', amount: '40.00' });
    const invoice = await result(
      ...['invoice', 'create', '--order', order['id'] ?? '', '--currency', 'EUR'],
      ...['--pay-currency', 'ETH', '--network', 'Ethereum', '--yes', ...user],
    );
    expect(invoice).toMatchObject({ amount: 40, pay_currency: 'ETH', address: expect.any(String) });
    const notification = ['notification', 'set', '--preference', 'email', '--days', '3', ...user];
    expect(await result(...notification)).toMatchObject({ preferences: 'email', days: 3 });
    expect(
      await result('domain', 'check', 'example', '--suffix', 'io', '--suffix', '.net'),
    ).toEqual([
      expect.objectContaining({ domain: 'example.io', available: false }),
      expect.objectContaining({ domain: 'example.net', available: true }),
    ]);
  });

  test('money runs out: refused, and said so', async () => {
    const { run, result } = await sandboxed();
    const { id = '' } = await result(...CLIENT);
    const order = [...ORDER, '--client', id, '--ftp-password', 'Abc-123-xyz', '--yes', '--json'];
    const renew = async (months: string) => {
      const { subscription } = await result(...order.slice(0, -1));
      const { id: which } = subscription as unknown as { id: string };
      const args = ['plesk', 'order', 'renew', which, '--months', months, '--yes', '--json'];
      return run([...args, '--payment', 'balance']);
    };
    const { exitCode, error, stdout } = await renew('12');
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(error).toMatchObject({
      ...{ code: 'rejected', outcome: 'not_created', http: { status: 402 } },
      hint: 'Top up the balance of your account, then repeat the command.',
    });
  });
});

describe('what is sent', () => {
  const sentBy = async (args: readonly string[], env = {}) => {
    await using server = await startServer((_request, response) => {
      response.writeHead(422).end('{"success":false,"message":"No"}');
    });
    const all = [...args, '--json', '--yes', '--api-url', server.url];
    const run = await runOxhost(all, { env: { OXHOST_API_KEY: 'key-0123456789abcdef', ...env } });
    return { run, requests: server.requests };
  };

  test.each<[string, string[], unknown]>([
    [
      'a switch that is not given is 0, a mark is left out',
      ['--server-password', 'Abc-123-xyz'],
      { auto_renew: 0 },
    ],
    [
      'a switch that is given is 1, a mark "1"',
      ['--server-password', 'Abc-123-xyz', '--auto-renew', '--extra-storage'],
      { auto_renew: 1, add_extra: '1' },
    ],
  ])('%s', async (_what, args, expected) => {
    const { requests } = await sentBy([
      ...['storage', 'order', '--user', 'u', '--plan', 'p', '--image', 'i', '--hours', '24'],
      ...['--os-version', 'v', '--payment', 'crypto', ...args],
    ]);
    expect(requests.map(({ json }) => json)).toEqual([
      {
        ...{ user_id: 'u', plan_id: 'p', os_image_id: 'i', rental_duration: 24 },
        ...{ password: 'Abc-123-xyz', type_payment: 'crypto', versions: 'v' },
        ...(expected as object),
      },
    ]);
  });

  test.each([
    ['example.com', 'com'],
    ['example.co.uk', 'co.uk'],
  ])('the suffix of %s is its own', async (domain, suffix) => {
    const { requests } = await sentBy(
      ['domain', 'order', '--user', 'u', '--domain', domain, '--years', '1'],
      { OXHOST_PASSWORD: 'a&b=c d' },
    );
    expect(requests.map(({ body }) => body)).toEqual([
      `user_id=u&domain_name=${domain}&password=a%26b%3Dc+d&domain_suffix=${suffix}&vyear=1`,
    ]);
  });

  test.each<[string[], unknown]>([
    [['example.com'], { query: 'example', suffixes: ['com'] }],
    [['example.co.uk'], { query: 'example', suffixes: ['co.uk'] }],
    [
      ['example', '--suffix', 'com', '--suffix', 'net'],
      { query: 'example', suffixes: ['com', 'net'] },
    ],
    [['example', '--suffix', '.com, net'], { query: 'example', suffixes: ['com', 'net'] }],
    [
      ['example.com', '--suffix', 'net', '--suffix', '.com'],
      { query: 'example', suffixes: ['net', 'com'] },
    ],
    [['example', '--suffix', '["io", ".com"]'], { query: 'example', suffixes: ['io', 'com'] }],
  ])('domain check %j', async (args, expected) => {
    const { requests } = await sentBy(['domain', 'check', ...args]);
    expect(requests.map(({ json }) => json)).toEqual([expected]);
  });

  test('the request that the reference prints, as it is', async () => {
    await using server = await startServer(answer(422, { success: false }));
    await runOxhost(['domain', 'check', '--input', '-', '--api-url', server.url], {
      env: { OXHOST_API_KEY: 'key-0123456789abcdef' },
      stdin: '{"query":"exampledomain","suffixes":"[\\"io\\",\\"com\\",\\"net\\"]"}',
    });
    expect(server.requests.map(({ json }) => json)).toEqual([
      { query: 'exampledomain', suffixes: ['io', 'com', 'net'] },
    ]);
  });

  test('--input has every kind of value; flags win over it', async () => {
    const { requests } = await sentBy(['domain', 'check', '--input', '-', '--suffix', 'net'], {});
    expect(requests).toEqual([]);
    const file = JSON.stringify({ query: 'example', suffixes: ['com', 'org'] });
    await using server = await startServer((_request, response) => {
      response.end('{"success":false}');
    });
    await runOxhost(['domain', 'check', '--input', '-', '--api-url', server.url], {
      env: { OXHOST_API_KEY: 'key-0123456789abcdef' },
      stdin: file,
    });
    expect(server.requests.map(({ json }) => json)).toEqual([
      { query: 'example', suffixes: ['com', 'org'] },
    ]);
  });

  test('the user id of the profile is used, and --user wins', async () => {
    await using server = await startServer((_request, response) => {
      response.end('{"success":false}');
    });
    const login = await runOxhost(
      ['auth', 'login', '--key-stdin', '--user', 'kept-user', '--api-url', server.url],
      { stdin: 'key-0123456789abcdef' },
    );
    const env = { OXHOST_CONFIG_DIR: login.configFolder };
    const set = ['notification', 'set', '--preference', 'email', '--days', '3'];
    await runOxhost(set, { env });
    await runOxhost([...set, '--user', 'other'], { env });
    expect(server.requests.map(({ json }) => (json as { user_id: string }).user_id)).toEqual([
      'kept-user',
      'other',
    ]);
  });
});

describe('what is wrong is said all at once, and nothing is sent', () => {
  test.each<[string[], string[]]>([
    [
      ['plesk', 'order', 'create'],
      ['plan', 'client', 'domain', 'ftp-login', 'ftp-password', 'months', 'payment'],
    ],
    [
      ['plesk', 'order', 'renew'],
      ['subscription', 'months', 'payment'],
    ],
    [['plesk', 'subscription', 'show'], ['id']],
    [
      ['storage', 'order'],
      ['user', 'plan', 'image', 'hours', 'server-password', 'payment', 'os-version'],
    ],
    [
      ['domain', 'check'],
      ['name', 'suffix'],
    ],
    [['domain', 'check', 'example'], ['suffix']],
    [
      ['domain', 'order'],
      ['user', 'domain', 'suffix', 'years'],
    ],
    [
      ['invoice', 'create'],
      ['user', 'order', 'currency', 'pay-currency', 'network'],
    ],
    [
      ['notification', 'set'],
      ['user', 'preference', 'days'],
    ],
  ])('missing: %j', async (args, missing) => {
    const { exitCode, stdout, error } = await runOxhost([...args, '--json', '--yes']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(error).toMatchObject({ code: 'missing_input', attempts: 0 });
    expect(error?.['fields']).toEqual(missing.map((name) => ({ name, message: 'is missing' })));
  });

  test.each<[string[], string, string]>([
    [['--months', '4'], 'months', 'must be a whole number from 1 to 3'],
    [['--months', '0'], 'months', 'must be a whole number from 1 to 3'],
    [['--months', '1.5'], 'months', 'must be a whole number from 1 to 3'],
    [['--payment', 'cash'], 'payment', 'must be balance or crypto'],
    [['--plan', ' '], 'plan', 'must not be empty or blank'],
    [['--client', ''], 'client', 'must not be empty or blank'],
    [
      ['--domain', 'a\nb'],
      'domain',
      'must not contain control characters such as tabs or line breaks',
    ],
    [['--ftp-password', ' '], 'ftp-password', 'must not be empty or blank'],
  ])('%j', async (args, name, message) => {
    const good = [...ORDER, '--client', 'c', '--ftp-password', 'Abc-123-xyz', '--json', '--yes'];
    const { exitCode, error } = await runOxhost([...good, ...args], {
      env: { OXHOST_API_KEY: 'key-0123456789abcdef', OXHOST_API_URL: 'http://127.0.0.1:1' },
    });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'invalid_input', fields: [{ name, message }] });
  });

  const sending = async (args: readonly string[], env = {}) => {
    await using server = await startServer();
    const result = await runOxhost([...args, '--json', '--yes', '--api-url', server.url], {
      env: { OXHOST_API_KEY: 'key-0123456789abcdef', ...env },
    });
    expect(server.connections).toBe(0);
    return result;
  };
  const domain = ['domain', 'order', '--user', 'u', '--years', '1'];
  const letters = 'must have only letters, digits, hyphens and dots';

  test.each<[string[], string, string]>([
    [
      [...domain, '--domain', 'http://exa mple..com/'],
      'domain',
      'must be a domain alone, without anything like http:// before it',
    ],
    [[...domain, '--domain', 'example.com/'], 'domain', letters],
    [
      [...domain, '--domain', 'com', '--suffix', 'com'],
      'domain',
      'must have a dot, such as example.com',
    ],
    [
      [...domain, '--domain', 'example.com', '--suffix', 'net'],
      'suffix',
      'must be what the domain ends with',
    ],
    [[...domain, '--domain', 'example.com', '--suffix', 'c[om'], 'suffix', letters],
    [
      [...ORDER, '--client', 'c', '--ftp-password', 'Abc-123-xyz', '--domain', 'a b.com'],
      'domain',
      letters,
    ],
    [
      [...ORDER, '--client', 'c', '--ftp-password', 'Abc-123-xyz', '--ftp-login', 'a b;rm'],
      'ftp-login',
      'must not contain white space',
    ],
    [
      ['domain', 'check', 'a.b', '--suffix', 'com'],
      'name',
      'must not have another suffix than those of --suffix',
    ],
    [['domain', 'check', 'a b', '--suffix', 'com'], 'name', letters],
    [['domain', 'check', 'a', '--suffix', '["com"'], 'suffix', letters],
    [['domain', 'check', 'a', '--suffix', '"com"'], 'suffix', letters],
    [['domain', 'check', 'a', '--suffix', 'com,'], 'suffix', 'must be values with commas between'],
  ])('what is certainly wrong: %j', async (args, name, message) => {
    const { exitCode, error } = await sending(args);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'invalid_input', fields: [{ name, message }] });
  });

  test('what is behind www is not guessed to be a suffix', async () => {
    const www = [...domain, '--domain', 'www.example.com'];
    expect((await sending(www)).error).toMatchObject({
      code: 'missing_input',
      fields: expect.arrayContaining([{ name: 'suffix', message: 'is missing' }]),
    });
  });

  test('missing fields and a missing --yes are one error', async () => {
    const { error } = await runOxhost([...domain, '--json', '--years', '0']);
    expect(error).toMatchObject({
      code: 'missing_input',
      message:
        'Nothing was sent: --domain, --suffix, --yes, --years are missing or cannot be used.',
      fields: [
        { name: 'domain', message: 'is missing' },
        { name: 'suffix', message: 'is missing' },
        { name: 'yes', message: 'is missing: it spends money, and nobody can be asked' },
        { name: 'years', message: 'must be a whole number from 1 to 10' },
      ],
    });
  });

  test.each([
    [
      ['domain', 'order', 'example.com'],
      'order takes options only; a value with spaces needs quotes around it.',
    ],
    [
      ['plesk', 'order', 'renew', 'a', 'b'],
      'renew takes one value and got 2; a value with spaces needs quotes around it.',
    ],
    [
      ['plesk', 'subscription', 'show', 'a', 'secret-word'],
      'show takes one value and got 2; a value with spaces needs quotes around it.',
    ],
  ])('an operand too many: %j', async (args, message) => {
    const { exitCode, error, stderr } = await runOxhost([...args, '--json', '--yes']);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'usage', message });
    expect(stderr).not.toContain('secret-word');
  });

  const integers = [createOrder, renewOrder, orderStorage, orderDomain, setNotification].flatMap(
    (operation) =>
      operation.fields
        .filter(({ kind }) => kind === 'integer')
        .map((field) => [`${operation.path} ${field.name}`, field] as const),
  );
  test('there are integers of five operations', () => expect(integers).toHaveLength(5));
  test.each(integers)('both bounds of %s', (_name, field) => {
    const { minimum = Number.NaN, maximum = Number.NaN } = field;
    const problem = `must be a whole number from ${minimum} to ${maximum}`;
    expect(checkField(field, String(minimum))).toBeNull();
    expect(checkField(field, String(maximum))).toBeNull();
    for (const bad of [String(minimum - 1), String(maximum + 1), '999999999', '1e2', '2.0', '+5']) {
      expect(checkField(field, bad)).toBe(problem);
    }
  });

  test('what the server finds wrong has the names of the command line', async () => {
    const errors = {
      client_id: ['is nobody'],
      subscription_duration: ['is too long'],
      captcha: ['is missing'],
    };
    await using server = await startServer(answer(422, { success: false, message: 'No.', errors }));
    const args = [...ORDER, '--client', 'c', '--ftp-password', 'Abc-123-xyz', '--yes'];
    const env = { OXHOST_API_KEY: 'key-0123456789abcdef', OXHOST_API_URL: server.url };
    const { error } = await runOxhost([...args, '--json'], { env });
    expect(error?.['fields']).toEqual([
      { name: 'client', message: 'is nobody' },
      { name: 'months', message: 'is too long' },
      { name: 'captcha', message: 'is missing' },
    ]);
    const { stderr } = await runOxhost(args, { env });
    expect(stderr.split('\n').filter((line) => line.startsWith('  '))).toEqual([
      '  --client: is nobody',
      '  --months: is too long',
      '  captcha: is missing',
    ]);
    const renew = [
      'plesk',
      'order',
      'renew',
      's',
      '--months',
      '1',
      '--payment',
      'balance',
      '--yes',
    ];
    const wrong = { subscription_id: ['is gone'] };
    await using other = await startServer(
      answer(422, { success: false, message: 'No.', errors: wrong }),
    );
    const said = await runOxhost(renew, { env: { ...env, OXHOST_API_URL: other.url } });
    expect(said.stderr).toContain('subscription: is gone');
  });

  test('an operand is named as a field to programs', async () => {
    const { error } = await runOxhost(['plesk', 'subscription', 'show', '--json']);
    expect(error).toMatchObject({ fields: [{ name: 'id', message: 'is missing' }] });
  });

  test('an operand is not called a flag', async () => {
    const { stderr } = await runOxhost(['plesk', 'subscription', 'show']);
    expect(stderr).toBe('error: Nothing was sent: <id> is missing.\n');
  });

  test('--fields of another operation, before money is spent', async () => {
    const args = ['domain', 'order', '--json', '--yes', '--fields', 'login'];
    expect((await runOxhost(args)).error).toMatchObject({
      code: 'usage',
      message:
        '--fields: there is no login; there are id, status, metadata, amount, currency, domain, generated_password.',
    });
  });

  test.each([
    [['--fields', 'login'], '--fields: there is no login; there are subscription, orders.'],
    [['--get', 'login'], /^--get: there is no login; there are subscription\.id, /],
    [['--get', 'subscription.plan'], /^--get: there is no subscription\.plan; there are /],
    [
      ['--get', 'id', '--fields', 'id'],
      '--get takes one field, such as id, and no --fields with it.',
    ],
    [['--get', ''], '--get takes one field, such as id, and no --fields with it.'],
  ])('what a read does not have is not asked for: %j', async (flags, message) => {
    const args = ['plesk', 'subscription', 'show', 'x', '--json', ...flags];
    const { error, exitCode } = await runOxhost(args);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: 'usage', attempts: 0 });
    expect(error?.['message']).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });
});

describe('--get', () => {
  const subscription = { id: 'x', domain_name: 'example.com', price: 9.5, auto_renew: true };
  const show = ['plesk', 'subscription', 'show', 'x'];
  const run = async (...args: string[]) => {
    const orders = [{ id: 'o' }];
    await using server = await startServer(answer(200, { success: true, subscription, orders }));
    return await runOxhost([...args, '--api-url', server.url], {
      env: { OXHOST_API_KEY: 'key-0123456789abcdef' },
    });
  };

  test.each([
    ['subscription.id', 'x\n'],
    ['subscription.price', '9.5\n'],
    ['subscription.auto_renew', 'true\n'],
    ['orders', '[{"id":"o"}]\n'],
    ['orders.0.id', 'o\n'],
  ])('%s: one bare value', async (path, stdout) => {
    for (const flags of [[], ['--json']]) {
      expect(await run(...show, '--get', path, ...flags)).toMatchObject({
        ...{ exitCode: 0, stdout },
      });
    }
  });

  test('what the answer lacks is an empty line and a warning', async () => {
    const result = await run(...show, '--get', 'subscription.plan_name', '--json');
    expect(result).toMatchObject({ exitCode: 0, stdout: '\n' });
    expect(result.errors.map(({ warning }) => warning?.['code'])).toContain('no_value');
  });

  test.each([
    ['--get', 'id'],
    ['--json', '--fields', 'id,login'],
  ])('%s %s would lose a generated password: --password-out is asked for', async (...flags) => {
    const args = ['plesk', 'client', 'create', '--generate-password', ...flags];
    const { exitCode, stderr } = await runOxhost(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('add --password-out');
  });
});
