import { describe, expect, test } from 'vitest';
import { runOxhost } from '../support/run.ts';
import {
  answer,
  closeAfterReading,
  cutBody,
  type Handler,
  startServer,
} from '../support/server.ts';

const KEY = 'key-0123456789abcdef';
const MADE = 'ServerMadeSecret1';
const STORAGE = [
  ...['storage', 'order', '--user', 'u', '--plan', 'p', '--image', 'i', '--hours', '24', '--yes'],
  ...['--os-version', 'v', '--payment', 'balance', '--server-password', 'Kx7!Qm2-Vb9'],
];
const HOSTING = [
  ...['plesk', 'order', 'create', '--plan', 'p', '--client', 'c', '--domain', 'example.com'],
  ...['--ftp-login', 'f', '--months', '1', '--payment', 'balance', '--yes'],
];

async function run(handler: Handler, args: readonly string[], options = {}) {
  await using server = await startServer(handler);
  const env = { OXHOST_API_KEY: KEY };
  const result = await runOxhost([...args, '--api-url', server.url], { env, ...options });
  expect(server.requests).toHaveLength(1);
  return result;
}

const whole = JSON.stringify({
  ...{ success: true, order: { id: 'order-1' } },
  server_status: { new_id: 's', metadata: `password=${MADE}`, primary_ip: '192.0.2.1' },
});

describe('a password that the server made is in no error and no --debug', () => {
  const answers: Record<string, Handler> = {
    'a body that ends early': answer(200, whole.slice(0, whole.indexOf('mary_ip'))),
    'a body that ends in the secret': answer(200, whole.slice(0, whole.indexOf('Secret1') + 4)),
    'a body that is cut': cutBody(whole, whole.indexOf('mary_ip')),
    'a warning before JSON': answer(500, `<br />\n<b>Warning</b>: x<br />${whole}`),
    HTML: answer(500, `<html><p>metadata password=${MADE}</p></html>`),
    'HTML with JSON': answer(500, `<pre>${whole.replaceAll('"', '&quot;')}</pre>`),
    'plain text': answer(500, `Oops password=${MADE}`),
    'a key twice': answer(200, `{"password":"${MADE}","password":"Kx7${MADE}"}`),
    'a form': answer(200, `success=true&password=${MADE}&a=b`),
    'JSON in a string': answer(500, { trace: whole }),
    'a message': answer(422, { message: `bad metadata password=${MADE}` }),
    'a field': answer(422, { errors: { metadata: [`password=${MADE}`] } }),
    'an answer without an order': answer(200, { success: true, info: `password=${MADE};a=b` }),
    'a redirect': answer(302, '', { location: `https://example.com/?password=${MADE}` }),
  };
  const modes = [[], ['--debug'], ['--json'], ['--json', '--debug']];
  const cases = Object.keys(answers).flatMap((name) =>
    modes.map((flags) => [name, flags] as const),
  );

  test.each(cases)('%s %j', async (name, flags) => {
    const { exitCode, stdout, stderr } = await run(answers[name] ?? closeAfterReading, [
      ...STORAGE,
      ...flags,
    ]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/Server(?:Made|M)|MadeS/);
    if (flags.includes('--debug')) {
      const answered = stderr.slice(stderr.indexOf('< '));
      expect(answered).toMatch(/(?:password|metadata|mail)\b.{0,20}\*{8}/);
    }
  });

  test('and the result has it once, also with --debug', async () => {
    const { stdout, stderr } = await run(answer(200, whole), [...STORAGE, '--json', '--debug']);
    expect(stdout.split(MADE)).toHaveLength(2);
    expect(stderr).not.toContain(MADE);
  });
});

test.each([
  [
    { errors: { ftp_password: ['is too short'] } },
    /--ftp-password: is too short|"ftp-password","message":"is too short"/,
  ],
  [{ message: 'password: is too short' }, /password: is too short/],
  [{ message: 'password must contain 8 characters' }, /password must contain 8 characters/],
  [{ message: 'token expired' }, /token expired/],
])('what the server has against a password can be read: %j', async (body, words) => {
  for (const flags of [[], ['--json', '--debug']]) {
    const args = [...HOSTING, '--ftp-password', 'Kx7!Qm2-Vb9', ...flags];
    expect((await run(answer(422, body), args)).stderr).toMatch(words);
  }
});

test.each<[string[], string | undefined]>([
  [['-f', 'access_token=My-own-1'], undefined],
  [['-f', 'client_secret=My-own-1'], undefined],
  [['-f', 'pass=My'], undefined],
  [['-f', 'note=user=root;password=My-own-1'], undefined],
  [['--input', '-'], 'password=My-own-1&a=b'],
  [['--input', '-'], '{"password":"My-own-1",'],
])('a raw call with %j shows no secret in --debug', async (args, stdin) => {
  const query = '/x?access_token=My-own-2&a=b';
  const { stderr } = await run(answer(200, {}), ['api', query, ...args, '--debug'], { stdin });
  expect(stderr).toContain('access_token=********&a=b');
  expect(stderr).not.toMatch(/My-own|"My"/);
});

test.each(['--json', '--quiet'])('the key does not come back as a result (%s)', async (flag) => {
  const body = { success: true, order: { id: 'o', note: `by ${KEY}` }, subscription: { id: KEY } };
  const args = [...HOSTING, '--ftp-password', 'Kx7!Qm2-Vb9', flag];
  const { exitCode, stdout } = await run(answer(200, body), args);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('by ********');
  expect(stdout).not.toContain(KEY);
  const shown = ['plesk', 'subscription', 'show', 's', flag];
  const asked = { ...body, subscription: { id: 's' }, orders: [{ id: KEY }] };
  const read = await run(answer(200, asked), shown);
  expect(read.exitCode).toBe(0);
  expect(read.stdout).not.toContain(KEY);
});

test.each(['active', '9'])(
  'a password that is like other data spoils none: %s',
  async (password) => {
    const body = {
      order: { id: 'o', status: 'completed', amount: '9.99', currency: 'EUR' },
      subscription: { id: 's', status: 'active', expires_at: '2029-09-09 09:09:09' },
      balance_after: '90.01',
    };
    const args = [...HOSTING, '--ftp-password', password, '--json'];
    const { stdout } = await run(answer(200, { success: true, ...body }), args);
    expect(JSON.parse(stdout)).toEqual(body);
  },
);

test('an empty object has its row in text', async () => {
  const body = { success: true, order: { id: 'o', extra: {} }, subscription: { id: 's' } };
  const { stdout } = await run(answer(200, body), [...HOSTING, '--ftp-password', 'Kx7!Qm2-Vb9']);
  expect(stdout).toBe('order.id\to\norder.extra\t{}\nsubscription.id\ts\n');
});
