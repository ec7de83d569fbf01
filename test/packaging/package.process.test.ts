import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { startServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { builtTool, runsOnNode, toolRuntime } from '../support/tool.ts';
import { nodes, otherNodes } from './tools.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const LARGEST_PACKAGE = 1_200_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let installed: string;
let installation: { stdout: string; stderr: string };
let packed: { filename: string; unpackedSize: number; files: { path: string }[] };

beforeAll(async () => {
  folder = await temporaryFolder();
  if (!runsOnNode()) return;
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path];
  packed = JSON.parse((await run('npm', pack, { cwd: root })).stdout)[0];
  const prefix = folder.join('prefix');
  const install = 'install --global --offline --no-audit --no-fund --prefix'.split(' ');
  installation = await run('npm', [...install, prefix, folder.join(packed.filename)]);
  installed = path.join(prefix, 'bin', 'oxhost');
});

afterAll(() => folder.close());

if (runsOnNode())
  describe('the packed tool', () => {
    test('holds the launcher, the bundle, its licences and the papers, and nothing else', () => {
      const names = packed.files.map((file) => file.path).sort();
      const expected =
        /^(?:bin\/oxhost\.js|dist\/[A-Za-z-]+(?:-[\w-]{8})?\.js|dist\/LICENSES\.txt|dist\/sbom\.cdx\.json|dist\/man\/oxhost(?:-[a-z]+)*\.1|dist\/skills\/oxhost\/SKILL\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/;
      expect(names.filter((name) => !expected.test(name))).toEqual([]);
      const needed = 'bin/oxhost.js dist/main.js dist/LICENSES.txt LICENSE README.md'.split(' ');
      expect(names).toEqual(expect.arrayContaining(needed));
    });

    test('installs as one package under 1.2 MB, with its man pages and no warning', async () => {
      const modules = path.join(folder.path, 'prefix', 'lib', 'node_modules');
      expect(await readdir(modules)).toEqual(['oxhost']);
      expect(await readdir(path.join(modules, 'oxhost'))).not.toContain('node_modules');
      expect(installation.stderr).toBe('');
      const pages = path.join(folder.path, 'prefix', 'share', 'man', 'man1');
      expect(await readdir(pages)).toContain('oxhost-plesk-client-create.1');
      expect(packed.unpackedSize).toBeLessThan(LARGEST_PACKAGE);
    });

    test('names the licence of every library that it contains', async () => {
      const text = await readFile(path.join(root, 'dist', 'LICENSES.txt'), 'utf8');
      for (const name of ['commander', 'got', 'conf', 'inquirer', 'ora', 'chalk']) {
        expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)$`, 'm'));
      }
    });

    test('has a launcher that may be run', async () => {
      expect((await stat(installed)).mode & 0o111).not.toBe(0);
      const { exitCode, stdout } = await runProcess(installed, ['--version'], {});
      const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${version}\n` });
    });
  });

const CREATE = [
  ...'plesk client create --json --login client1 --email client1@example.com'.split(' '),
  ...['--name', 'Example Client'],
];

/** Each Node runs what was installed; the standalone executable, where it is tested, itself. */
const runtimes = runsOnNode() ? nodes : [toolRuntime()];
const tool = () => (runsOnNode() ? installed : builtTool());

describe.each(runtimes)('on %s', (node) => {
  test('creates a client in the sandbox', async () => {
    const args = [tool(), ...CREATE, '--sandbox', '--generate-password'];
    const env = { OXHOST_CONFIG_DIR: folder.join('none') };
    const { exitCode, stdout, stderr } = await runProcess(node, args, { env });
    expect({ exitCode, stderr: stderr.match(/"(?:error|warning)"/) }).toEqual({
      exitCode: 0,
      stderr: null,
    });
    const client = JSON.parse(stdout);
    expect(client).toMatchObject({ name: 'Example Client', login: 'client1' });
    expect(client.generated_password).toHaveLength(20);
  });

  test('keeps a key and makes the documented request with it', async () => {
    await using server = await startServer();
    await using settings = await temporaryFolder();
    const env = {
      OXHOST_CONFIG_DIR: settings.path,
      OXHOST_CLIENT_PASSWORD: 'k7!Qw_zr8*MpT2xYh9Lu',
    };
    const login = [tool(), 'auth', 'login', '--key-stdin', '--api-url', server.url];
    const kept = await runProcess(node, login, { env, input: 'a-key-of-the-sandbox\n' });
    expect(kept.exitCode).toBe(0);
    const { exitCode, stdout } = await runProcess(node, [tool(), ...CREATE], { env });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).id).toBe('client123-4567-8901-2345-678901234567');
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/API/plesk/clients/create',
      headers: { 'x-api-key': 'a-key-of-the-sandbox', 'content-type': 'application/json' },
    });
  });

  test('looks at its set-up, down to one request without the key', async () => {
    await using server = await startServer();
    const { exitCode, stdout } = await runProcess(node, [tool(), 'doctor', '--json'], {
      env: {
        OXHOST_API_KEY: 'a-key-of-the-sandbox',
        OXHOST_API_URL: server.url,
        OXHOST_CONFIG_DIR: folder.join('none'),
      },
    });
    expect({ exitCode, ok: JSON.parse(stdout).ok }).toEqual({ exitCode: 0, ok: true });
    expect(server.requests).toMatchObject([{ method: 'HEAD', path: '/' }]);
    expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  test('names what is missing as one JSON error', async () => {
    const { exitCode, stdout, stderr } = await runProcess(node, [tool(), ...CREATE], {
      env: { OXHOST_CONFIG_DIR: folder.join('none') },
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'missing_input',
      fields: [{ name: 'password' }],
    });
  });
});

if (runsOnNode()) {
  test.skipIf(otherNodes.length === 0)(
    'OXHOST_TEST_NODES names other Node releases (set by .ci/run; skipped without)',
    async () => {
      const versions = await Promise.all(nodes.map((node) => run(node, ['--version'])));
      expect(new Set(versions.map(({ stdout }) => stdout.split('.')[0])).size).toBe(nodes.length);
    },
  );
}
