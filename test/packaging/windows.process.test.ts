import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start } from '../sandbox/start.ts';
import { runProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

/** A node.exe of 20 or 22 for wine, which lacks what later ones need; .ci/run brings it. */
const node = process.env['OXHOST_TEST_WINDOWS_NODE'];
const launcher = path.resolve(import.meta.dirname, '../../bin/oxhost.js');

describe.skipIf(node === undefined)('on Windows, as wine is (OXHOST_TEST_WINDOWS_NODE)', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.close());

  /** Its streams are files: wine's pipes are not those of Windows. */
  async function oxhost(args: readonly string[], env = {}, input: string | Buffer = '') {
    await writeFile(folder.join('in'), input);
    const script = 'cd "$1" && shift && exec wine "$@" <in >out 2>err';
    const { exitCode } = await runProcess(
      'sh',
      ['-c', script, 'sh', folder.path, node ?? '', launcher, ...args],
      {
        env: {
          ...{ HOME: folder.path, WINEPREFIX: folder.join('wine'), WINEDEBUG: '-all' },
          ...{ NODE_SKIP_PLATFORM_CHECK: '1', ...env },
        },
      },
    );
    const [stdout, stderr] = await Promise.all(
      ['out', 'err'].map((name) => readFile(folder.join(name), 'utf8')),
    );
    return { exitCode, stdout: stdout ?? '', stderr: stderr ?? '' };
  }

  test('keeps a key that PowerShell wrote, and says nothing of modes', async () => {
    const key = Buffer.from('\ufeffa-key-of-windows\r\n', 'utf16le');
    const login = await oxhost(['auth', 'login', '--key-stdin', '--json'], {}, key);
    expect(login).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(login.stdout).file).toMatch(/^C:\\.*\\oxhost\\.*config\.json$/);
    const status = await oxhost(['auth', 'status', '--json']);
    expect(status).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('imports, and sends nothing a second time', async () => {
    const server = await start();
    const rows = ['name,login,email,password', 'Größe,client1,a@example.com,k7!Qw_zr8*MpT2xYh9Lu'];
    await writeFile(folder.join('clients.csv'), `${rows.join('\r\n')}\r\n`);
    const env = { OXHOST_API_KEY: server.apiKey, OXHOST_API_URL: server.url };
    const args = ['plesk', 'client', 'import', 'clients.csv', '--json'];
    expect(await oxhost(args, env)).toMatchObject({ exitCode: 0 });
    const again = await oxhost(args, env);
    expect(again).toMatchObject({ exitCode: 0, stdout: '' });
    expect(JSON.parse(again.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      summary: { already_created: 1 },
    });
    expect(await readFile(folder.join('clients.csv.oxhost/results.csv'), 'utf8')).toContain(
      'Größe',
    );
  });

  test('writes no password into a device', async () => {
    const args =
      'plesk client create --sandbox --json --name A --login client1 --email a@example.com';
    const secret = ['--generate-password', '--password-out', 'NUL'];
    const { exitCode, stderr } = await oxhost([...args.split(' '), ...secret]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('NUL is a device'),
    });
  });
});
