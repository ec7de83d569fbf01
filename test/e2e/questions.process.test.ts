import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { flagsOf, GIVEN, PASSWORD } from '../commands/plesk/client/creating.ts';
import { answer, startServer } from '../support/server.ts';
import { answerQuestions, asking, enter, QUESTIONS, terminals } from './asking.ts';

const { open, join } = terminals();

describe('a client', () => {
  test('all is asked in the documented order; the password twice, and never shown', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server), { columns: 200 });
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(server.requests.map(({ json }) => json)).toEqual([{ ...GIVEN, password: PASSWORD }]);
    expect(terminal.raw).not.toContain(PASSWORD);
    const shown = terminal.scrollback();
    const places = QUESTIONS.map(([question]) => shown.indexOf(question));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(shown).toContain('✔ Created the client client1');
    expect(shown).toMatch(/oxhost plesk order create --client client123-\S+/);
    expect(terminal.cursorIsVisible()).toBe(true);
  });

  test.each<[string, string[], Record<string, string>, boolean]>([
    ['as a terminal may have it', [], { NO_COLOR: '' }, true],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
    ['--color never', ['--color', 'never'], { NO_COLOR: '', FORCE_COLOR: '1' }, false],
  ])('colour of the questions, %s', async (_title, flags, env, colored) => {
    await using server = await startServer();
    await using terminal = open(asking(server, ...flags), { env });
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(/\u001b\[[\d;]*[1-9][\d;]*m/.test(terminal.raw)).toBe(colored);
  });

  test('what is given is not asked; the company may stay empty', async () => {
    await using server = await startServer();
    const { login, company: _, ...given } = GIVEN;
    await using terminal = open(asking(server, ...flagsOf(given), '--generate-password'));
    await terminal.waitFor('Login for Plesk');
    enter(terminal, login);
    await terminal.waitFor('Company (optional)');
    terminal.press('enter');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.scrollback()).not.toMatch(/Full name|E-mail address|Password for/);
    expect(server.requests[0]?.json).toMatchObject({ ...given, login });
    expect(server.requests[0]?.json).not.toHaveProperty('company');
  });

  test('an answer that cannot be used is said to be so at its question, and asked for again', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, '--password', 'client1-Kx7!Qm2'));
    await terminal.waitFor('Full name');
    terminal.press('enter');
    await terminal.waitFor('Please give a value');
    enter(terminal, 'Example Client');
    await terminal.waitFor('Login for Plesk');
    enter(terminal, '-a');
    await terminal.waitFor('It must start with a letter or digit.');
    terminal.press('backspace', 'backspace');
    enter(terminal, 'client1');
    await terminal.waitFor('With it the password must not contain the login.');
    terminal.press('backspace');
    enter(terminal, '2');
    await terminal.waitFor('E-mail address');
    enter(terminal, 'nobody');
    await terminal.waitFor('It must contain exactly one @');
    terminal.press('ctrl-c');
    expect(await terminal.exited).toMatchObject({ exitCode: 130 });
    expect(server.requests).toEqual([]);
  });

  test('passwords that are bad, weak or differ are asked for again', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, ...flagsOf(GIVEN)), { columns: 120 });
    await terminal.waitFor('Password for Plesk (Enter generates one)');
    enter(terminal, 'a b c d e');
    await terminal.waitFor('It must not contain a space.');
    // Typed over what was wrong, which is gone.
    enter(terminal, 'Kx7!Qm');
    await terminal.waitFor(/It is weak.*\n *Use it anyway\? \(y\/N\)/);
    expect(terminal.screen()).not.toContain('✔ Password');
    enter(terminal, 'Another-2');
    await expect.poll(() => terminal.screen()).not.toContain('anyway');
    enter(terminal, PASSWORD);
    await terminal.waitFor('Repeat the password');
    enter(terminal, 'Another-1');
    await terminal.waitFor('It differs from the first. Enter alone begins again.');
    enter(terminal, PASSWORD);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.raw).not.toMatch(new RegExp(`${PASSWORD}|Another-|Kx7!Qm`));
    expect(server.requests[0]?.json).toEqual({ ...GIVEN, password: PASSWORD });
  });

  test('a weak password is used after a yes', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, ...flagsOf(GIVEN)));
    await terminal.waitFor('Password for Plesk');
    enter(terminal, 'Kx7!Qm');
    await terminal.waitFor('Use it anyway? (y/N)');
    enter(terminal, 'y');
    await terminal.waitFor('Repeat the password');
    enter(terminal, 'Kx7!Qm');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(server.requests[0]?.json).toEqual({ ...GIVEN, password: 'Kx7!Qm' });
  });

  test('Enter on the empty password generates one, which is shown once', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, ...flagsOf(GIVEN)));
    await terminal.waitFor('Password for Plesk (Enter generates one)');
    terminal.press('enter');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    const { password } = (server.requests[0]?.json ?? {}) as { password: string };
    expect(terminal.scrollback().split(password)).toHaveLength(2);
  });

  test('without a key nobody answers for nothing', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server), { env: { OXHOST_API_KEY: '' } });
    expect(await terminal.exited).toMatchObject({ exitCode: 4 });
    expect(terminal.scrollback()).not.toContain('Full name');
  });

  test('questions are drawn on stderr: stdout is data, also in a file', async () => {
    await using server = await startServer();
    const file = join('stdout.txt');
    await using terminal = open(asking(server), { script: `"$@" >'${file}'` });
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    const written = await readFile(file, 'utf8');
    expect(written).toMatch(/^id\t/);
    expect(written).not.toMatch(/[^\n\t\P{Cc}]/u);
    expect(written.trimEnd().split('\n')).toHaveLength(6);
  });
});

describe('an order', () => {
  const ordered = answer(200, {
    success: true,
    order: { id: 'order-1', status: 'completed', amount: '9.99', currency: 'EUR' },
    subscription: { id: 'subscription-1' },
    balance_after: '90.01',
  });
  const ordering = (server: { url: string }, ...more: string[]) => [
    ...['plesk', 'order', 'create', '--api-url', server.url, '--client', 'client-1'],
    ...['--domain', 'example.com', '--ftp-login', 'client1', '--generate-ftp-password', ...more],
  ];
  const GIVEN_TOO = ['--plan', 'plan-1', '--months', '1', '--payment', 'balance'];
  const ASKED = /at the server's price\? \(y\/N\)/;

  test('what is missing is asked for, then all of it is shown below one another and confirmed', async () => {
    await using server = await startServer(ordered);
    await using terminal = open(ordering(server));
    await terminal.waitFor('Id of the plan');
    enter(terminal, 'plan-1');
    await terminal.waitFor('Months (1, 2 or 3)');
    enter(terminal, '4');
    await terminal.waitFor('It must be a whole number from 1 to 3.');
    terminal.press('backspace');
    enter(terminal, '2');
    await terminal.waitFor('❯ balance');
    terminal.press('down');
    await terminal.waitFor('❯ crypto');
    terminal.press('enter');
    await terminal.waitFor(ASKED);
    const list = terminal.scrollback().split('\n');
    const all = {
      ...{ plan: 'plan-1', client: 'client-1', domain: 'example.com', months: '2' },
      ...{ payment: 'crypto', address: server.url, key: 'that of OXHOST_API_KEY' },
    };
    for (const [name, value] of Object.entries(all)) {
      expect(list).toContain(`  ${name.padEnd(11)}${value}`);
    }
    expect(server.arrived).toBe(0);
    enter(terminal, 'y');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(server.requests.map(({ json }) => json)).toMatchObject([
      { plan_id: 'plan-1', subscription_duration: 2, type_payment: 'crypto' },
    ]);
    expect(terminal.scrollback()).toMatch(/order\.id +order-1/);
  });

  test.each([
    ['no', 'n\r', 'error:'],
    ['nothing', '\r', 'error:'],
    ['Ctrl-C', '\x03', 'nothing of the kind'],
  ])('%s is no consent: nothing is sent', async (_what, typed, unsaid) => {
    await using server = await startServer(ordered);
    await using terminal = open(ordering(server, ...GIVEN_TOO));
    await terminal.waitFor(ASKED);
    terminal.type(typed);
    expect(await terminal.exited).toMatchObject({ exitCode: 130 });
    expect(terminal.scrollback()).not.toContain(unsaid);
    expect(server.connections).toBe(0);
  });

  test('with --yes nothing is asked', async () => {
    await using server = await startServer(ordered);
    await using terminal = open(ordering(server, ...GIVEN_TOO, '--yes'));
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.scrollback()).not.toMatch(ASKED);
    expect(server.requests).toHaveLength(1);
  });
});
