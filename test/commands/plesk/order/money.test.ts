import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { System } from '../../../../src/context.ts';
import { runOxhost } from '../../../support/run.ts';
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

describe.each(BUYING)('%s', (_name, args) => {
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
    expect(result.error?.['message']).toMatch(/was not (?:placed|made): .*No\.$/);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an order whose end is not known', () => {
  const [, args] = BUYING[0] as [string, string[]];

  test('is remembered with its generated password, and the next attempt is warned of', async () => {
    await using server = await startServer(resetAfterReading);
    const generating = [...args.slice(0, -2), '--generate-ftp-password', '--api-url', server.url];
    const first = await runOxhost([...generating, '--yes', '--json'], { env: ENV });
    const place = path.join(first.configFolder, 'pending');
    const [file = ''] = await readdir(place);
    const kept = JSON.parse(await readFile(path.join(place, file), 'utf8'));
    const sent = server.requests[0]?.json as { ftp_password: string };
    expect(kept).toMatchObject({
      path: '/API/orders/create_order_plesk',
      fields: { domain_name: 'example.com' },
      generated_password: sent.ftp_password,
    });
    expect(kept.fields).not.toHaveProperty('ftp_password');
    expect(first.error?.['hint']).toContain(file);
    const env = { ...ENV, OXHOST_CONFIG_DIR: first.configFolder };
    const again = await runOxhost([...generating, '--yes', '--json'], { env });
    expect(again.errors[0]).toMatchObject({ warning: { code: 'earlier_attempt_unknown' } });
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
  const body = { success: true, order: { id: 'order-1' }, balance_after: '1.00' };
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
