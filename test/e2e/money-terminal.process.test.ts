import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();
let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.close());

const ordered = answer(200, {
  success: true,
  order: { id: 'order-1', status: 'completed', amount: '9.99', currency: 'EUR' },
  subscription: { id: 'subscription-1' },
  balance_after: '90.01',
});

function open(server: { url: string }, ...more: string[]): Terminal {
  return openWide(200, server, ...more);
}

function openWide(columns: number, server: { url: string }, ...more: string[]): Terminal {
  const args = ['plesk', 'order', 'create', '--api-url', server.url, '--client', 'client-1'];
  const given = ['--domain', 'example.com', '--ftp-login', 'client1', '--generate-ftp-password'];
  return openTerminal({
    command: toolRuntime(),
    args: [launcher, ...args, ...given, ...more],
    columns,
    rows: 40,
    env: {
      OXHOST_API_KEY: 'key-0123456789abcdef',
      OXHOST_CONFIG_DIR: folder.join('config'),
      NO_COLOR: '1',
    },
  });
}

const ASKED = /Place it\? \(y\/N\)/;
const GIVEN = ['--plan', 'plan-1', '--months', '1', '--payment', 'balance'];

test('what is missing is asked for, then the order is confirmed with all that it says', async () => {
  await using server = await startServer(ordered);
  await using terminal = open(server);
  await terminal.waitFor('Id of the plan');
  terminal.type('plan-1');
  terminal.press('enter');
  await terminal.waitFor('Months (1, 2 or 3)');
  terminal.type('4');
  terminal.press('enter');
  await terminal.waitFor('It must be a whole number from 1 to 3.');
  terminal.press('backspace');
  terminal.type('2');
  terminal.press('enter');
  await terminal.waitFor('Pay from');
  await terminal.waitFor('❯ balance');
  await terminal.waitFor('crypto');
  terminal.press('down');
  await terminal.waitFor('❯ crypto');
  terminal.press('enter');
  await terminal.waitFor(ASKED);
  await terminal.waitFor('note: Order for example.com: plan plan-1');
  await terminal.waitFor('months 2');
  await terminal.waitFor('payment crypto');
  expect(server.arrived).toBe(0);
  terminal.type('y');
  terminal.press('enter');
  expect(await terminal.exited).toMatchObject({ exitCode: 0 });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]?.json).toMatchObject({
    ...{ plan_id: 'plan-1', subscription_duration: 2, type_payment: 'crypto' },
  });
  expect(terminal.scrollback()).not.toContain('The balance after');
  expect(terminal.scrollback()).toMatch(/order\.id +order-1/);
});

test.each([
  ['no', ['n']],
  ['nothing', []],
])('%s is no consent: nothing is sent', async (_what, typed) => {
  await using server = await startServer(ordered);
  await using terminal = open(server, ...GIVEN);
  await terminal.waitFor(ASKED);
  for (const text of typed) terminal.type(text);
  terminal.press('enter');
  expect(await terminal.exited).toMatchObject({ exitCode: 130 });
  expect(terminal.scrollback()).toContain('You answered no; nothing was sent.');
  expect(server.connections).toBe(0);
});

test('in 80 columns no word of what is bought is broken', async () => {
  await using server = await startServer(ordered);
  await using terminal = openWide(80, server, ...GIVEN);
  await terminal.waitFor(ASKED);
  const shown = terminal.scrollback().split(/\s+/);
  const words = `client client-1, domain example.com, ftp login client1, months 1, payment balance; at ${server.url} with the key of OXHOST_API_KEY, at the server's price.`;
  expect(shown).toEqual(expect.arrayContaining(words.split(' ')));
});

test('Ctrl-C at the question: nothing is sent', async () => {
  await using server = await startServer(ordered);
  await using terminal = open(server, ...GIVEN);
  await terminal.waitFor(ASKED);
  terminal.press('ctrl-c');
  expect(await terminal.exited).toMatchObject({ exitCode: 130 });
  expect(server.connections).toBe(0);
});

test('with --yes nothing is asked', async () => {
  await using server = await startServer(ordered);
  await using terminal = open(server, ...GIVEN, '--yes');
  expect(await terminal.exited).toMatchObject({ exitCode: 0 });
  expect(terminal.scrollback()).not.toContain('Place it');
  expect(terminal.scrollback()).toContain('The balance after this order is 90.01 EUR.');
  expect(server.requests).toHaveLength(1);
});
