import { describe, expect, test } from 'vitest';
import { runOxhost } from '../support/run.ts';
import { answer, startServer } from '../support/server.ts';

const ENV = { OXHOST_API_KEY: 'key-0123456789abcdef' };
const SENT = 'Kx7!Qm2-Vb9';
const FIRST = 'first-Pass-9';
const STORAGE = [
  ...['storage', 'order', '--user', 'u', '--plan', 'p', '--image', 'i', '--hours', '24'],
  ...['--os-version', 'v', '--payment', 'balance', '--server-password', SENT, '--yes'],
];

async function order(metadata: unknown, ...more: string[]) {
  const body = {
    success: true,
    order: { id: 'order-1', metadata: 'add_extra=1' },
    server_status: { new_id: 'server-1', metadata, password: metadata, note: `is ${SENT} now` },
  };
  await using server = await startServer(answer(200, body));
  return await runOxhost([...STORAGE, '--debug', '--api-url', server.url, ...more], { env: ENV });
}

describe("a server's first password", () => {
  test('is given in JSON, once, and in no other place', async () => {
    const { stdout, stderr } = await order(`password=${FIRST}`, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      order: { metadata: 'add_extra=1' },
      server_status: { metadata: `password=${FIRST}`, password: `password=${FIRST}` },
    });
    expect(stderr).not.toContain(FIRST);
  });

  test.each([true, false])('is hidden in text (terminal: %s)', async (isTTY) => {
    const body = {
      success: true,
      order: { id: 'order-1' },
      server_status: { new_id: 'server-1', metadata: `password=${FIRST}`, plain: 'kept' },
    };
    await using server = await startServer(answer(200, body));
    const { stdout, stderr } = await runOxhost([...STORAGE, '--debug', '--api-url', server.url], {
      env: ENV,
      isTTY: { stdout: isTTY },
    });
    expect(stdout + stderr).not.toContain(FIRST);
    expect(stdout).toContain('kept');
    expect(stdout).toContain('********');
    expect(stderr).toContain('note: What is secret is hidden (********); --json shows it.');
  });
});

test.each(['--json', '--quiet'])(
  'what was sent never comes back, whatever its name (%s)',
  async (flag) => {
    const { stdout, stderr } = await order(`password=${SENT}`, flag);
    expect(stdout).toContain('is ******** now');
    expect(stdout + stderr).not.toContain(SENT);
  },
);

test('a password that is also an id or a field does not spoil them', async () => {
  const body = {
    success: true,
    order: { id: '12345678', order_number: 'PLK_12345678', amount: '9.99' },
    subscription: { id: 's', domain_name: 'example.com', other: 'x12345678' },
  };
  await using server = await startServer(answer(200, body));
  const { stdout } = await runOxhost(
    [
      ...['plesk', 'order', 'create', '--plan', 'p', '--client', 'c', '--domain', 'example.com'],
      ...['--ftp-login', 'f', '--months', '1', '--payment', 'balance', '--yes', '--json'],
      ...['--ftp-password', '12345678', '--api-url', server.url],
    ],
    { env: ENV },
  );
  expect(JSON.parse(stdout)).toEqual({
    order: body.order,
    subscription: { ...body.subscription, other: 'x********' },
  });
});

test('an unreadable answer is masked in the error too', async () => {
  await using server = await startServer(answer(200, `<p>${SENT} metadata</p>`));
  const { stderr } = await runOxhost([...STORAGE, '--json', '--api-url', server.url], { env: ENV });
  expect(stderr).toContain('********');
  expect(stderr).not.toContain(SENT);
});

test('--debug masks a form by name, so that a password too short to be found is hidden as well', async () => {
  await using server = await startServer(answer(422, { success: false }));
  const order = ['domain', 'order', '--user', 'u', '--domain', 'example.com', '--years', '1'];
  const { stderr } = await runOxhost(
    [...order, '--password', 'xyz', '--yes', '--debug', '--api-url', server.url],
    { env: ENV },
  );
  expect(server.requests[0]?.body).toContain('password=xyz');
  expect(stderr).toContain('domain_name=example.com&password=');
  expect(stderr).not.toContain('xyz');
});
