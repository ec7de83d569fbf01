import { describe, expect, test } from 'vitest';
import { runOxhost } from '../support/run.ts';
import { answer, cutBody, type Handler, startServer } from '../support/server.ts';

const KEY = 'key-0123456789abcdef';
const SENT = 'Kx7!Qm2-Vb9';
const MADE = 'ServerMadeSecret1';
const STORAGE = [
  ...['storage', 'order', '--user', 'u', '--plan', 'p', '--image', 'i', '--hours', '24', '--yes'],
  ...['--os-version', 'v', '--payment', 'balance', '--server-password', SENT],
];
const HOSTING = [
  ...['plesk', 'order', 'create', '--plan', 'p', '--client', 'c', '--domain', 'example.com'],
  ...['--ftp-login', 'f', '--months', '1', '--payment', 'balance', '--yes', '--ftp-password'],
];

async function run(handler: Handler, args: readonly string[], options = {}) {
  await using server = await startServer(handler);
  const env = { OXHOST_API_KEY: KEY };
  const result = await runOxhost([...args, '--api-url', server.url], { env, ...options });
  expect(server.requests).toHaveLength(1);
  return result;
}

const bought = {
  ...{ success: true, order: { id: 'order-1', metadata: 'add_extra=1' } },
  server_status: { new_id: 's', metadata: `password=${MADE}`, note: `is ${SENT} now` },
};
const whole = JSON.stringify({ ...bought, x: 1 });

describe('a password that the server made', () => {
  const failing: Record<string, Handler> = {
    'a body that ends early': answer(200, whole.slice(0, whole.indexOf('","note'))),
    'a body that ends in the secret': answer(200, whole.slice(0, whole.indexOf('Secret1') + 4)),
    'a body that is cut': cutBody(whole, whole.indexOf('","note')),
    HTML: answer(500, `<html><p>metadata password=${MADE}</p></html>`),
    'HTML with JSON': answer(500, `<pre>${whole.replaceAll('"', '&quot;')}</pre>`),
    'plain text': answer(500, `Oops password=${MADE}`),
    'a key twice': answer(200, `{"password":"${MADE}","password":"Kx7${MADE}"}`),
    'JSON in a string': answer(500, { trace: whole }),
    'a message': answer(422, { message: `bad metadata password=${MADE}` }),
    'a field': answer(422, { errors: { metadata: [`password=${MADE}`] } }),
    'a redirect': answer(302, '', { location: `https://example.com/?password=${MADE}` }),
  };
  const modes = [[], ['--debug'], ['--json'], ['--json', '--debug']];
  const cases = Object.keys(failing).flatMap((name) =>
    modes.map((flags) => [name, flags] as const),
  );

  test.each(cases)('is in no error and no --debug: %s %j', async (name, flags) => {
    const { exitCode, stdout, stderr } = await run(failing[name] as Handler, [
      ...STORAGE,
      ...flags,
    ]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/Server(?:Made|M)|MadeS/);
  });

  test('is in the result with --json, once, and not in --debug', async () => {
    const { stdout, stderr } = await run(answer(200, whole), [...STORAGE, '--json', '--debug']);
    expect(JSON.parse(stdout)).toMatchObject({
      order: { metadata: 'add_extra=1' },
      server_status: { metadata: `password=${MADE}`, note: 'is ******** now' },
    });
    expect(stderr).not.toContain(MADE);
  });

  test.each([true, false])(
    'is hidden in text, and a note says so (terminal: %s)',
    async (isTTY) => {
      const options = { isTTY: { stdout: isTTY } };
      const { stdout, stderr } = await run(answer(200, whole), [...STORAGE, '--debug'], options);
      expect(stdout + stderr).not.toContain(MADE);
      expect(stdout).toMatch(/metadata\S*\s+\*{8}\n/);
      expect(stderr).toContain('note: What is secret is hidden (********); --json shows it.');
    },
  );
});

test.each(['--json', '--quiet'])('neither key nor password come back (%s)', async (flag) => {
  const order = { id: 'o', note: `by ${KEY}`, password: SENT, other: `is ${SENT} now` };
  const body = { success: true, order, subscription: { id: KEY } };
  const { exitCode, stdout } = await run(answer(200, body), [...HOSTING, SENT, flag]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('by ********');
  expect(stdout).toContain('is ******** now');
  expect(stdout).not.toMatch(/0123456789|Qm2/);
  const shown = ['plesk', 'subscription', 'show', 's', flag];
  const asked = { success: true, subscription: { id: 's' }, orders: [{ id: KEY }] };
  expect((await run(answer(200, asked), shown)).stdout).not.toContain(KEY);
});

test.each(['active', '9', '12345678'])(
  'a password like other data spoils none: %s',
  async (sent) => {
    const body = {
      order: { id: '12345678', order_number: 'PLK_12345678', status: 'completed', amount: '9.99' },
      subscription: { id: 's', status: 'active', expires_at: '2029-09-09 09:09:09' },
      balance_after: '90.01',
    };
    const { stdout } = await run(answer(200, { success: true, ...body }), [
      ...HOSTING,
      sent,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toEqual(body);
  },
);

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
    expect((await run(answer(422, body), [...HOSTING, SENT, ...flags])).stderr).toMatch(words);
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

test.each<[string[], string | undefined]>([
  [['/x?access_token=My-own-1'], undefined],
  [['/x', '--form', '--input', '-'], 'password=My-own-1&a=b'],
  [['/x', '--input', '-'], '{"a":[{"password":"My-own-1"}]}'],
])(
  'what a raw call sent under a secret name comes back nowhere in an error: %j',
  async (args, stdin) => {
    const reply = answer(422, { message: 'bad: My-own-1', other: ['My-own-1'] });
    const { stderr, exitCode } = await run(reply, ['api', ...args, '--json', '--debug'], { stdin });
    expect(exitCode).toBe(5);
    expect(stderr).toContain('bad: ********');
    expect(stderr).not.toContain('My-own');
  },
);

test('an empty object has its row in text', async () => {
  const body = { success: true, order: { id: 'o', extra: {} }, subscription: { id: 's' } };
  const { stdout } = await run(answer(200, body), [...HOSTING, SENT]);
  expect(stdout).toBe('order.id\to\norder.extra\t{}\nsubscription.id\ts\n');
});

test('--debug hides by name also a password that is too short to be found elsewhere', async () => {
  const order = ['domain', 'order', '--user', 'u', '--domain', 'example.com', '--years', '1'];
  const args = [...order, '--password', 'xyz', '--yes', '--debug'];
  const { stderr } = await run(answer(422, { success: false }), args);
  expect(stderr).toContain('domain_name=example.com&password=');
  expect(stderr).not.toContain('xyz');
});
