import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { has } from './tools.ts';

const LARGEST_PACKAGE = 400_000;
const root = path.resolve(import.meta.dirname, '../..');

async function build(mask: string): Promise<string> {
  const script = `umask ${mask}; exec '${process.execPath}' bin/build/deb.js`;
  const { exitCode, stdout, stderr } = await runProcess('sh', ['-c', script], { cwd: root });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.trim().split('\n').at(-1) ?? '';
}

describe.skipIf(!has('dpkg', 'dpkg-deb', 'lintian'))('the Debian package', () => {
  let file: string;
  let bytes: Buffer;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    file = await build('022');
    bytes = await readFile(file);
  });
  afterAll(() => folder.close());

  test('is small, and the same byte for byte when it is built again', async () => {
    expect(bytes.length).toBeLessThan(LARGEST_PACKAGE);
    await build('077');
    expect((await readFile(file)).equals(bytes)).toBe(true);
  });

  test('has nothing that lintian would name', async () => {
    const { exitCode, stdout } = await runProcess('lintian', ['--tag-display-limit', '0', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  test('installs, runs, and leaves nothing when it is purged', async () => {
    const system = folder.join('system');
    await mkdir(path.join(system, 'var/lib/dpkg'), { recursive: true });
    await chmod(folder.path, 0o755);
    // Into a folder that has no Node of Debian's.
    const options = [`--root=${system}`, '--force-not-root,depends', '--log=/dev/null'];
    const dpkg = (...args: string[]) => runProcess('dpkg', [...options, ...args]);
    expect(await dpkg('--install', file)).toMatchObject({ exitCode: 0 });
    const tool = path.join(system, 'usr/bin/oxhost');
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const run = await runProcess(process.execPath, [tool, '--version'], { env: { HOME: '' } });
    expect(run).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
    for (const name of [
      'bash-completion/completions/oxhost',
      'zsh/vendor-completions/_oxhost',
      'fish/vendor_completions.d/oxhost.fish',
      'man/man1/oxhost.1.gz',
      'man/man1/oxhost-plesk-client-create.1.gz',
      'doc/oxhost/copyright',
    ]) {
      expect((await stat(path.join(system, 'usr/share', name))).size).toBeGreaterThan(0);
    }
    const copyright = await readFile(path.join(system, 'usr/share/doc/oxhost/copyright'), 'utf8');
    expect(copyright).toMatch(/^got \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(await dpkg('--purge', 'oxhost')).toMatchObject({ exitCode: 0 });
    expect(
      (await readdir(system, { recursive: true })).filter((it) => it.includes('oxhost')),
    ).toEqual([]);
  });
});
