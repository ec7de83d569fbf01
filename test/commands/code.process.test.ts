import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/samples/index.ts';
import { KEY, RUNTIMES, run } from '../samples/programs.ts';
import { runOxhost } from '../support/run.ts';
import { answer, type ReceivedRequest, startServer } from '../support/server.ts';

interface DescribedOption {
  name: string;
  field: string | null;
}

const ODD = `a"b'c$d\`e\\f 漢字 &=%`;
const PASSWORD = `Kx7!$\`\\"'-Vb9`;
const SECRETS = {
  OXHOST_API_KEY: KEY,
  // Plesk takes no quotes in it.
  OXHOST_CLIENT_PASSWORD: 'Kx7!$`\\$(id)-Vb9%&Rt4',
  OXHOST_FTP_PASSWORD: PASSWORD,
  OXHOST_SERVER_PASSWORD: PASSWORD,
  OXHOST_PASSWORD: PASSWORD,
};

/** Every command that is an operation, with values that no language likes. */
const CALLS: string[][] = [
  [
    ...['plesk', 'client', 'create', '--name', ODD, '--login', 'client1'],
    ...['--email', 'a@example.com', '--company', `${ODD}'"$(id)`],
  ],
  [
    ...['plesk', 'order', 'create', '--plan', ODD, '--client', ODD, '--domain', '漢字.example'],
    ...['--ftp-login', 'f"$(id)`\'', '--months', '3', '--payment', 'balance'],
  ],
  ['plesk', 'order', 'renew', ODD, '--months', '1', '--payment', 'crypto', '--new-plan', ODD],
  ['plesk', 'subscription', 'show', ODD],
  [
    ...['storage', 'order', '--user', ODD, '--plan', ODD, '--image', ODD, '--hours', '24'],
    ...['--os-version', ODD, '--payment', 'balance', '--extra-storage', '--auto-renew'],
    ...['--name', ODD],
  ],
  ['domain', 'check', 'example', '--suffix', 'com', '--suffix', '公司'],
  ['domain', 'order', '--user', ODD, '--domain', 'example.com', '--years', '1'],
  [
    ...['invoice', 'create', '--user', ODD, '--order', ODD, '--currency', 'EUR'],
    ...['--pay-currency', 'ETH', '--network', ODD],
  ],
  ['notification', 'set', '--user', ODD, '--preference', ODD, '--days', '3'],
];

const names = CALLS.map((args) =>
  args
    .slice(
      0,
      args.findIndex((word) => !/^[a-z]+$/.test(word) || word === 'example'),
    )
    .join(' '),
);

/** What the command itself sends, to compare with. */
async function sentByCommand(args: readonly string[]): Promise<ReceivedRequest> {
  await using server = await startServer(answer(200, { success: false }));
  const given = [...args, '--api-url', server.url, '--yes', '--json'];
  const { error } = await runOxhost(given, { env: SECRETS });
  // It refused the answer, and nothing that was given.
  expect(error).toMatchObject({ code: 'rejected', attempts: 1 });
  const [request] = server.requests;
  if (request === undefined) throw new Error('nothing arrived');
  return request;
}

describe.concurrent.each(LANGUAGES)('as %s', (language) => {
  const { isThere, debianPackages } = RUNTIMES[language];
  const title = `(skipped without the Debian packages ${debianPackages})`;
  const cases = CALLS.map((args, index) => [names[index] ?? '', args] as const);

  test.skipIf(!isThere).each(cases)(`%s sends what the command sends ${title}`, async (_, args) => {
    const own = await sentByCommand(args);
    await using server = await startServer(answer(200, { success: true }));
    const given = [...args, '--api-url', server.url, '--code', language];
    const { stdout, exitCode } = await runOxhost(given, { env: { OXHOST_PASSWORD: PASSWORD } });
    expect(exitCode).toBe(0);
    for (const secret of Object.values(SECRETS)) expect(stdout).not.toContain(secret);
    const ran = await run(language, stdout, SECRETS);
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(server.requests).toHaveLength(1);
    const [theirs] = server.requests;
    for (const part of ['method', 'path', 'body'] as const) {
      expect(theirs?.[part]).toBe(own[part]);
    }
    for (const header of ['content-type', 'content-length', 'accept', 'x-api-key']) {
      expect(theirs?.headers[header]).toBe(own.headers[header]);
    }
  });

  test.skipIf(!isThere)(`a password of several lines arrives as it is ${title}`, async () => {
    const password = `one"'\n$two\\\r\n\`three\`\n漢字`;
    await using server = await startServer(answer(200, { success: true }));
    const given = [...(CALLS[1] ?? []), '--api-url', server.url, '--code', language];
    const { stdout } = await runOxhost(given);
    const ran = await run(language, stdout, { ...SECRETS, OXHOST_FTP_PASSWORD: password });
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(server.requests[0]?.json).toMatchObject({ ftp_password: password });
  });
});

test('every operation is tried, with every flag that is a field of it', async () => {
  const { stdout } = await runOxhost(['commands', '--json']);
  const { commands } = JSON.parse(stdout) as {
    commands: { command: string; request: object | null; options: DescribedOption[] }[];
  };
  const operations = commands.filter(({ request }) => request !== null);
  expect(names).toEqual(operations.map(({ command }) => command));
  for (const [index, { command, options }] of operations.entries()) {
    const fields = options.filter(({ field }) => field !== null && field !== 'password');
    const wanted = fields.map(({ name }) => name).filter((name) => !name.includes('password'));
    const given = CALLS[index] ?? [];
    // The suffix comes with the domain.
    const left = wanted.filter((name) => !given.includes(name));
    expect([command, left]).toEqual([command, command === 'domain order' ? ['--suffix'] : []]);
  }
});

test.each(['curl', 'javascript', 'python', 'php'])(
  '%s needs no key and no password',
  async (language) => {
    const { exitCode, stdout, stderr } = await runOxhost([...(CALLS[1] ?? []), '--code', language]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('OXHOST_FTP_PASSWORD');
    expect(stdout).toContain('https://0xhost.com/API/orders/create_order_plesk');
  },
);

test('an optional password is in the program only when one is given', async () => {
  const order = CALLS[6] ?? [];
  expect((await runOxhost([...order, '--code', 'php'])).stdout).not.toContain('OXHOST_PASSWORD');
  const given = await runOxhost([...order, '--code', 'php', '--password', 'my-own-secret']);
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
  const { exitCode, stderr } = await runOxhost([...(CALLS[0] ?? []), ...flags]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `error: ${message}\n` });
});

test('what is missing is missing also for a program, but the password is not', async () => {
  const { error } = await runOxhost(['plesk', 'order', 'create', '--code', 'php', '--json']);
  const names = (error?.['fields'] ?? []) as { name: string }[];
  expect(names.map(({ name }) => name)).toEqual([
    ...['plan', 'client', 'domain', 'ftp-login', 'months', 'payment'],
  ]);
});
