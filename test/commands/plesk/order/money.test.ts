import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { System } from '../../../../src/system.ts';
import { MemoryInput } from '../../../support/memory-streams.ts';
import { runOxhost, startOxhost } from '../../../support/run.ts';
import {
  answer,
  type Handler,
  hang,
  resetAfterReading,
  startServer,
} from '../../../support/server.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import { ORDER, sandboxed } from '../../sandboxed.ts';

const ENV = { OXHOST_API_KEY: 'key-0123456789abcdef' };
const PASSWORD = 'Kx7!Qm2-Vb9';
const BUYING: [name: string, args: string[]][] = [
  ['order', [...ORDER, '--client', 'c', '--ftp-password', PASSWORD]],
  ['renewal', ['plesk', 'order', 'renew', 's', '--months', '1', '--payment', 'balance']],
  [
    'storage',
    [
      ...['storage', 'order', '--user', 'u', '--plan', 'p', '--image', 'i', '--hours', '24'],
      ...['--os-version', 'v', '--payment', 'balance', '--server-password', PASSWORD],
    ],
  ],
  ['domain', ['domain', 'order', '--user', 'u', '--domain', 'example.com', '--years', '1']],
  [
    'invoice',
    [
      ...['invoice', 'create', '--user', 'u', '--order', 'o', '--currency', 'EUR'],
      ...['--pay-currency', 'ETH', '--network', 'Ethereum'],
    ],
  ],
];

describe.each(BUYING)('%s', (name, args) => {
  test.each([[[]], [['--json']], [['--no-input']]])(
    'without --yes and nobody to ask: exit 2, nothing sent %j',
    async (more) => {
      await using server = await startServer();
      const result = await runOxhost([...args, ...more, '--api-url', server.url], { env: ENV });
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toContain('--yes');
      expect(server.connections).toBe(0);
    },
  );

  describe('at a terminal', () => {
    const ask = async (url: string, typed: string, env = {}) => {
      const stdin = new MemoryInput(undefined, { isTTY: true });
      const all = [...args, '--api-url', url];
      const running = await startOxhost(all, {
        env: { ...ENV, ...env },
        isTTY: true,
        columns: 500,
        stdin,
      });
      await expect.poll(() => running.stderr.text).toContain('(y/N)');
      stdin.feed(typed);
      return running.finished;
    };

    test.each([
      ['no', 'n\r'],
      ['nothing', '\r'],
    ])('%s is no consent: nothing is sent', async (_what, typed) => {
      await using server = await startServer();
      const result = await ask(server.url, typed);
      expect(result).toMatchObject({ exitCode: 130, stdout: '' });
      expect(result.stderr).toContain('You answered no; nothing was sent.');
      expect(result.stderr).toMatch(
        new RegExp(`^(?: {2}\\S.*\\n)+ {2}address +${server.url}\\n {2}key +that of `, 'm'),
      );
      const names = [...result.stderr.matchAll(/^ {2}(\S.*?) {2,}\S/gm)].map(([, label]) => label);
      if (name === 'order') {
        const own = ['plan', 'client', 'domain', 'FTP login', 'months', 'payment'];
        expect(names).toEqual([...own, 'address', 'key']);
      }
      expect(result.stderr).toMatch(/(?:Place|Make) the .*, at the server's price\? \(y\/N\)/);
      expect(result.stderr).not.toContain('error');
      expect(result.stderr).not.toContain(PASSWORD);
      expect(server.connections).toBe(0);
    });

    test('yes sends it once', async () => {
      await using server = await startServer(answer(422, { success: false, message: 'No' }));
      expect((await ask(server.url, 'y\r')).exitCode).toBe(5);
      expect(server.requests).toHaveLength(1);
    });

    test('the question says whose money it is', async () => {
      await using server = await startServer();
      const login = ['auth', 'login', '--key-stdin', '--profile', 'agency'];
      const { configFolder } = await runOxhost([...login, '--api-url', server.url], {
        stdin: 'key-0123456789abcdef',
      });
      const env = { OXHOST_CONFIG_DIR: configFolder, OXHOST_API_KEY: '' };
      const { stderr } = await ask(server.url, 'n\r', env);
      expect(stderr).toMatch(/^ {2}key +that of the profile agency$/m);
    });
  });

  test('the same once more after an unknown end: refused, until a person has said no', async () => {
    await using server = await startServer(resetAfterReading);
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const { configFolder } = await runOxhost(all, { env: ENV });
    const env = { ...ENV, OXHOST_CONFIG_DIR: configFolder };
    const again = await runOxhost(all, { env, seed: 2 });
    expect(again).toMatchObject({ exitCode: 8, stdout: '' });
    expect(again.error).toMatchObject({
      ...{ code: 'outcome_unknown', outcome: 'unknown', retry: 'check_first', attempts: 0 },
    });
    expect(server.requests).toHaveLength(1);
    const text = await runOxhost([...all.filter((word) => word !== '--json' && word !== '--yes')], {
      env,
      seed: 3,
      isTTY: true,
      stdin: new MemoryInput(undefined, { isTTY: true }),
    });
    expect(text.exitCode).toBe(8);
    expect(server.requests).toHaveLength(1);
    const settled = await runOxhost(['history', 'settle', '1', '--exists', 'no'], { env });
    expect(settled.exitCode).toBe(0);
    await runOxhost(all, { env, seed: 4 });
    expect(server.requests).toHaveLength(2);
  });

  test('a refusal is no unknown end: the next attempt is sent', async () => {
    await using server = await startServer(answer(422, { success: false, message: 'No' }));
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const { configFolder } = await runOxhost(all, { env: ENV });
    await runOxhost(all, { env: { ...ENV, OXHOST_CONFIG_DIR: configFolder }, seed: 2 });
    expect(server.requests).toHaveLength(2);
  });

  test.each(['--dry-run', '--code=curl'])('%s needs neither --yes nor a key', async (flag) => {
    const { exitCode, stdout } = await runOxhost([...args, flag]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(PASSWORD);
  });

  test.each<[string, Handler]>([
    ['a reset', resetAfterReading],
    ['no answer', hang],
    ['a 500', answer(500, { success: false, message: 'Oops' })],
    ['a 503 with Retry-After', answer(503, '', { 'retry-after': '1' })],
    ['an empty 200', answer(200, '')],
    ['a 200 without what was ordered', answer(200, { success: true })],
    ['a redirect', answer(302, '', { location: '/' })],
  ])('after %s: exactly one POST, unknown, exit 8', async (_what, handler) => {
    await using server = await startServer(handler);
    const all = [...args, '--yes', '--json', '--api-url', server.url, '--timeout', '0.5'];
    const result = await runOxhost(all, { env: ENV });
    expect(result).toMatchObject({ exitCode: 8, stdout: '', pauses: [] });
    expect(result.error).toMatchObject({ outcome: 'unknown', retry: 'check_first', attempts: 1 });
    expect(result.error?.['hint']).toMatch(/^Look in the panel whether /);
    expect(result.stderr).not.toContain(PASSWORD);
    expect(server.requests).toHaveLength(1);
  });

  test('a 422: not done, exit 5, and never called a creation', async () => {
    await using server = await startServer(answer(422, { success: false, message: 'No' }));
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const result = await runOxhost(all, { env: ENV });
    expect(result.exitCode).toBe(5);
    expect(result.error).toMatchObject({ outcome: 'not_created', retry: 'after_fix' });
    expect(result.error?.['message']).toMatch(/was not (?:placed|made): .* says "No"\.$/);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an order whose end is not known', () => {
  const [, args] = BUYING[0] as [string, string[]];

  test('is remembered with its generated password, and is not sent again by itself', async () => {
    await using server = await startServer(resetAfterReading);
    const generating = [...args.slice(0, -2), '--generate-ftp-password', '--api-url', server.url];
    const first = await runOxhost([...generating, '--yes', '--json'], { env: ENV });
    const place = path.join(first.configFolder, 'open');
    const [file = ''] = await readdir(place);
    const kept = JSON.parse(await readFile(path.join(place, file), 'utf8'));
    const sent = server.requests[0]?.json as { ftp_password: string };
    expect(kept).toMatchObject({
      ...{ number: 1, operation: 'plesk order create', domain: 'example.com' },
      fields: { domain_name: 'example.com' },
      generated_password: sent.ftp_password,
    });
    expect(Object.keys(kept.fields)).not.toContain('ftp_password');
    expect(Object.keys(kept.fields)).not.toContain('type_payment');
    expect(first.error?.['hint']).toContain('oxhost history show 1');
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const again = await runOxhost([...generating, '--yes', '--json'], { env });
    expect(again).toMatchObject({ exitCode: 8, stdout: '' });
    expect(again.error).toMatchObject({
      ...{ code: 'outcome_unknown', outcome: 'unknown', retry: 'check_first', attempts: 0 },
      message: expect.stringMatching(
        /^An earlier attempt to place the order for example\.com \(2026-01-02T.*Nothing was sent now\.$/,
      ),
      hint: 'Look at the orders and the balance in the panel. Then say whether it is there: oxhost history settle 1 --exists yes (or no).',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('is the same however it is paid, and with another password', async () => {
    await using server = await startServer(resetAfterReading);
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const first = await runOxhost(all, { env: ENV });
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const other = ['--payment', 'crypto', '--ftp-password', 'Another-Kx7!Qm2-Vb9'];
    expect((await runOxhost([...all, ...other], { env })).exitCode).toBe(8);
    expect(server.requests).toHaveLength(1);
  });

  test('is settled by a yes: the same may then be bought once more', async () => {
    await using server = await startServer(resetAfterReading);
    const generating = [...args.slice(0, -2), '--generate-ftp-password', '--api-url', server.url];
    const first = await runOxhost([...generating, '--yes', '--json'], { env: ENV });
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const settled = await runOxhost(['history', 'settle', '1', '--exists', 'yes', '--json'], {
      env,
    });
    const sent = server.requests[0]?.json as { ftp_password: string };
    expect(JSON.parse(settled.stdout)).toMatchObject({
      ...{ number: 1, state: 'created', generated_password: sent.ftp_password },
    });
    await runOxhost([...generating, '--yes', '--json'], { env });
    expect(server.requests).toHaveLength(2);
  });

  test.each<[string, (file: string) => Promise<void>]>([
    ['is damaged', (file) => writeFile(file, '{"number":1')],
    ['is empty', (file) => writeFile(file, '')],
    [
      'cannot be read',
      async (file) => {
        await rm(file);
        await mkdir(file);
      },
    ],
  ])('the guard stays closed when the record %s, and it is not deleted', async (_what, spoil) => {
    await using server = await startServer(resetAfterReading);
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const first = await runOxhost(all, { env: ENV });
    const place = path.join(first.configFolder, 'open');
    const [name = ''] = await readdir(place);
    await spoil(path.join(place, name));
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const again = await runOxhost(all, { env });
    expect(again.error).toMatchObject({ exit_code: 8, outcome: 'unknown', attempts: 0 });
    expect(again.error?.['hint']).toContain(path.join(place, name));
    expect(server.requests).toHaveLength(1);
    expect(await readdir(place)).toContain(name);
  });

  test('a purchase that cannot be noted is not sent', async () => {
    await using server = await startServer();
    await using folder = await temporaryFolder();
    await writeFile(folder.join('file'), '');
    const env = { ...ENV, OXHOST_CONFIG_DIR: folder.join('file', 'config') };
    const result = await runOxhost([...args, '--yes', '--json', '--api-url', server.url], { env });
    expect(result.error).toMatchObject({
      ...{ code: 'config_error', outcome: 'not_created', attempts: 0 },
      message: expect.stringMatching(/^The order was not placed: what cannot be noted is not sent/),
      hint: 'Name another folder in OXHOST_CONFIG_DIR.',
    });
    expect(server.connections).toBe(0);
  });

  test('five times at the same moment: one is sent, the others are refused', async () => {
    await using server = await startServer(hang);
    await using folder = await temporaryFolder();
    const env = { ...ENV, OXHOST_CONFIG_DIR: folder.join('config') };
    const all = [...args, '--yes', '--json', '--api-url', server.url, '--timeout', '2'];
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((seed) =>
        runOxhost(all, { env, seed, system: { sleep: (time: number) => sleep(time) } }),
      ),
    );
    expect(server.requests).toHaveLength(1);
    const attempts = results.map(({ error }) => error?.['attempts']).sort();
    expect(attempts).toEqual([0, 0, 0, 0, 1]);
    for (const { error } of results) {
      expect(error).toMatchObject({ exit_code: 8, outcome: 'unknown' });
      expect(error?.['hint']).toMatch(/oxhost history settle 1 --exists/);
    }
  });

  test('an order for another domain is another order', async () => {
    await using server = await startServer(resetAfterReading);
    const all = [...args, '--yes', '--json', '--api-url', server.url];
    const first = await runOxhost(all, { env: ENV });
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const other = await runOxhost([...all, '--domain', 'example.net'], { env });
    expect(other.errors.filter((line) => line['warning'] !== undefined)).toEqual([]);
  });
});

test('--ftp-password-out takes a generated password', async () => {
  await using folder = await temporaryFolder();
  const { result } = await sandboxed();
  const { id = '' } = await result(
    ...['plesk', 'client', 'create', '--name', 'n', '--login', 'l', '--email', 'a@example.com'],
    '--generate-password',
  );
  const out = folder.join('ftp');
  const order = await result(
    ...[...ORDER, '--client', id, '--yes', '--generate-ftp-password', '--ftp-password-out', out],
  );
  expect(order).not.toHaveProperty('generated_ftp_password');
  expect(await readFile(out, 'utf8')).toMatch(/^\S{20}\n$/);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
});

test('a result that cannot be written: created, with the id of the order', async () => {
  const body = { success: true, order: { id: 'order-1' }, subscription: { id: 'sub-1' } };
  await using server = await startServer(answer(200, body));
  const stdout = {
    write: (_text: string, done?: (error: Error) => void) => done?.(new Error('EPIPE')),
  };
  const listeners = { once: () => {}, removeListener: () => {}, on: () => {} };
  const system = { stdout: { ...stdout, ...listeners } } as unknown as Partial<System>;
  const [, args] = BUYING[0] as [string, string[]];
  const { exitCode, error } = await runOxhost(
    [...args, '--yes', '--json', '--api-url', server.url],
    {
      env: ENV,
      system,
    },
  );
  expect(exitCode).toBe(1);
  expect(error).toMatchObject({
    outcome: 'created',
    retry: 'no',
    message: expect.stringContaining('The order was placed (id order-1), but'),
  });
});
