import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/samples/index.ts';
import { KEY, meaningOf, RUNTIMES, run } from '../samples/programs.ts';
import { runOxhost } from '../support/run.ts';
import { answer, startServer } from '../support/server.ts';

interface DescribedOption {
  name: string;
  field: string | null;
}

const ODD = `a"b'c$d\`e\\f 漢字 &=%`;
const PASSWORD = `one"'\n$two\\\r\n\`three\`\n漢字`;
const SECRETS = {
  OXHOST_API_KEY: KEY,
  // Plesk takes no quotes in it.
  OXHOST_CLIENT_PASSWORD: 'Kx7!$`\\$(id)-Vb9%&Rt4',
  OXHOST_FTP_PASSWORD: 'Kx7!$`\\"\'-Vb9',
  OXHOST_SERVER_PASSWORD: 'Kx7!$`\\"\'-Vb9',
  OXHOST_PASSWORD: 'Kx7!$`\\"\'-Vb9',
};

/** Every command that is an operation, with values that no language likes. */
const CALLS: Readonly<Record<string, string[]>> = {
  'plesk client create': [
    ...['--name', ODD, '--login', 'client1', '--email', 'a@example.com'],
    ...['--company', `${ODD}'"$(id)`],
  ],
  'plesk order create': [
    ...['--plan', ODD, '--client', ODD, '--domain', '漢字.example', '--ftp-login', 'f"$(id)`\''],
    ...['--months', '3', '--payment', 'balance'],
  ],
  'plesk order renew': [ODD, '--months', '1', '--payment', 'crypto', '--new-plan', ODD],
  'plesk subscription show': [ODD],
  'storage order': [
    ...['--user', ODD, '--plan', ODD, '--image', ODD, '--hours', '24', '--os-version', ODD],
    ...['--payment', 'balance', '--extra-storage', '--auto-renew', '--name', ODD],
  ],
  'domain check': ['example', '--suffix', 'com', '--suffix', '公司'],
  'domain order': ['--user', ODD, '--domain', 'example.com', '--years', '1'],
  'invoice create': [
    ...['--user', ODD, '--order', ODD, '--currency', 'EUR', '--pay-currency', 'ETH'],
    ...['--network', ODD],
  ],
  'notification set': ['--user', ODD, '--preference', ODD, '--days', '3'],
};
const argsOf = (name: string) => [...name.split(' '), ...(CALLS[name] ?? [])];

/** What the command itself sends, to compare with. */
async function sentByCommand(args: readonly string[]) {
  await using server = await startServer(answer(200, { success: false }));
  const given = [...args, '--api-url', server.url, '--yes', '--json'];
  const { error } = await runOxhost(given, { env: SECRETS });
  // It refused the answer, and nothing that was given.
  expect(error).toMatchObject({ code: 'rejected', attempts: 1 });
  return server.requests.map(meaningOf);
}

describe.concurrent.each(LANGUAGES)('as %s', (language) => {
  const { isThere, debianPackages } = RUNTIMES[language];
  const title = `(skipped without the Debian packages ${debianPackages})`;

  test.skipIf(!isThere).each(Object.keys(CALLS))(`%s is what it sends ${title}`, async (name) => {
    const own = await sentByCommand(argsOf(name));
    await using server = await startServer(answer(200, { success: true }));
    const given = [...argsOf(name), '--api-url', server.url, '--code', language];
    const { stdout, exitCode } = await runOxhost(given, {
      env: { OXHOST_PASSWORD: 'Kx7Vb9Rt4Zw2' },
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').length - 1).toBeLessThanOrEqual(language === 'curl' ? 16 : 45);
    const ran = await run(language, stdout, SECRETS);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    const type = expect.stringMatching(/^application\/x-www-form-urlencoded/);
    expect(server.requests.map(meaningOf)).toEqual(
      own.map((one) => (one.type?.includes('form') ? { ...one, type } : one)),
    );
  });

  test.skipIf(!isThere)(`a password of several lines arrives as it is ${title}`, async () => {
    await using server = await startServer(answer(200, { success: true }));
    const given = [...argsOf('plesk order create'), '--api-url', server.url, '--code', language];
    const { stdout } = await runOxhost(given);
    const ran = await run(language, stdout, { ...SECRETS, OXHOST_FTP_PASSWORD: PASSWORD });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(server.requests[0]?.json).toMatchObject({ ftp_password: PASSWORD });
  });

  test('needs no key and no password', async () => {
    const given = [...argsOf('plesk order create'), '--code', language];
    const { exitCode, stdout, stderr } = await runOxhost(given);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('OXHOST_FTP_PASSWORD');
    expect(stdout).toContain('https://0xhost.com/API/orders/create_order_plesk');
  });
});

test('every operation is tried, with every flag that is a field of it', async () => {
  const { stdout } = await runOxhost(['commands', '--json']);
  const { commands } = JSON.parse(stdout) as {
    commands: { command: string; request: object | null; options: DescribedOption[] }[];
  };
  const operations = commands.filter(({ request }) => request !== null);
  expect(Object.keys(CALLS)).toEqual(operations.map(({ command }) => command));
  for (const { command, options } of operations) {
    const fields = options.filter(
      ({ name, field }) => field !== null && !name.includes('password'),
    );
    const left = fields.map(({ name }) => name).filter((name) => !CALLS[command]?.includes(name));
    // The suffix comes with the domain.
    expect([command, left]).toEqual([command, command === 'domain order' ? ['--suffix'] : []]);
  }
});

test('an optional password is in the program only when one is given', async () => {
  const order = [...argsOf('domain order'), '--code', 'php'];
  expect((await runOxhost(order)).stdout).not.toContain('OXHOST_PASSWORD');
  const given = await runOxhost([...order, '--password', 'my-own-secret']);
  expect(given.stdout).toContain('OXHOST_PASSWORD');
  expect(given.stdout).not.toContain('my-own-secret');
});

test.each([
  [['--code', 'cobol'], '--code must be curl, javascript, python or php.'],
  [['--code', 'php', '--dry-run'], 'Give --dry-run or --code, not both.'],
  [
    ['--code', 'php', '--sandbox'],
    '--code --sandbox would print an address that is gone; use oxhost sandbox and --api-url.',
  ],
])('%j', async (flags, message) => {
  const { exitCode, stderr } = await runOxhost([...argsOf('plesk client create'), ...flags]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `error: ${message}\n` });
});

test('what is missing is missing also for a program, but the password is not', async () => {
  const { error } = await runOxhost(['plesk', 'order', 'create', '--code', 'php', '--json']);
  const names = (error?.['fields'] ?? []) as { name: string }[];
  expect(names.map(({ name }) => name)).toEqual([
    ...['plan', 'client', 'domain', 'ftp-login', 'months', 'payment'],
  ]);
});
