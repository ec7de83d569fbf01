import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProcess } from '../../support/process.ts';
import { runOxhost } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { builtTool } from '../../support/tool.ts';

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
