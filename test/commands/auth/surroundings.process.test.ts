import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProcess } from '../../support/process.ts';
import { runOxhost } from '../../support/run.ts';
import { startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { builtTool, toolRuntime } from '../../support/tool.ts';

const launcher = builtTool();

describe('--api-key', () => {
  const places = [
    (flag: string[]) => ['auth', 'status', ...flag],
    (flag: string[]) => [...flag, 'auth', 'status'],
    (flag: string[]) => ['plesk', ...flag, 'client', 'create'],
    (flag: string[]) => ['plesk', 'client', 'create', ...flag, '--login', 'client1'],
  ];
  const flags = [['--api-key', 'SEKRET'], ['--api-key=SEKRET'], ['--api-key=SEKRET', '--json']];
  test.each(places.flatMap((place) => flags.map((flag) => [place(flag)])))(
    'is refused, and its value not repeated: %j',
    async (args) => {
      const run = await runOxhost(args, { env: { OXHOST_DEBUG: '1' } });
      expect(run).toMatchObject({ exitCode: 2, stdout: '' });
      expect(run.stderr).not.toContain('SEKRET');
      for (const way of ['--key-stdin', 'OXHOST_API_KEY', 'OXHOST_KEY_COMMAND']) {
        expect(run.stderr).toContain(way);
      }
    },
  );
});

describe('NODE_TLS_REJECT_UNAUTHORIZED', () => {
  const run = (value: string) =>
    runOxhost(['auth', 'list', '--json'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: value } });
  test('0 gives a warning', async () => {
    const { exitCode, errors } = await run('0');
    expect(exitCode).toBe(0);
    expect(errors[0]?.['warning']).toMatchObject({ code: 'tls_always_verified' });
  });
  test.each(['1', ''])('%j does not', async (value) => {
    expect((await run(value)).errors.map((line) => Object.keys(line))).toEqual([['note']]);
  });
});

test('nothing is read from the working directory', async () => {
  await using folder = await temporaryFolder();
  const settings = {
    OXHOST_API_KEY: 'planted-key',
    OXHOST_API_URL: 'https://evil.example',
    api_key: 'planted-key',
    apiUrl: 'https://evil.example',
    current: 'planted',
    profiles: { planted: { key: 'planted-key', origin: 'https://evil.example' } },
  };
  const cwd = folder.join('project');
  await mkdir(join(cwd, 'config'), { recursive: true });
  await mkdir(join(cwd, '.config', 'oxhost'), { recursive: true });
  const json = JSON.stringify(settings);
  const dotenv = 'OXHOST_API_KEY=planted-key\nOXHOST_API_URL=https://evil.example\n';
  const files: Record<string, string> = {
    '.env': dotenv,
    '.env.local': dotenv,
    '.npmrc': `oxhost_api_key=planted-key\noxhost:api_key=planted-key\n${dotenv}`,
    '.oxhostrc': json,
    'oxhost.json': json,
    'oxhost.config.json': json,
    'oxhost.config.js': `throw new Error('read')`,
    'config.json': json,
    [join('config', 'config.json')]: json,
    [join('.config', 'oxhost', 'config.json')]: json,
    'package.json': JSON.stringify({ type: 'module', oxhost: settings, config: settings }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);

  const run = (env: Record<string, string>) =>
    runProcess(process.execPath, [launcher, 'auth', 'status', '--json'], {
      cwd,
      env: { HOME: folder.join('home'), ...env },
    });
  const without = await run({});
  expect(without).toMatchObject({ exitCode: 4, stdout: '' });
  expect(without.stderr).not.toContain('planted');
  const withKey = await run({ OXHOST_API_KEY: 'my-own-key' });
  expect(JSON.parse(withKey.stdout)).toMatchObject({
    origin: 'https://0xhost.com',
    source: 'OXHOST_API_KEY',
  });
  // The same file is read where it belongs, so that the test above means something.
  const there = await run({ XDG_CONFIG_HOME: join(cwd, '.config') });
  expect(JSON.parse(there.stdout)).toMatchObject({ profile: 'planted' });
});

describe('the home folder', () => {
  const create = [
    'plesk',
    'client',
    'create',
    '--json',
    '--name',
    'n',
    '--login',
    'client1',
  ].concat(['--email', 'a@example.com', '--password', 'Abc-0123456789-xyz']);
  const order =
    'plesk order create --json --yes --plan 1 --client 1 --domain example.com --ftp-login f'
      .split(' ')
      .concat('--ftp-password', 'Abc-0123456789-xyz', '--months', '1', '--payment', 'balance');

  test.each(['', '~', 'relative', undefined])('HOME=%s gives way to passwd', async (HOME) => {
    await using folder = await temporaryFolder();
    const env = { HOME, XDG_CONFIG_HOME: folder.path };
    const options = { cwd: folder.path, env };
    const run = await runProcess(process.execPath, [launcher, 'doctor', '--json', '--sandbox'], {
      ...options,
      env: { HOME },
    });
    expect(run.stdout).toContain(join(userInfo().homedir, '.config', 'oxhost'));
    expect(await readdir(folder.path)).toEqual([]);
  });

  test.each([
    ['a relative folder', 'here', 'OXHOST_CONFIG_DIR must be a whole path, or begin with ~/.'],
  ])('%s for settings is refused', async (_what, OXHOST_CONFIG_DIR, message) => {
    await using folder = await temporaryFolder();
    const run = await runProcess(process.execPath, [launcher, 'auth', 'list', '--json'], {
      ...{ cwd: folder.path, env: { OXHOST_CONFIG_DIR } },
    });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(JSON.parse(run.stderr).error.message).toBe(message);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('OXHOST_CONFIG_DIR=~/own is in it', async () => {
    await using folder = await temporaryFolder();
    const env = { HOME: folder.path, OXHOST_CONFIG_DIR: '~/own' };
    const args = [launcher, 'auth', 'login', '--key-stdin', '--json'];
    const run = await runProcess(process.execPath, args, { env, input: 'a-key-0123456789' });
    expect(JSON.parse(run.stdout).file).toBe(folder.join('own', 'config.json'));
    expect(await readdir(folder.join('own'))).toContain('config.json');
  });

  test.skipIf(process.getuid?.() !== 0)(
    'a user without one and without an entry in passwd (needs root, if skipped)',
    async () => {
      await using server = await startServer();
      // Another user runs it here.
      await chmod(dirname(dirname(launcher)), 0o755);
      const run = (args: readonly string[], env: Record<string, string> = {}) =>
        runProcess(
          'setpriv',
          ['--reuid=54321', '--regid=54321', '--clear-groups', toolRuntime(), launcher, ...args],
          { cwd: '/', input: 'a-key-0123456789', env: { HOME: undefined, ...env } },
        );
      const access = { OXHOST_API_KEY: 'a-key-0123456789', OXHOST_API_URL: server.url };
      const created = await run(create, access);
      expect(created).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"id"') });
      expect(created.stderr).toMatch(/^\{"warning":\{"code":"not_noted".*\}\}\n$/);
      expect(await run(['auth', 'list', '--json'])).toMatchObject({ exitCode: 0, stdout: '[]\n' });
      const status = await run(['auth', 'status', '--json'], access);
      expect(status).toMatchObject({ exitCode: 0, stderr: '' });
      for (const args of [
        order,
        ['auth', 'login', '--key-stdin', '--json'],
        ['history', '--json'],
      ]) {
        const refused = await run(args, access);
        expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
        const { error } = JSON.parse(refused.stderr.trimEnd().split('\n').at(-1) ?? '');
        expect(error.code).toBe('config_error');
        expect(error.hint).toContain('OXHOST_CONFIG_DIR');
      }
      expect(server.requests).toHaveLength(1);
    },
  );
});
