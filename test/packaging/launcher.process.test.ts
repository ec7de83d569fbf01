import { chmod, chown, cp, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { nodes } from './tools.ts';

const root = path.resolve(import.meta.dirname, '../..');

let tool: TemporaryFolder;
beforeAll(async () => {
  tool = await temporaryFolder();
  for (const name of ['bin/oxhost.js', 'dist', 'package.json']) {
    await cp(path.join(root, name), tool.join(name), { recursive: true });
  }
});
afterAll(() => tool.close());

/** Entries of the folder for compiled code after a run; null when there is none. */
async function kept(node: string, home: TemporaryFolder, folder: string, env = {}) {
  const all = { HOME: home.path, TMPDIR: home.join('tmp'), ...env };
  const run = await runProcess(node, [tool.join('bin/oxhost.js'), '--version'], { env: all });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  // Node's own place for it, which others can write to.
  expect(await readdir(home.join('tmp'))).toEqual([]);
  return readdir(home.join(folder)).catch(() => null);
}

async function freshHome() {
  const home = await temporaryFolder();
  await mkdir(home.join('tmp'));
  return home;
}

describe.each(nodes)('compiled code on %s', (node) => {
  test('lies in a private folder of our own, where Node can keep it', async () => {
    await using home = await freshHome();
    const { stdout } = await runProcess(node, [
      '-p',
      'typeof require("module").enableCompileCache',
    ]);
    const entries = await kept(node, home, '.cache/oxhost');
    expect(entries?.length ?? null).toBe(stdout === 'function\n' ? 1 : null);
    if (entries === null) return;
    expect((await stat(home.join('.cache/oxhost'))).mode & 0o777).toBe(0o700);
    expect(await kept(node, home, 'x/oxhost', { XDG_CACHE_HOME: home.join('x') })).toHaveLength(1);
    expect(await kept(node, home, '.cache/oxhost', { XDG_CACHE_HOME: 'x' })).toHaveLength(1);
  });

  const spoilt: Record<string, (home: TemporaryFolder) => Promise<void>> = {
    'others can read it': (home) => chmod(home.join('.cache/oxhost'), 0o755),
    'others can write to it': (home) => chmod(home.join('.cache/oxhost'), 0o770),
  };
  if (process.getuid?.() === 0) {
    spoilt['it is of somebody else'] = (home) => chown(home.join('.cache/oxhost'), 1, 1);
    spoilt['the home is of somebody else'] = (home) => chown(home.path, 1, 1);
  }
  test.each(Object.entries(spoilt))('is not kept when %s', async (_why, spoil) => {
    await using home = await freshHome();
    await mkdir(home.join('.cache/oxhost'), { recursive: true, mode: 0o700 });
    await spoil(home);
    expect(await kept(node, home, '.cache/oxhost')).toEqual([]);
  });

  test('is not kept behind a link', async () => {
    await using home = await freshHome();
    await mkdir(home.join('elsewhere'), { mode: 0o700 });
    await mkdir(home.join('.cache'));
    await symlink(home.join('elsewhere'), home.join('.cache/oxhost'));
    expect(await kept(node, home, 'elsewhere')).toEqual([]);
  });

  test('is not kept without an absolute home, and nothing is written where one stands', async () => {
    await using home = await freshHome();
    expect(await kept(node, home, '.cache', { HOME: '' })).toBeNull();
    expect(await kept(node, home, '.cache', { HOME: 'relative' })).toBeNull();
    expect(await readdir(home.path)).toEqual(['tmp']);
  });
});
