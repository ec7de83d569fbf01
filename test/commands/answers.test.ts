import { describe, expect, test } from 'vitest';
import { type OxhostOptions, runOxhost } from '../support/run.ts';
import { answer, startServer } from '../support/server.ts';
import { ORDER } from './sandboxed.ts';

const ENV = { OXHOST_API_KEY: 'key-0123456789abcdef' };
const HOSTING = [...ORDER, '--client', 'c', '--ftp-password', 'Kx7!Qm2-Vb9', '--yes'];
const RENEWAL = ['plesk', 'order', 'renew', 's', '--months', '1', '--payment', 'balance', '--yes'];
const DOMAIN = [
  ...['domain', 'order', '--user', 'u', '--domain', 'example.com', '--years', '1', '--yes'],
];
const INVOICE = [
  ...['invoice', 'create', '--user', 'u', '--order', 'o', '--currency', 'EUR', '--yes'],
  ...['--pay-currency', 'ETH', '--network', 'Ethereum'],
];

async function run(
  args: readonly string[],
  body: object | string,
  options: Partial<OxhostOptions> = {},
  status = 200,
) {
  await using server = await startServer(answer(status, body));
  return await runOxhost(args, { env: { ...ENV, OXHOST_API_URL: server.url }, ...options });
}

const order = { id: 'order-1', order_number: 'n', status: 'completed', amount: '9.99' };
const paid = { success: true, order: { ...order, currency: 'EUR' }, balance_after: '90.01' };

describe('what is documented next to the data is part of the result', () => {
  const data = { id: 'order-1', status: 'pending', metadata: null, amount: '20.00' };

  test('of a domain order its domain, and nothing that is not documented', async () => {
    const domain = { id: 'domain-1', note: null };
    const body = { success: true, message: 'fine', data, domain, other: 1 };
    const result = await run([...DOMAIN, '--json'], body);
    expect(JSON.parse(result.stdout)).toEqual({ ...data, domain });
  });

  test('of an invoice its transaction, and one that failed is unknown', async () => {
    const invoice = { address: '0x1', order_id: 'o' };
    const transaction = { id: 't-1', success: true };
    const good = await run([...INVOICE, '--json'], { success: true, data: invoice, transaction });
    expect(JSON.parse(good.stdout)).toEqual({ ...invoice, transaction });
    const failed = { ...transaction, success: false };
    const bad = await run([...INVOICE, '--json'], {
      ...{ success: true, data: invoice, transaction: failed },
    });
    expect(bad).toMatchObject({ exitCode: 8, stdout: '', error: { outcome: 'unknown' } });
    expect(bad.error?.['message']).toContain('transaction.success is false');
    expect(bad.error?.['http']).toMatchObject({ body: expect.stringContaining('"t-1"') });
  });
});

describe('a pending order', () => {
  test.each([
    ['order-1', 'order-1'],
    ["o'1; rm -rf ~", "'o'\\''1; rm -rf ~'"],
  ])('says how to make the invoice: %s', async (id, quoted) => {
    const pending = { success: true, data: { ...order, id, status: 'Pending', currency: 'EUR' } };
    const command = `oxhost invoice create --order ${quoted} --user u --currency EUR --pay-currency <coin> --network <chain>`;
    const said = 'The order is pending; this makes an invoice for it:';
    const { stderr } = await run(DOMAIN, pending, { isTTY: true, columns: 300 });
    expect(stderr).toContain(` ${said}\n  ${command}`);
    // In a pipe the result says that it is pending.
    for (const flags of [[], ['--json'], ['--quiet']]) {
      expect((await run([...DOMAIN, ...flags], pending)).stderr).toBe('');
    }
  });

  test('on a terminal nothing breaks the command', async () => {
    await using server = await startServer(
      answer(200, { success: true, data: { ...order, status: 'pending' } }),
    );
    const { stderr } = await runOxhost([...DOMAIN, '--api-url', server.url], {
      ...{ env: ENV, isTTY: true, columns: 40 },
    });
    expect(stderr).toContain(
      `\n  oxhost invoice create --order order-1 --user u --currency <code> --pay-currency <coin> --network <chain> --api-url ${server.url}\n`,
    );
  });

  test('the invoice is for the account of the profile, which need not be repeated', async () => {
    await using server = await startServer(
      answer(200, { ...paid, order: { ...paid.order, status: 'pending' } }),
    );
    const login = ['auth', 'login', '--key-stdin', '--profile', 'agency', '--user', 'u'];
    const { configFolder } = await runOxhost([...login, '--api-url', server.url], {
      stdin: 'key-0123456789abcdef',
    });
    const crypto = [...HOSTING, '--payment', 'crypto'];
    const shown = async (args: readonly string[], env: Record<string, string>) =>
      /oxhost invoice create .*/.exec((await runOxhost(args, { env, isTTY: true })).stderr)?.[0];
    const env = { OXHOST_CONFIG_DIR: configFolder };
    const rest = '--currency EUR --pay-currency <coin> --network <chain>';
    expect(await shown(crypto, env)).toMatch(new RegExp(`--order order-1 ${rest}$`));
    expect(await shown([...crypto, '--profile', 'agency'], env)).toMatch(
      new RegExp(`${rest} --profile agency$`),
    );
    const other = { ...ENV, ...env, OXHOST_API_URL: server.url };
    expect(await shown(crypto, other)).toContain('--order order-1 --user <id> ');
  });

  test('lacks its subscription without a word; of a paid one a warning says so', async () => {
    const crypto = [...HOSTING, '--payment', 'crypto'];
    const pending = { ...paid, order: { ...paid.order, status: 'pending' } };
    const warned = ({ errors }: Awaited<ReturnType<typeof run>>) =>
      errors.flatMap(({ warning }) => (warning === undefined ? [] : [warning['message']]));
    const open = await run(crypto, pending);
    expect([open.exitCode, warned(open)]).toEqual([0, []]);
    const done = await run([...HOSTING, '--json'], paid);
    expect([done.exitCode, warned(done)]).toEqual([
      ...[0, ['The answer is not as documented: subscription is missing.']],
    ]);
  });
});

describe('numbers stay as they were written', () => {
  const data = (pay: string) =>
    `{"success":true,"data":{"address":"0x1","order_id":"o","pay_amount":${pay},"amount":89.90}}`;
  test.each(['0.00000003', '0.03586192041234567890123', '1e-7', '12345678901234567890', '5'])(
    '%s',
    async (pay) => {
      const { stdout } = await run([...INVOICE, '--json'], data(pay));
      expect(stdout).toBe(`{"address":"0x1","order_id":"o","pay_amount":${pay},"amount":89.90}\n`);
      expect((await run(INVOICE, data(pay))).stdout).toContain(`pay_amount\t${pay}\n`);
    },
  );
});

describe('domain check', () => {
  const row = { domain: 'a.com', available: true, status: 's', premium: false, message: 'm' };
  const CHECK = ['domain', 'check', 'a', '--suffix', 'com,net'];

  test('as text has the columns that only some rows have', async () => {
    const rows = [row, { ...row, domain: 'a.net', price: 9.9 }];
    const { stdout } = await run(CHECK, { success: true, data: rows });
    expect(stdout).toBe(
      'domain\tavailable\tstatus\tpremium\tmessage\tprice\n' +
        'a.com\ttrue\ts\tfalse\tm\t\na.net\ttrue\ts\tfalse\tm\t9.9\n',
    );
  });

  test('what only counts and dates its rows is not shown', async () => {
    const net = { ...row, domain: 'a.net' };
    const body = { success: true, data: [row, net], meta: { total_checked: 1 }, notice: 'odd' };
    const result = await run([...CHECK, '--json'], body);
    expect([JSON.parse(result.stdout), result.stderr]).toEqual([[row, net], '']);
  });

  test('a taken domain is never true to jq, and a suffix without an answer is named', async () => {
    const { stdout, errors, exitCode } = await run([...CHECK, '--json'], {
      ...{ success: true, data: [{ ...row, available: '0' }] },
    });
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, [{ ...row, available: false }]]);
    expect(errors).toMatchObject([
      { warning: { code: 'not_answered', message: 'The server did not answer for a.net.' } },
    ]);
  });
});

describe('a user id that is missing', () => {
  const MISSING = ['notification', 'set', '--preference', 'email', '--days', '3', '--json'];
  const HINT = 'The user id need not be given each time: oxhost auth login --user keeps it.';

  test('a profile could keep it, where its key is used', async () => {
    const { configFolder } = await runOxhost(['auth', 'login', '--key-stdin'], {
      stdin: 'key-0123456789abcdef',
    });
    const env = { OXHOST_CONFIG_DIR: configFolder };
    expect((await runOxhost(MISSING, { env })).error).toMatchObject({ hint: HINT });
  });

  test('the same without any key', async () => {
    expect((await runOxhost(MISSING)).error).toMatchObject({ hint: HINT });
  });
});

describe('refusals', () => {
  test.each([
    'Insufficient balance: 9.99 EUR needed',
    'Your balance is too low',
    'Not enough funds.',
  ])('200 and %s: top up', async (message) => {
    const { error } = await run([...HOSTING, '--json'], { success: false, message });
    expect(error).toMatchObject({
      ...{ code: 'rejected', exit_code: 5, outcome: 'not_created' },
      hint: 'Top up the balance of your account, then repeat the command.',
    });
  });

  test.each([
    [HOSTING, 'not_created'],
    [['plesk', 'subscription', 'show', 's'], null],
  ])('--sandbox cannot know an earlier command: %#', async (args, outcome) => {
    const { exitCode, error } = await runOxhost([...args, '--sandbox', '--json']);
    expect(exitCode).toBe(5);
    expect(error).toMatchObject({ outcome, hint: expect.stringContaining('oxhost sandbox runs') });
  });
});

test.each([
  [['plesk', 'subscription', 'show', 's'], 'Check the id (<id>), then repeat the command.'],
  [RENEWAL, 'Check the ids (<subscription>, --new-plan), then repeat the command.'],
  [HOSTING, 'Check the ids (--plan, --client), then repeat the command.'],
  [['domain', 'check', 'a.com'], null],
])('a 404 with words: %j', async (args, hint) => {
  const { error } = await run(
    [...args, '--json'],
    { success: false, message: 'Not found' },
    {},
    404,
  );
  expect(error).toMatchObject({ code: 'rejected', hint });
});

test('the dot before a suffix is not sent', async () => {
  await using server = await startServer(answer(422, { success: false }));
  await runOxhost([...DOMAIN, '--suffix', '.com', '--api-url', server.url], { env: ENV });
  expect(server.requests.map(({ body }) => body)).toEqual([
    'user_id=u&domain_name=example.com&domain_suffix=com&vyear=1',
  ]);
});
