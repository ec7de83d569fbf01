import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runKeyCommand } from '../../src/store/key-command.ts';
import { MemoryInput, MemoryOutput } from '../support/memory-streams.ts';
import { runOxhost, startOxhost } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary.ts';

const status = ['auth', 'status', '--json'];
const withCommand = (command: string) => ({ env: { OXHOST_KEY_COMMAND: command } });
const onWindows = process.platform === 'win32';

describe.skipIf(onWindows)('OXHOST_KEY_COMMAND (with a POSIX shell)', () => {
  test.each([
    ['with a newline at the end', 'echo 0123456789-0123456789-wxyz'],
    ['without one', 'printf 0123456789-0123456789-wxyz'],
    ['with CR LF', 'printf "0123456789-0123456789-wxyz\\r\\n"'],
    ['through a pipe', 'echo zyxw-9876543210-9876543210 | rev'],
  ])('gives the key, %s', async (_name, command) => {
    const { exitCode, stdout, stderr } = await runOxhost(status, withCommand(command));
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ...{ profile: null, origin: 'https://0xhost.com', key: '****wxyz' },
      source: 'OXHOST_KEY_COMMAND',
    });
    expect(exitCode).toBe(0);
  });

  test.each([
    ['fails', 'echo sekret; exit 3', 'did not give a key (exit code 3)'],
    ['is not there', 'no-such-command-here', 'did not give a key (exit code 127)'],
    ['is killed', 'kill -9 $$', 'did not give a key (SIGKILL)'],
    ['prints nothing', 'true', 'is not a usable key: it is empty'],
    ['prints a newline', 'echo', 'is not a usable key: it is empty'],
    ['prints two lines', 'echo sekret; echo sekret', 'is not a usable key: it has a line break'],
    ['prints a sentence', 'echo the key is sekret', 'is not a usable key: it has white space'],
    ['prints for ever', 'yes sekret', 'did not give a key (it printed more than 8192 characters)'],
  ])('that %s', async (_name, command, message) => {
    const run = await runOxhost(status, withCommand(command));
    const isNoKey = message.startsWith('is not');
    expect(run).toMatchObject({ exitCode: isNoKey ? 2 : 4, stdout: '' });
    expect(run.error).toMatchObject({ code: isNoKey ? 'usage' : 'no_api_key' });
    expect(run.error?.['message']).toContain(message);
    expect(run.stderr).not.toContain('sekret');
  });

  test('its words on stderr reach a person, and stay out of JSON', async () => {
    const command = 'echo "asking the agent" >&2; exit 1';
    expect((await runOxhost(status, withCommand(command))).stderr).not.toContain('asking');
    expect((await runOxhost(['auth', 'status'], withCommand(command))).stderr).toMatch(
      /^asking the agent\nerror: /,
    );
  });

  test('what is piped to us is not for it', async () => {
    await using folder = await temporaryFolder();
    const options = {
      env: { OXHOST_KEY_COMMAND: 'cat >&2; echo the-key', OXHOST_CONFIG_DIR: folder.path },
      stdin: 'the password',
    };
    const { exitCode, stderr } = await runOxhost(['auth', 'status'], options);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('it is not run for --profile, nor with OXHOST_API_KEY', async () => {
    await using folder = await temporaryFolder();
    const env = { OXHOST_KEY_COMMAND: `touch ${folder.join('ran')}; echo key` };
    await runOxhost([...status, '--profile', 'none'], { env });
    await runOxhost(status, { env: { ...env, OXHOST_API_KEY: 'key' } });
    await runOxhost(['auth', 'list', '--json'], { env });
    expect(await readdir(folder.path)).toEqual([]);
    await runOxhost(status, { env });
    expect(await readdir(folder.path)).toEqual(['ran']);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while it runs', async (name, exitCode) => {
    const running = await startOxhost(status, withCommand('sleep 30'));
    setTimeout(() => running.signal(name), 200);
    expect(await running.finished).toMatchObject({
      ...{ exitCode, stdout: '', error: { code: 'cancelled', outcome: null } },
    });
  });

  test.each([
    ['hangs', 'sleep 30'],
    ['hangs below the shell', 'sleep 30; echo key'],
    ['hangs in a pipe', 'sleep 30 | cat'],
    ['ignores SIGTERM', "trap '' TERM; sleep 30 & wait; wait"],
    ['ends and leaves a child that holds the pipe', 'sleep 30 & echo key'],
  ])('that %s is given up', async (_name, command) => {
    const began = performance.now();
    const system = {
      ...{
        env: { PATH: process.env['PATH'] },
        stdin: new MemoryInput(''),
        stderr: new MemoryOutput(),
      },
    };
    const signal = new AbortController().signal;
    const run = runKeyCommand(command, 'It', system, { isJson: false }, signal, 400);
    await expect(run).rejects.toMatchObject({
      code: 'no_api_key',
      message: 'It did not give a key (it took longer than 0.4 seconds).',
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
