import { readdir, readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creating, ENV, PASSWORD } from '../commands/plesk/client/creating.ts';
import { commandLineOf, runProcess, startProcess } from '../support/process.ts';
import { hang, startServer } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { builtTool, toolRuntime } from '../support/tool.ts';

const launcher = builtTool();
let folder: TemporaryFolder;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.close());

function freshConfig() {
  count += 1;
  const config = folder.join(`config-${count}`);
  return { config, env: { ...ENV, OXHOST_CONFIG_DIR: config } };
}

async function keptPassword(config: string): Promise<string> {
  const [name = ''] = await readdir(`${config}/pending`);
  return JSON.parse(await readFile(`${config}/pending/${name}`, 'utf8')).generated_password;
}

const sentPassword = (server: { requests: { json: unknown }[] }) =>
  ((server.requests[0]?.json ?? {}) as { password: string }).password;

test('kill -9 between request and answer leaves the generated password', async () => {
  await using server = await startServer(hang);
  const { config, env } = freshConfig();
  const args = [launcher, ...creating(server, '--generate-password')];
  await using running = startProcess(toolRuntime(), args, { env });
  await expect.poll(() => server.requests.length).toBe(1);
  running.kill('SIGKILL');
  expect(await running.exited).toMatchObject({ signal: 'SIGKILL', stdout: '' });
  expect(await keptPassword(config)).toBe(sentPassword(server));
});

test('the next run warns of it', async () => {
  await using server = await startServer(hang);
  const { env } = freshConfig();
  const args = [launcher, ...creating(server, '--generate-password')];
  await using running = startProcess(toolRuntime(), args, { env });
  await expect.poll(() => server.requests.length).toBe(1);
  running.kill('SIGKILL');
  await running.exited;
  const again = await runProcess(toolRuntime(), [...args, '--timeout', '0.1'], { env });
  expect(again.stderr).toContain('warning: An earlier attempt to create the client client1');
});

describe.skipIf(process.platform === 'win32')('a shell that spoils stdout (a POSIX shell)', () => {
  test.each([
    ['a full device', '"$@" >/dev/full', 'ENOSPC'],
    ['a pipe that is closed', '{ sleep 2; "$@"; echo "[$?]" >&2; } | true', 'EPIPE'],
  ])('%s: exit 1, created, and the password on the disk', async (_what, script, code) => {
    await using server = await startServer();
    const { config, env } = freshConfig();
    const args = creating(server, '--generate-password', '--json');
    const shell = [`-c`, script, 'sh', toolRuntime(), launcher, ...args];
    const result = await runProcess('sh', shell, { env });
    const line = result.stderr.split('\n').find((text) => text.startsWith('{"error"')) ?? '';
    expect(JSON.parse(line).error).toMatchObject({
      ...{ code: 'internal', exit_code: 1, outcome: 'created', retry: 'no' },
      message: expect.stringContaining(code),
    });
    if (code === 'EPIPE') expect(result.stderr).toContain('[1]\n');
    else expect(result.exitCode).toBe(1);
    expect(await keptPassword(config)).toBe(sentPassword(server));
  });

  test('an umask of 000 opens nothing', async () => {
    await using server = await startServer(hang);
    const { config, env } = freshConfig();
    const file = folder.join('open');
    const args = creating(
      server,
      '--generate-password',
      '--password-out',
      file,
      '--timeout',
      '0.2',
    );
    const shell = ['-c', 'umask 000; "$@"', 'sh', toolRuntime(), launcher, ...args];
    expect((await runProcess('sh', shell, { env })).exitCode).toBe(8);
    const [name = ''] = await readdir(`${config}/pending`);
    const modes = await Promise.all(
      [file, config, `${config}/pending`, `${config}/pending/${name}`].map(async (place) =>
        ((await stat(place)).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['600', '700', '700', '600']);
  });

  test('closed streams: no stdin, no stderr', async () => {
    await using server = await startServer();
    const { env } = freshConfig();
    const args = creating(server, '--password', PASSWORD, '--json');
    const script = '"$@" <&- 2>&-';
    const shell = ['-c', script, 'sh', toolRuntime(), launcher, ...args];
    const result = await runProcess('sh', shell, { env });
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ login: 'client1' });
  });

  test('a reader of stderr that has gone', async () => {
    await using server = await startServer();
    const { env } = freshConfig();
    const args = creating(server, '--password', PASSWORD, '--debug');
    const script = '{ "$@" 2>&1 >&3 | true; } 3>&1';
    const shell = ['-c', script, 'sh', toolRuntime(), launcher, ...args];
    const result = await runProcess('sh', shell, { env });
    expect(result.stdout).toContain('login\tclient1\n');
  });
});

test.skipIf(process.platform !== 'linux')(
  'key and generated password are in no command line (of /proc, which is on Linux)',
  async () => {
    await using server = await startServer(hang);
    const { env } = freshConfig();
    const args = [launcher, ...creating(server, '--generate-password')];
    await using running = startProcess(toolRuntime(), args, { env });
    await expect.poll(() => server.requests.length).toBe(1);
    const words = (await commandLineOf(running.pid)).join(' ');
    expect(words).toContain('--generate-password');
    expect(words).not.toContain(sentPassword(server));
    expect(words).not.toContain(ENV.OXHOST_API_KEY);
  },
);
