import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { attemptsFinding, describeAttempts } from '../../src/doctor/attempts.ts';
import { type OpenAttempt, recordAttempt } from '../../src/store/pending.ts';
import { asOrdinaryUser } from '../support/ordinary-user.ts';
import { temporaryFolder } from '../support/temporary.ts';

const attempt = (changes: Partial<OpenAttempt> = {}): OpenAttempt => ({
  ...{ file: '/f.json', startedAt: '2026-01-02T03:04:05.000Z', hasPassword: false },
  ...{ origin: 'https://0xhost.com', login: 'client1', path: null },
  ...changes,
});

test.each<[string, OpenAttempt[], string[], RegExp, RegExp]>([
  [
    'one',
    [attempt()],
    [],
    /^1 call was begun .*: the client client1 at https:\/\/0xhost\.com, 2026-01-02T03:04:05\.000Z\.$/,
    /: \/f\.json$/,
  ],
  ['one with a password', [attempt({ hasPassword: true })], [], /client1/, /\(with its generated/],
  [
    'an order',
    [attempt({ login: null, path: '/API/orders/create_order_plesk' })],
    [],
    /: \/API\/orders\/create_order_plesk at /,
    /: \/f\.json$/,
  ],
  [
    'what cannot be read',
    [attempt()],
    ['/g.json'],
    /^2 calls were .*; 1 of which nothing is known\.$/,
    /: \/f\.json; \/g\.json$/,
  ],
  [
    'many',
    Array.from({ length: 12 }, () => attempt()),
    [],
    /^12 calls .*; and 2 more\.$/,
    /; and 2 more$/,
  ],
])('%s', (_name, attempts, unreadable, message, hint) => {
  const found = describeAttempts(attempts, unreadable);
  expect(found).toMatchObject({ name: 'attempts', status: 'warning', exitCode: 0 });
  expect(found.message).toMatch(message);
  expect(found.hint).toMatch(hint);
});

test('none', () => {
  expect(describeAttempts([], [])).toMatchObject({ name: 'attempts', status: 'ok', hint: null });
  expect(describeAttempts([], []).message).toContain('an import has its own journal');
});

test('real ones: the login and the file, and never the password', async () => {
  await using folder = await temporaryFolder();
  expect(await attemptsFinding(folder.path)).toMatchObject({ status: 'ok' });
  const { file } = await recordAttempt(
    folder.path,
    {
      ...{ origin: 'https://0xhost.com', login: 'client7', started_at: '2026-01-02T03:04:05.000Z' },
      generated_password: 'Canary-0123',
    },
    'name',
  );
  await writeFile(folder.join('pending', 'cut.json'), '{"generated_password":"Canary-4567');
  const found = await attemptsFinding(folder.path);
  expect(found.status).toBe('warning');
  expect(found.message).toContain('client7');
  for (const part of [file, 'cut.json']) expect(found.hint).toContain(part);
  expect(JSON.stringify(found)).not.toContain('Canary');
});

test('a folder that cannot be read is no empty one', async () => {
  await using folder = await temporaryFolder();
  await mkdir(folder.join('pending'));
  const found = await asOrdinaryUser(folder.path, async () => {
    await chmod(folder.join('pending'), 0o000);
    return attemptsFinding(folder.path).finally(() => chmod(folder.join('pending'), 0o700));
  });
  expect(found).toMatchObject({ status: 'warning' });
  expect(found.message).toContain('cannot be read');
});
