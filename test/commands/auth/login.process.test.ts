import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryInput } from '../../support/memory-streams.ts';
import { runOxhost, startOxhost } from '../../support/run.ts';
import { startServer } from '../../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary.ts';
import { openTerminal, thenShowState } from '../../support/terminal.ts';
import { builtTool } from '../../support/tool.ts';
import { storedKeys } from './stored.ts';

const KEY = 'sekret-0123456789-0123456789-wxyz';
const login = ['auth', 'login', '--key-stdin'];
const storeIn = async (folder: string) =>
  JSON.parse(await readFile(`${folder}/config.json`, 'utf8'));

describe('--key-stdin', () => {
  test('stores the key with its origin, and says that it was not tried', async () => {
    const run = await runOxhost([...login, '--json'], { stdin: `${KEY}\n` });
    const file = `${run.configFolder}/config.json`;
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toBe(
      `${JSON.stringify({ profile: 'default', origin: 'https://0xhost.com', key: '****wxyz', file })}\n`,
    );
    expect(run.errors).toEqual([
      { note: { code: 'not_checked', message: expect.stringContaining('not tried') } },
    ]);
    expect(await storeIn(run.configFolder)).toEqual({
      current: 'default',
      profiles: { default: { key: KEY, origin: 'https://0xhost.com' } },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(run.configFolder)).mode & 0o777).toBe(0o700);
  });

  test('as text in a pipe: a name, a tab, a value', async () => {
    const run = await runOxhost([...login, '-p', 'agency', '--user', '7'], { stdin: KEY });
    const file = `${run.configFolder}/config.json`;
    expect(run.stdout).toBe(
      `profile\tagency\norigin\thttps://0xhost.com\nkey\t****wxyz\nfile\t${file}\n`,
    );
    expect(run.stderr).toMatch(/^note: .*not tried.*\n$/);
    expect((await storeIn(run.configFolder)).profiles.agency.user).toBe('7');
    expect((await runOxhost([...login, '-q'], { stdin: KEY })).stderr).toBe('');
  });

  test('as a table on a terminal', async () => {
    const run = await runOxhost([...login, '--no-color'], { stdin: KEY, isTTY: { stdout: true } });
    expect(run.stdout).toContain('****wxyz');
    expect(run.stdout).not.toContain('\t');
    expect(run.stdout).not.toContain('sekret');
  });

  test.each([
    ['--api-url', (url: string) => [...login, '--api-url', url], () => ({})],
    ['OXHOST_API_URL', () => login, (url: string) => ({ OXHOST_API_URL: url })],
  ])('%s sets the origin, and no request is made', async (_name, args, env) => {
    await using server = await startServer();
    const run = await runOxhost(args(`${server.url}/`), { stdin: KEY, env: env(server.url) });
    expect(run.exitCode).toBe(0);
    expect((await storeIn(run.configFolder)).profiles.default.origin).toBe(server.url);
    expect(server.connections).toBe(0);
  });

  test('a second key of a profile takes the place of the first; the last one is current', async () => {
    await using stored = await storedKeys('one', 'two');
    const run = await runOxhost([...login, '-p', 'one'], { stdin: KEY, env: stored.env });
    expect(run.stderr).toContain('note: The key that one had before was replaced.');
    expect(run.stderr).toContain(
      'note: one is now the current profile; oxhost auth switch two goes back.',
    );
    const store = await storeIn(stored.env.OXHOST_CONFIG_DIR);
    expect(store.current).toBe('one');
    expect(Object.keys(store.profiles)).toEqual(['one', 'two']);
    const origin = 'https://0xhost.com';
    expect(store.profiles.one).toEqual({ key: KEY, origin, user: 'user-one' });
  });

  test('what is not given stays: address and user id, but no user id at another address', async () => {
    await using stored = await storedKeys('one');
    const again = (...more: string[]) =>
      runOxhost([...login, '-p', 'one', ...more], { stdin: KEY, env: stored.env });
    const profile = async () => (await storeIn(stored.env.OXHOST_CONFIG_DIR)).profiles.one;
    await again('--api-url', 'https://example.com', '--user', '7');
    await again();
    expect(await profile()).toEqual({ key: KEY, origin: 'https://example.com', user: '7' });
    await again('--api-url', 'https://other.example');
    expect(await profile()).toEqual({ key: KEY, origin: 'https://other.example' });
  });

  test('OXHOST_PROFILE names the profile', async () => {
    const run = await runOxhost(login, { stdin: KEY, env: { OXHOST_PROFILE: 'agency' } });
    expect(Object.keys((await storeIn(run.configFolder)).profiles)).toEqual(['agency']);
  });

  test.each(['OXHOST_API_KEY', 'OXHOST_KEY_COMMAND'])('%s would win: a warning', async (name) => {
    const run = await runOxhost([...login, '--json'], { stdin: KEY, env: { [name]: 'x' } });
    expect(run.errors.map((line) => line['warning']?.['code'])).toContain('environment_wins');
    expect(run.stderr).toContain(name);
  });

  test.each([
    ['empty', ''],
    ['a newline', '\n'],
    ['two lines', 'sekret\nsekret\n'],
    ['NUL', 'sek\0ret'],
    ['quotes', '"sekret"'],
    ['umlauts', 'sekretä'],
    ['a blank', 'sek ret'],
    ['a mask', '****6789'],
    ['nothing in words', 'null'],
    ['a placeholder', '<your-api-key>'],
    ['a name and a value', 'OXHOST_API_KEY=sekret'],
  ])('a key that is %s is refused and not repeated', async (_name, stdin) => {
    const run = await runOxhost([...login, '--json'], { stdin });
    expect(run).toMatchObject({ exitCode: 2, stdout: '', error: { code: 'usage' } });
    expect(run.stderr).not.toMatch(/sek|ret"/);
    await expect(stat(run.configFolder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while it waits for stdin', async (signal, exitCode) => {
    const running = await startOxhost([...login, '--json'], { stdin: new MemoryInput() });
    running.stdin.feed('sekret');
    await delay(200);
    running.signal(signal);
    const run = await running.finished;
    expect(run).toMatchObject({ exitCode, error: { code: 'cancelled' }, released: true });
    expect(run.stderr).not.toContain('sekret');
  });

  test('a user of nothing is refused', async () => {
    expect(await runOxhost([...login, '--user', ' '], { stdin: KEY })).toMatchObject({
      exitCode: 2,
      stderr: 'error: --user must not be empty.\n',
    });
  });
});

describe.skipIf(process.platform === 'win32')('--key-command (with a POSIX shell)', () => {
  const keep = (command: string, more: string[] = []) =>
    runOxhost(['auth', 'login', '--json', '--key-command', command, ...more]);

  test('is kept instead of a key, not run now, and run by every command', async () => {
    await using folder = await temporaryFolder();
    const command = `echo x >> '${folder.join('runs')}'; echo ${KEY}`;
    const run = await keep(command);
    const env = { OXHOST_CONFIG_DIR: run.configFolder };
    expect(JSON.parse(run.stdout)).toMatchObject({ profile: 'default', key_command: command });
    expect((await storeIn(run.configFolder)).profiles.default).toEqual({
      ...{ key_command: command, origin: 'https://0xhost.com' },
    });
    await expect(stat(folder.join('runs'))).rejects.toMatchObject({ code: 'ENOENT' });
    const status = await runOxhost(['auth', 'status', '--json'], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({ profile: 'default', key: '****wxyz' });
    expect(await readFile(folder.join('runs'), 'utf8')).toBe('x\n');
    const list = await runOxhost(['auth', 'list', '--json'], { env });
    expect(JSON.parse(list.stdout)).toMatchObject([{ key: null, key_command: command }]);
    expect((await runOxhost(['auth', 'list'], { env })).stdout).toContain(`\tfrom ${command}\t`);
    expect(await readFile(folder.join('runs'), 'utf8')).toBe('x\n');
  });

  test.each([
    ['fails', 'echo sekret; exit 3', 4, 'did not give a key (exit code 3)'],
    ['prints no key', 'echo "sekret and more"', 2, 'is not a usable key'],
  ])('that %s is named by its profile, never by its output', async (_what, command, code, why) => {
    const { configFolder } = await keep(command);
    const env = { OXHOST_CONFIG_DIR: configFolder };
    const run = await runOxhost(['auth', 'status', '--json'], { env });
    expect(run).toMatchObject({ exitCode: code, stdout: '' });
    expect(run.error?.['message']).toMatch(/^The key command of the profile "default" /);
    expect(run.error?.['message']).toContain(why);
    expect(run.stderr).not.toContain('sekret');
  });

  test.each([
    [' ', [], '--key-command must not be empty.'],
    ['echo x', ['--key-stdin'], 'Give either --key-stdin or --key-command.'],
  ])('%j with %j is refused', async (command, more, message) => {
    expect(await keep(command, more)).toMatchObject({ exitCode: 2, error: { message } });
  });
});

describe('nobody to ask', () => {
  test.each([
    ['no terminal', [], false, {}],
    ['--json', ['--json'], true, {}],
    ['--no-input', ['--no-input'], true, {}],
    ['OXHOST_NO_INPUT', [], true, { OXHOST_NO_INPUT: '1' }],
    ['CI', [], true, { CI: '1' }],
    ['no terminal for the question', [], { stdin: true }, {}],
  ])('%s: the option is named, and nothing hangs', async (_name, more, isTTY, env) => {
    const options = { isTTY, env, stdin: new MemoryInput(undefined, { isTTY: true }) };
    const run = await runOxhost(['auth', 'login', ...more], options as never);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('--key-stdin');
  });
});

describe('asked for on a terminal', () => {
  const launcher = builtTool();
  let temporary: TemporaryFolder;
  beforeEach(async () => {
    temporary = await temporaryFolder();
  });
  afterEach(() => temporary.close());
  const open = (args: readonly string[] = []) =>
    openTerminal({
      ...thenShowState(process.execPath, [launcher, 'auth', 'login', ...args]),
      env: { OXHOST_CONFIG_DIR: temporary.path },
      columns: 100,
    });

  test('nothing of the key is shown, not even its length', async () => {
    await using terminal = open(['--api-url', 'https://example.com']);
    await terminal.waitFor('API key for https://example.com');
    const before = terminal.screen();
    for (const character of KEY) terminal.type(character);
    await delay(300);
    expect(terminal.screen()).toBe(before);
    terminal.press('enter');
    await terminal.waitFor('[end of state]');
    expect(terminal.scrollback()).toContain('[0]');
    expect(terminal.scrollback()).toContain('****wxyz');
    expect(terminal.raw).not.toContain('sekret');
    expect(terminal.raw).not.toContain('0123456789');
    expect(terminal.scrollback()).toMatch(/(?<!-)\becho\b/);
    expect(terminal.cursorIsVisible()).toBe(true);
    expect((await storeIn(temporary.path)).profiles.default).toEqual({
      key: KEY,
      origin: 'https://example.com',
    });
  });

  test('an answer of nothing is asked for again; what cannot be a key is refused unshown', async () => {
    await using terminal = open();
    await terminal.waitFor('API key');
    terminal.press('enter');
    await terminal.waitFor('Please give a value');
    terminal.type('sekret with blanks');
    terminal.press('enter');
    await terminal.waitFor('[end of state]');
    expect(terminal.scrollback()).toContain('[2]');
    expect(terminal.raw).not.toContain('sekret');
  });

  test('Ctrl-C leaves the terminal as it was', async () => {
    await using terminal = open();
    await terminal.waitFor('API key');
    terminal.type('sekret');
    terminal.press('ctrl-c');
    await terminal.waitFor('[end of state]');
    expect(terminal.scrollback()).toContain('[130]');
    expect(terminal.raw).not.toContain('sekret');
    expect(terminal.state()?.echo ?? true).toBe(true);
    expect(terminal.cursorIsVisible()).toBe(true);
    await expect(stat(temporary.join('config.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
