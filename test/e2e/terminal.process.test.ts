import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { creating, GIVEN, PASSWORD } from '../commands/plesk/client/creating.ts';
import {
  answer,
  createdClient,
  type Handler,
  hang,
  resetAfterReading,
  startServer,
} from '../support/server.ts';
import { openTerminal, type Terminal, terminalState } from '../support/terminal.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';
import { answerQuestions, asking, enter, QUESTIONS, terminals } from './asking.ts';

const { open, join, environment } = terminals();

describe('Ctrl-C gives the terminal back and ends with 130', () => {
  async function ended(terminal: Terminal, exitCode: number) {
    await terminal.waitFor('[end of state]');
    const shown = terminal.scrollback();
    expect(shown).toContain(`[${exitCode}]`);
    expect(terminalState(shown)).toEqual({ echo: true, canonical: true, signals: true });
    expect(terminal.cursorIsVisible()).toBe(true);
    return shown;
  }

  test.each([
    ...QUESTIONS.map(([question], index) => [question, index, 'ctrl-c'] as const),
    ['Full name', 0, 'ctrl-d'] as const,
  ])('at the question %s', async (question, index, key) => {
    await using server = await startServer();
    await using terminal = open(asking(server), { inShell: true });
    await answerQuestions(terminal, index);
    await terminal.waitFor(question);
    terminal.press(key);
    const shown = await ended(terminal, 130);
    expect(shown).toContain('error: Stopped before anything was sent.');
    expect(server.requests).toEqual([]);
    expect(terminal.raw).not.toContain(PASSWORD);
  });

  test('while the request is out: nobody knows', async () => {
    await using server = await startServer(hang);
    await using terminal = open(creating(server, '--generate-password'), { inShell: true });
    await terminal.waitFor('Creating the client client1');
    await expect.poll(() => server.requests.length).toBe(1);
    expect(terminal.cursorIsVisible()).toBe(false);
    terminal.press('ctrl-c');
    const shown = await ended(terminal, 130);
    expect(shown).toContain('The client may or may not exist');
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
    ['at a question', asking, 'Full name', 'Stopped before anything was sent'],
    ['while the request is out', creating, 'Creating the client', 'may or may not exist'],
  ])('SIGTERM %s: 143', async (_when, argsFor, seen, said) => {
    await using server = await startServer(hang);
    const more = argsFor === creating ? ['--generate-password'] : [];
    await using terminal = open(argsFor(server, ...more));
    await terminal.waitFor(seen);
    if (argsFor === creating) await expect.poll(() => server.requests.length).toBe(1);
    process.kill(terminal.pid, 'SIGTERM');
    expect(await terminal.exited).toMatchObject({ exitCode: 143 });
    expect(terminal.scrollback()).toContain(said);
    expect(terminal.cursorIsVisible()).toBe(true);
  });
});

describe('Ctrl-Z and fg, in a shell with job control', () => {
  function inBash(args: readonly string[]): Terminal {
    const terminal = openTerminal({
      ...{ command: 'bash', args: ['--norc', '--noprofile', '-i'], columns: 200, rows: 40 },
      env: { ...environment(), PS1: 'shell> ' },
    });
    enter(terminal, [toolRuntime(), builtTool(), ...args].join(' '));
    return terminal;
  }

  async function stopAndGoOn(terminal: Terminal, times: number) {
    terminal.press('ctrl-z');
    await terminal.waitFor(new RegExp(`(Stopped[\\s\\S]*){${times}}shell>`));
    enter(terminal, `echo $((${times} + 40)) times; fg`);
    await terminal.waitFor(`${times + 40} times`);
    await expect.poll(() => terminal.state()).toMatchObject({ echo: false });
    // Once the process goes on, it takes a moment to see what has become of its terminal.
    await delay(500);
  }

  test('every question is still there, and a password is still not shown', async () => {
    await using server = await startServer();
    await using terminal = inBash(asking(server));
    let times = 0;
    for (const [question, text] of QUESTIONS) {
      await terminal.waitFor(question);
      for (const _ of question === 'Full name' ? [1, 2] : [1]) await stopAndGoOn(terminal, ++times);
      enter(terminal, text);
    }
    await terminal.waitFor('plesk_client_id');
    expect(server.requests.map(({ json }) => json)).toEqual([{ ...GIVEN, password: PASSWORD }]);
    expect(terminal.raw).not.toContain(PASSWORD);
  });

  test.each(['ctrl-c', 'ctrl-d'] as const)('%s afterwards ends with 130', async (key) => {
    await using server = await startServer();
    await using terminal = inBash(asking(server));
    await terminal.waitFor('Full name');
    await stopAndGoOn(terminal, 1);
    terminal.press(key);
    await terminal.waitFor(/Stopped before anything was sent\.\s+shell>/);
    enter(terminal, 'echo "[$?]"');
    await terminal.waitFor('[130]');
    expect(terminal.cursorIsVisible()).toBe(true);
    expect(server.requests).toEqual([]);
  });
});

describe('the spinner', () => {
  const slowly =
    (handler: Handler): Handler =>
    async (...call) => {
      await delay(300);
      await handler(...call);
    };

  test.each([
    ['success', createdClient, 0],
    ['a refusal', answer(422, { success: false, message: 'No' }), 5],
    ['a reset', resetAfterReading, 8],
  ])('is gone after %s, and the cursor is back', async (_what, handler, exitCode) => {
    await using server = await startServer(slowly(handler));
    await using terminal = open(creating(server, '--password', PASSWORD));
    await terminal.waitFor('Creating the client client1');
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
    const file = join('stderr.txt');
    const script = `"$@" 2>'${file}'`;
    await using terminal = open(creating(server, '--password', PASSWORD), { script });
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'utf8')).not.toMatch(/Creating|\u001b/);
    expect(terminal.raw).not.toContain('Creating');
    expect(terminal.screen()).toContain('plesk_client_id');
  });

  test('keeps nothing waiting where a terminal says it has no columns, as some containers have it', async () => {
    await using server = await startServer(slowly(createdClient));
    const script = 'stty cols 0 rows 0; exec "$@"';
    await using terminal = open(creating(server, '--generate-password'), { script });
    expect(await terminal.exited).toMatchObject({ exitCode: 0 });
    expect(terminal.raw.length).toBeLessThan(20_000);
    expect(server.requests).toHaveLength(1);
  });
});
