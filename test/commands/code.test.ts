import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { runOxhost } from '../support/run.ts';
import { answer, startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.close());

const ODD = `a"b'c$d\`e\\f 漢字 &=%`;
const PASSWORD = `Kx7!$\`\\"'-Vb9`;
const KEY = 'key-0123456789abcdef';
const SECRETS = {
  OXHOST_API_KEY: KEY,
  OXHOST_CLIENT_PASSWORD: 'Kx7!Qm2-Vb9-Rt4_Zw6',
  OXHOST_FTP_PASSWORD: PASSWORD,
  OXHOST_SERVER_PASSWORD: PASSWORD,
  OXHOST_PASSWORD: PASSWORD,
};

/** Every command that is an operation, with values that no language likes. */
const CALLS: string[][] = [
  ['plesk', 'client', 'create', '--name', ODD, '--login', 'client1', '--email', 'a@example.com'],
  [
    ...['plesk', 'order', 'create', '--plan', ODD, '--client', 'c', '--domain', '漢字.example'],
    ...['--ftp-login', 'f', '--months', '3', '--payment', 'balance'],
  ],
  ['plesk', 'order', 'renew', ODD, '--months', '1', '--payment', 'crypto', '--new-plan', ODD],
  ['plesk', 'subscription', 'show', ODD],
  [
    ...['storage', 'order', '--user', ODD, '--plan', 'p', '--image', 'i', '--hours', '24'],
    ...['--os-version', ODD, '--payment', 'balance', '--extra-storage'],
  ],
  ['domain', 'check', 'example', '--suffix', 'com', '--suffix', '公司'],
  ['domain', 'order', '--user', ODD, '--domain', 'example.com', '--years', '1'],
  [
    ...['invoice', 'create', '--user', ODD, '--order', 'o', '--currency', 'EUR'],
    ...['--pay-currency', 'ETH', '--network', ODD],
  ],
  ['notification', 'set', '--user', ODD, '--preference', 'email', '--days', '3'],
];

const RUNNERS = {
  curl: ['bash', 'sh'],
  javascript: [process.execPath, 'mjs'],
} as const;

describe.each(
  CALLS.map(
    (args) =>
      [
        args
          .filter((word) => /^[a-z]+$/.test(word))
          .slice(0, 3)
          .join(' '),
        args,
      ] as const,
  ),
)('%s', (_name, args) => {
  test.each(['curl', 'javascript'] as const)(
    'as %s sends what the command sends',
    async (language) => {
      await using server = await startServer(answer(200, { success: false }));
      const all = [...args, '--api-url', server.url];
      await runOxhost([...all, '--yes'], { env: SECRETS });
      const { stdout, exitCode } = await runOxhost([...all, '--code', language], {
        env: { OXHOST_PASSWORD: PASSWORD },
      });
      expect(exitCode).toBe(0);
      for (const secret of Object.values(SECRETS)) expect(stdout).not.toContain(secret);
      const [runner, ending] = RUNNERS[language];
      const file = folder.join(`program.${ending}`);
      await writeFile(file, stdout);
      const run = await runProcess(runner, [file], { env: SECRETS });
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      const [own, theirs] = server.requests;
      expect(server.requests).toHaveLength(2);
      for (const part of ['method', 'path', 'body'] as const) {
        expect(theirs?.[part]).toBe(own?.[part]);
      }
      for (const header of ['content-type', 'accept', 'x-api-key']) {
        expect(theirs?.headers[header]).toBe(own?.headers[header]);
      }
    },
  );
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
