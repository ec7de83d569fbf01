import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createdClient, type Handler, startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { openTerminal, type Terminal, terminalState, thenShowState } from '../support/terminal.ts';
import { builtTool } from '../support/tool.ts';
import { csvOf, logins } from './files.ts';

const launcher = builtTool();
let folder: TemporaryFolder;
let server: TestServer;
let answersIn = 20;
const slowly: Handler = async (...call) => {
  await delay(answersIn);
  await createdClient(...call);
};

beforeEach(async () => {
  answersIn = 20;
  folder = await temporaryFolder();
  server = await startServer(slowly);
});
afterEach(async () => {
  await server.close();
  await folder.close();
});

async function open(rows: number, columns: number, ...args: string[]): Promise<Terminal> {
  const file = folder.join('clients.csv');
  await writeFile(file, csvOf(...logins(rows)));
  const command = [
    launcher,
    'plesk',
    'client',
    'import',
    file,
    '--yes',
    '--color',
    'never',
    ...args,
  ];
  const { command: shell, args: shellArgs } = thenShowState(process.execPath, command);
  // A terminal that ends at once may take its last words with it.
  const patient = shellArgs.map((arg, index) => (index === 1 ? `${arg}; sleep 0.5` : arg));
  return openTerminal({
    command: shell,
    args: patient,
    columns,
    rows: 30,
    env: {
      OXHOST_API_KEY: 'test-key-0001',
      OXHOST_API_URL: server.url,
      OXHOST_CONFIG_DIR: folder.join('config'),
    },
  });
}

const BAR = /\d+\/\d+ /g;

test.each([80, 40])('a bar in its place in %i columns, gone at the end', async (columns) => {
  await using terminal = await open(150, columns);
  await terminal.waitFor(/[1-9]\d*\/150/);
  const during: number[] = [];
  for (let look = 0; look < 5; look += 1) {
    during.push(terminal.screen().match(BAR)?.length ?? 0);
    await delay(60);
  }
  expect(Math.max(...during)).toBe(1);
  await terminal.waitFor('[end of state]');
  const text = terminal.scrollback();
  expect(text).toContain('[0]');
  expect(text).toMatch(/created +150/);
  expect(text).toMatch(/: 150\s+rows, [\d.]+\s+s$/m);
  expect(text.replaceAll('clients.csv: 150', '')).not.toMatch(/\d+\/150/);
  expect(terminal.cursorIsVisible()).toBe(true);
  // Ten frames a second at most, each of them one line.
  const frames = terminal.raw.split('\u001b[?25l').length - 1;
  expect(frames).toBeGreaterThan(2);
  expect(frames).toBeLessThan(60);
});

test('survives a resize in the middle', async () => {
  await using terminal = await open(250, 100);
  await terminal.waitFor(/[1-9]\d*\/250/);
  terminal.resize(40, 30);
  await delay(400);
  terminal.resize(120, 30);
  await delay(400);
  terminal.resize(60, 30);
  await delay(400);
  expect(terminal.screen().match(/\d+\/250/g) ?? []).toHaveLength(1);
  await terminal.waitFor('[end of state]');
  expect(terminal.scrollback()).not.toMatch(/\d+\/250/);
  expect(terminal.scrollback()).toMatch(/created +250/);
});

test('Ctrl-C leaves the terminal as it was, with the bar gone', async () => {
  answersIn = 400;
  await using terminal = await open(60, 80, '--concurrency', '2');
  await terminal.waitFor(/[1-9]\d*\/60/);
  terminal.press('ctrl-c');
  await terminal.waitFor('Stopping: waiting for');
  await terminal.waitFor('[end of state]');
  const text = terminal.scrollback();
  expect(text).toContain('[130]');
  expect(text).toContain('Run the same command again to continue.');
  expect(text.match(/\d+\/60/g)).toBeNull();
  expect(terminal.cursorIsVisible()).toBe(true);
  expect(terminalState(text)).toMatchObject({ echo: true, canonical: true, signals: true });
});

test('a second Ctrl-C leaves at once, with the bar gone', async () => {
  answersIn = 8_000;
  await using terminal = await open(60, 80, '--concurrency', '2');
  await terminal.waitFor(/0\/60/);
  await expect.poll(() => server.arrived).toBeGreaterThan(0);
  terminal.press('ctrl-c');
  await terminal.waitFor('Stopping: waiting for 2 answers');
  terminal.press('ctrl-c');
  await terminal.waitFor('[end of state]');
  expect(terminal.scrollback()).toContain('[130]');
  expect(terminal.scrollback().match(/\d+\/60/g)).toBeNull();
  expect(terminal.cursorIsVisible()).toBe(true);
});
