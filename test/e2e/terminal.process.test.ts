import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creating, ENV, flagsOf, GIVEN, PASSWORD } from '../commands/plesk/client/creating.ts';
import {
  answer,
  createdClient,
  hang,
  resetAfterReading,
  startServer,
  type TestServer,
} from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal, terminalState, thenShowState } from '../support/terminal.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();
let folder: TemporaryFolder;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.close());

interface Opening {
  columns?: number;
  env?: Record<string, string>;
  /** Run in a shell that shows exit code and terminal state afterwards. */
  inShell?: boolean;
}

function open(
  args: readonly string[],
  { columns = 80, env = {}, inShell }: Opening = {},
): Terminal {
  count += 1;
  const own = { ...ENV, OXHOST_CONFIG_DIR: folder.join(`config-${count}`), NO_COLOR: '1', ...env };
  const command = { command: toolRuntime(), args: [launcher, ...args] };
  const run = inShell === true ? thenShowState(command.command, command.args) : command;
  return openTerminal({ ...run, columns, rows: 40, env: own });
}

const QUESTIONS = [
  ['Full name', GIVEN.name],
  ['Login for Plesk', GIVEN.login],
  ['E-mail address', GIVEN.email],
  ['Password for Plesk', PASSWORD],
  ['The same once more', PASSWORD],
  ['Company (may stay empty)', GIVEN.company],
] as const;

async function answerQuestions(terminal: Terminal, upTo: number = QUESTIONS.length) {
  for (const [question, text] of QUESTIONS.slice(0, upTo)) {
    await terminal.waitFor(question);
    terminal.type(text);
    terminal.press('enter');
  }
}

const asking = (server: Pick<TestServer, 'url'>, ...more: string[]) => [
  ...['plesk', 'client', 'create', '--api-url', server.url],
  ...more,
];

describe('questions', () => {
  test('all, in the documented order; the password is asked twice and never shown', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server));
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(server.requests.map(({ json }) => json)).toEqual([{ ...GIVEN, password: PASSWORD }]);
    expect(terminal.raw).not.toContain(PASSWORD);
    const lines = terminal.scrollback().split('\n');
    const places = QUESTIONS.map(([question]) =>
      lines.findIndex((line) => line.includes(question)),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(terminal.cursorIsVisible()).toBe(true);
  });

  test.each<[string, string[], Record<string, string>, boolean]>([
    ['as a terminal may have it', [], { NO_COLOR: '' }, true],
    ['NO_COLOR', [], { NO_COLOR: '1' }, false],
    ['--color never', ['--color', 'never'], { NO_COLOR: '', FORCE_COLOR: '1' }, false],
  ])('colour of the questions, %s', async (_title, flags, env, colored) => {
    await using server = await startServer(createdClient);
    const args = ['plesk', 'client', 'create', '--api-url', server.url, ...flags];
    await using terminal = open(args, { env });
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(/\u001b\[[\d;]*[1-9][\d;]*m/.test(terminal.raw)).toBe(colored);
  });

  test('the company may stay empty', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server));
    await answerQuestions(terminal, 5);
    await terminal.waitFor('Company');
    terminal.press('enter');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    const { company: _company, ...others } = GIVEN;
    expect(server.requests[0]?.json).toEqual({ ...others, password: PASSWORD });
  });

  test('what is given is not asked', async () => {
    await using server = await startServer();
    const { login, ...given } = GIVEN;
    const args = asking(server, ...flagsOf(given), '--generate-password');
    await using terminal = open(args);
    await terminal.waitFor('Login for Plesk');
    terminal.type(login);
    terminal.press('enter');
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.scrollback()).not.toMatch(/Full name|E-mail|Company \(|Password for/);
    expect(server.requests[0]?.json).toMatchObject(GIVEN);
  });

  test('an answer that cannot be used is asked for again', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, '--password', 'client1-Kx7!Qm2'));
    await terminal.waitFor('Full name');
    terminal.press('enter');
    await terminal.waitFor('Please give a value');
    terminal.type('Example Client');
    terminal.press('enter');
    await terminal.waitFor('Login for Plesk');
    terminal.type('-a');
    terminal.press('enter');
    await terminal.waitFor('It must start with a letter or digit.');
    terminal.press('backspace', 'backspace');
    terminal.type('client1');
    terminal.press('enter');
    await terminal.waitFor('With it the password is wrong: it must not contain the login.');
    terminal.type('0');
    terminal.press('backspace', 'backspace');
    terminal.type('2');
    terminal.press('enter');
    await terminal.waitFor('E-mail address');
    terminal.type('nobody');
    terminal.press('enter');
    await terminal.waitFor('It must contain exactly one @ (--force sends it all the same).');
    terminal.press('ctrl-c');
    expect(await terminal.exited).toMatchObject({ exitCode: 130 });
    expect(server.requests).toEqual([]);
  });

  test('passwords that differ, or are bad, are asked for again', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server, ...flagsOf(GIVEN)));
    await terminal.waitFor('Password for Plesk');
    terminal.press('enter');
    await terminal.waitFor('Please give a value, or stop with Ctrl-C and use --generate-password.');
    await terminal.waitFor(/password\.\s+\S+ Password for Plesk/);
    terminal.type('a b c d e');
    terminal.press('enter');
    await terminal.waitFor('It must not contain a space.');
    await terminal.waitFor(/space\.\s+\S+ Password for Plesk/);
    terminal.type('\u0014');
    terminal.type(PASSWORD);
    terminal.press('enter');
    await terminal.waitFor('The same once more');
    terminal.type('Another-1');
    terminal.press('enter');
    await terminal.waitFor('The two differ; please give both again.');
    for (const _ of [1, 2]) {
      await terminal.waitFor(
        _ === 1 ? /again\.\s+\S+ Password for Plesk/ : /again\.[\s\S]*once more/,
      );
      terminal.type(PASSWORD);
      terminal.press('enter');
    }
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.raw).not.toContain(PASSWORD);
    expect(terminal.raw).not.toContain('Another-1');
    expect(server.requests[0]?.json).toEqual({ ...GIVEN, password: PASSWORD });
  });

  test('without a key nobody answers in vain', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server), { env: { OXHOST_API_KEY: '' } });
    expect(await terminal.exited).toMatchObject({ exitCode: 4 });
    expect(terminal.scrollback()).not.toContain('Full name');
  });

  test('are drawn on stderr: stdout is data, also in a file', async () => {
    await using server = await startServer();
    const file = folder.join('stdout.txt');
    await using terminal = openTerminal({
      command: 'sh',
      args: ['-c', `"$@" >'${file}'`, 'sh', toolRuntime(), launcher, ...asking(server)],
      env: { ...ENV, OXHOST_CONFIG_DIR: folder.join('config-stdout') },
    });
    await answerQuestions(terminal);
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    const written = await readFile(file, 'utf8');
    expect(written.split('\n')[0]).toMatch(/^id\t/);
    expect(written).not.toMatch(/[^\n\t\P{Cc}]/u);
    expect(written.trimEnd().split('\n')).toHaveLength(6);
  });

  test('in 80 columns: no line is longer', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server), { columns: 200 });
    await answerQuestions(terminal, 5);
    await terminal.waitFor('Company');
    for (const line of terminal.scrollback().split('\n')) expect(line.length).toBeLessThan(81);
    terminal.press('ctrl-c');
    await terminal.exited;
  });
});

describe('Ctrl-C gives the terminal back and ends with 130', () => {
  async function ended(terminal: Terminal, exitCode: number) {
    await terminal.waitFor('[end of state]');
    const shown = terminal.scrollback();
    expect(shown).toContain(`[${exitCode}]`);
    expect(terminalState(shown)).toMatchObject({ echo: true, canonical: true, signals: true });
    expect(terminal.cursorIsVisible()).toBe(true);
    return shown;
  }

  test.each(QUESTIONS.map(([question], index) => [question, index] as const))(
    'at the question %s',
    async (question, index) => {
      await using server = await startServer();
      await using terminal = open(asking(server), { inShell: true });
      await answerQuestions(terminal, index);
      await terminal.waitFor(question);
      terminal.press('ctrl-c');
      const shown = await ended(terminal, 130);
      expect(shown).toContain('error: Stopped before anything was sent.');
      expect(server.requests).toEqual([]);
      expect(terminal.raw).not.toContain(PASSWORD);
    },
  );

  test('Ctrl-D at a question', async () => {
    await using server = await startServer();
    await using terminal = open(asking(server), { inShell: true });
    await terminal.waitFor('Full name');
    terminal.press('ctrl-d');
    await ended(terminal, 130);
  });

  test('while the request is out: nobody knows', async () => {
    await using server = await startServer(hang);
    await using terminal = open(creating(server, '--generate-password'), { inShell: true });
    await terminal.waitFor('Creating the client client1');
    await expect.poll(() => server.requests.length).toBe(1);
    expect(terminal.cursorIsVisible()).toBe(false);
    terminal.press('ctrl-c');
    const shown = await ended(terminal, 130);
    expect(shown).toContain('the client may or may not exist');
    expect(shown).toContain('hint: Look in the panel');
    expect(shown).not.toContain('Creating the client');
  });

  test('with --json the report says so', async () => {
    await using server = await startServer(hang);
    const args = creating(server, '--generate-password', '--json');
    await using terminal = open(args, { inShell: true, columns: 2000 });
    await expect.poll(() => server.requests.length).toBe(1);
    terminal.press('ctrl-c');
    const shown = await ended(terminal, 130);
    const line = shown.split('\n').find((text) => text.includes('{"error"')) ?? '';
    expect(JSON.parse(line.slice(line.indexOf('{'))).error).toMatchObject({
      ...{ code: 'cancelled', exit_code: 130, outcome: 'unknown', retry: 'check_first' },
    });
  });

  test.each([
    ['at a question', false],
    ['while the request is out', true],
  ])('SIGTERM %s: 143', async (_when, isOut) => {
    await using server = await startServer(hang);
    const args = isOut ? creating(server, '--generate-password') : asking(server);
    const script = `"$@" & pid=$!; sleep 1; kill $pid; wait $pid; echo "[$?]"`;
    await using terminal = isOut
      ? openTerminal({
          command: 'sh',
          args: ['-c', script, 'sh', toolRuntime(), launcher, ...args],
          env: { ...ENV, OXHOST_CONFIG_DIR: folder.join('config-term') },
        })
      : open(args);
    if (isOut) {
      await terminal.waitFor('[143]');
      expect(terminal.scrollback()).toContain('may or may not exist');
    } else {
      await terminal.waitFor('Full name');
      process.kill(terminal.pid, 'SIGTERM');
      expect(await terminal.exited).toMatchObject({ exitCode: 143 });
    }
    expect(terminal.cursorIsVisible()).toBe(true);
  });
});

describe('Ctrl-Z and fg, in a shell with job control', () => {
  function inBash(args: readonly string[]): Terminal {
    count += 1;
    const env = { ...ENV, OXHOST_CONFIG_DIR: folder.join(`config-${count}`), NO_COLOR: '1' };
    const terminal = openTerminal({
      ...{ command: 'bash', args: ['--norc', '--noprofile', '-i'], columns: 200, rows: 40 },
      env: { ...env, PS1: 'shell> ' },
    });
    terminal.type([toolRuntime(), launcher, ...args].join(' '));
    terminal.press('enter');
    return terminal;
  }

  async function stopAndGoOn(terminal: Terminal, times: number) {
    terminal.press('ctrl-z');
    await terminal.waitFor(new RegExp(`(Stopped[\\s\\S]*){${times}}shell>`));
    terminal.type(`echo $((${times} + 40)) times; fg`);
    terminal.press('enter');
    await terminal.waitFor(`${times + 40} times`);
    await expect.poll(() => terminal.state()).toMatchObject({ echo: false });
    // Once the process goes on, it takes a moment to see what has become of its terminal.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  test('every question is still there, and a password is still not shown', async () => {
    await using server = await startServer();
    await using terminal = inBash(asking(server));
    let times = 0;
    for (const [question, text] of QUESTIONS) {
      await terminal.waitFor(question);
      for (const _ of question === 'Full name' ? [1, 2] : [1]) await stopAndGoOn(terminal, ++times);
      terminal.type(text);
      terminal.press('enter');
    }
    await terminal.waitFor('plesk_client_id');
    expect(server.requests.map(({ json }) => json)).toEqual([{ ...GIVEN, password: PASSWORD }]);
    expect(terminal.raw).not.toContain(PASSWORD);
  });

  test.each(['ctrl-c', 'ctrl-d'] as const)(
    '%s afterwards ends with 130',
    async (key) => {
      await using server = await startServer();
      await using terminal = inBash(asking(server));
      await terminal.waitFor('Full name');
      await stopAndGoOn(terminal, 1);
      terminal.press(key);
      await terminal.waitFor('Stopped before anything was sent.');
      await terminal.waitFor(/sent\.\s+shell>/);
      terminal.type('echo "[$?]"');
      terminal.press('enter');
      await terminal.waitFor('[130]');
      expect(terminal.cursorIsVisible()).toBe(true);
      expect(server.requests).toEqual([]);
    },
    30_000,
  );
});

describe('the spinner', () => {
  const slowly =
    (handler: typeof createdClient): typeof createdClient =>
    async (request, response, index) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await handler(request, response, index);
    };

  test.each([
    ['success', createdClient, 0],
    ['a refusal', answer(422, { success: false, message: 'No' }), 5],
    ['a reset', resetAfterReading, 8],
  ])('is gone after %s, and the cursor is back', async (_what, handler, exitCode) => {
    await using server = await startServer(slowly(handler));
    await using terminal = open(creating(server, '--password', PASSWORD));
    await terminal.waitFor('Creating the client client1');
    expect(terminal.cursorIsVisible()).toBe(false);
    expect(await terminal.exited).toMatchObject({ exitCode });
    expect(terminal.cursorIsVisible()).toBe(true);
    expect(terminal.scrollback()).not.toContain('Creating the client');
  });

  test.each([
    ['--quiet', ['--quiet'], {}],
    ['--json', ['--json'], {}],
    ['--debug', ['--debug'], {}],
    ['TERM=dumb', [], { TERM: 'dumb' }],
  ])('is not drawn with %s', async (_what, flags, env) => {
    await using server = await startServer(slowly(createdClient));
    await using terminal = open(creating(server, '--password', PASSWORD, ...flags), { env });
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.raw).not.toContain('Creating the client');
    expect(terminal.raw).not.toContain('\u001b[?25l');
  });

  test('is on stderr: not in a redirected one', async () => {
    await using server = await startServer(slowly(createdClient));
    const file = folder.join('stderr.txt');
    const args = creating(server, '--password', PASSWORD);
    await using terminal = openTerminal({
      command: 'sh',
      args: ['-c', `"$@" 2>'${file}'`, 'sh', toolRuntime(), launcher, ...args],
      env: { ...ENV, OXHOST_CONFIG_DIR: folder.join('config-stderr') },
    });
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'utf8')).not.toMatch(/Creating|\u001b/);
    expect(terminal.raw).not.toContain('Creating');
    expect(terminal.screen()).toContain('plesk_client_id');
  });
});
