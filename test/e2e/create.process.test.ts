import { readdir, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creating, ENV, PASSWORD } from '../commands/plesk/client/creating.ts';
import { commandLineOf, runProcess, startProcess } from '../support/process.ts';
import { hang, startServer, type TestServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

let folder: TemporaryFolder;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.close());

/** The tool with settings of its own, run by itself or by `sh -c` as "$@". */
function fresh() {
  count += 1;
  const config = folder.join(`config-${count}`);
  const env = { ...ENV, OXHOST_CONFIG_DIR: config };
  const tool = [toolRuntime(), builtTool()] as const;
  const run = (...args: string[]) => runProcess(tool[0], [tool[1], ...args], { env });
  return {
    config,
    run,
    start: (...args: string[]) => startProcess(tool[0], [tool[1], ...args], { env }),
    inShell: (script: string, ...args: string[]) =>
      runProcess('sh', ['-c', script, 'sh', ...tool, ...args], { env }),
    keptPassword: async () => {
      const { stdout } = await run('history', 'show', '1', '--json');
      return JSON.parse(stdout).generated_password;
    },
  };
}

const sentPassword = ({ requests: [first] }: TestServer) =>
  ((first?.json ?? {}) as { password: string }).password;

test('kill -9 between request and answer leaves the password, and the next run warns', async () => {
  await using server = await startServer(hang);
  const { start, run, keptPassword } = fresh();
  const args = creating(server, '--generate-password');
  await using running = start(...args);
  await expect.poll(() => server.requests.length).toBe(1);
  // Every user of the machine can read a command line; /proc is on Linux.
  if (process.platform === 'linux') {
    const words = (await commandLineOf(running.pid)).join(' ');
    expect(words).toContain('--generate-password');
    expect(words).not.toContain(sentPassword(server));
    expect(words).not.toContain(ENV.OXHOST_API_KEY);
  }
  running.kill('SIGKILL');
  expect(await running.exited).toMatchObject({ signal: 'SIGKILL', stdout: '' });
  expect(await keptPassword()).toBe(sentPassword(server));
  const again = await run(...args, '--timeout', '0.1');
  expect(again.stderr).toMatch(/^warning: .*client1/m);
});

describe.skipIf(process.platform === 'win32')('a shell that spoils streams (a POSIX shell)', () => {
  test.each([
    ['a full device', '"$@" >/dev/full', 'ENOSPC'],
    ['a pipe that is closed', '{ sleep 2; "$@"; } | true', 'EPIPE'],
  ])('%s: exit 1, created, and the password on the disk', async (_what, script, code) => {
    await using server = await startServer();
    const { inShell, keptPassword } = fresh();
    const result = await inShell(script, ...creating(server, '--generate-password', '--json'));
    const line = result.stderr.split('\n').find((text) => text.startsWith('{"error"')) ?? '';
    expect(JSON.parse(line).error).toMatchObject({
      ...{ code: 'internal', exit_code: 1, outcome: 'created', retry: 'no' },
      message: expect.stringContaining(code),
    });
    expect(await keptPassword()).toBe(sentPassword(server));
  });

  test.each([
    ['the null device', '"$@" >/dev/null'],
    ['a closed stdout', '"$@" >&-'],
  ])('%s: created, and a warning names where the password is', async (_what, script) => {
    await using server = await startServer();
    const { inShell, keptPassword } = fresh();
    const result = await inShell(script, ...creating(server, '--generate-password'));
    expect(result.stderr).toContain('oxhost history show 1');
    expect(await keptPassword()).toBe(sentPassword(server));
  });

  test('an umask of 000 opens nothing', async () => {
    await using server = await startServer(hang);
    const { config, inShell } = fresh();
    const out = folder.join('open');
    const args = creating(server, '--generate-password', '--password-out', out, '--timeout', '0.2');
    expect((await inShell('umask 000; "$@"', ...args)).exitCode).toBe(8);
    const names = await readdir(config, { recursive: true });
    expect(names.length).toBeGreaterThan(1);
    for (const place of [out, config, ...names.map((name) => `${config}/${name}`)]) {
      const entry = await stat(place);
      expect([place, entry.mode & 0o777]).toEqual([place, entry.isDirectory() ? 0o700 : 0o600]);
    }
  });

  test('no stdin, no stderr, or a reader of stderr that has gone', async () => {
    await using server = await startServer();
    const args = creating(server, '--password', PASSWORD);
    const closed = await fresh().inShell('"$@" <&- 2>&-', ...args, '--json');
    expect(JSON.parse(closed.stdout)).toMatchObject({ login: 'client1' });
    const gone = await fresh().inShell('{ "$@" 2>&1 >&3 | true; } 3>&1', ...args, '--debug');
    expect(gone.stdout).toContain('login\tclient1\n');
  });

  test.each([['--version'], ['--help'], ['help', 'json'], ['commands', '--json']])(
    'a full device is an error, a reader that has had enough is none: %s %s',
    async (...args) => {
      const { inShell } = fresh();
      const full = await inShell('"$@" >/dev/full', ...args);
      expect(full.exitCode).toBe(1);
      expect(full.stderr).toContain('could not be written to standard output (ENOSPC)');
      const early = await inShell('{ sleep 0.5; "$@"; echo "[$?]" >&2; } | true', ...args);
      expect(early.stderr).toBe('[0]\n');
      const { stdout, stderr } = await inShell('"$@" | head -n 1', ...args);
      expect([stdout.split('\n').length, stderr]).toEqual([2, '']);
    },
  );
});
