import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/config-file.ts';
import { runProcess } from '../support/process.ts';
import { canMountSmallDisk, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { builtTool } from '../support/tool.ts';
import { addProfile, openAt } from './config-system.ts';

const PAGES = 24;
const canMount = await canMountSmallDisk();

describe.skipIf(!canMount)('on a tiny disk (needs the right to mount, if skipped)', () => {
  const launcher = builtTool();
  let disk: SmallDisk;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    disk = await mountSmallDisk(PAGES);
    folder = join(disk.path, 'config');
    file = join(folder, 'config.json');
  });
  afterEach(() => disk.unmount());

  /** Profiles that fill several pages, so that a write can fail in its middle. */
  async function storeMany(count: number): Promise<Buffer> {
    await openAt(folder).change((store) => {
      for (let number = 1; number <= count; number += 1) {
        addProfile(`profile-${number}`, `${'k'.repeat(180)}-${number}`)(store);
      }
    });
    return readFile(file);
  }
  const login = (env: Record<string, string> = {}) =>
    runProcess(process.execPath, [launcher, 'auth', 'login', '--key-stdin', '--json'], {
      input: 'a-new-key-0123456789',
      env: { OXHOST_CONFIG_DIR: folder, ...env },
    });
  const leftovers = async () =>
    (await readdir(folder)).filter((name) => name !== 'config.json' && name !== 'lock');

  test('a save that fails at any level costs no stored key, also where conf is silent', async () => {
    const before = await storeMany(80);
    expect(before.length).toBeGreaterThan(4 * 4096);
    const messages: string[] = [];
    for (let free = 0; free <= 9; free += 1) {
      await disk.fillUpTo(free);
      const save = openAt(folder).change(addProfile('one-more', 'another-key-0123456789'));
      const error = await save.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(await leftovers(), `${free} pages free`).toEqual([]);
      if (error === null) {
        expect(await readFile(file, 'utf8')).toContain('another-key-0123456789');
        await disk.empty();
        await writeFile(file, before);
        messages.push('stored');
        continue;
      }
      expect(error, `${free} pages free`).toMatchObject({ code: 'config_error' });
      expect(await readFile(file), `${free} pages free`).toEqual(before);
      messages.push((error as Error).message);
    }
    expect(messages.filter((message) => message.includes('ENOSPC')).length).toBeGreaterThan(0);
    // This one is of our reading back: conf itself said nothing.
    expect(
      messages.filter((message) => message.includes('not what can be read')).length,
    ).toBeGreaterThan(2);
    expect(messages.at(-1)).toBe('stored');
    const whole = messages.filter((message) => message !== 'stored');
    for (const message of whole) expect(message).toContain('what was stored before is unchanged');
  });

  test('conf alone does lose the keys, so that the test above means something', async () => {
    const before = await storeMany(80);
    const { default: Conf } = await import('conf');
    await disk.fillUpTo(2);
    const conf = new Conf<Record<string, unknown>>({ cwd: folder, projectName: 'oxhost' });
    const store = JSON.parse(before.toString()) as Store;
    addProfile('one-more', 'another-key-0123456789')(store);
    conf.store = { ...store };
    const after = await readFile(file, 'utf8');
    expect(after.length).toBeLessThan(before.length);
    expect(() => JSON.parse(after)).toThrow();
  });

  test.each([
    ['', {}],
    [' inside a snap, where conf writes over the file itself', { SNAP: '/snap/example/1' }],
  ])('the whole command%s', async (_where, env: Record<string, string>) => {
    const before = await storeMany(80);
    let failures = 0;
    for (let free = 0; free <= 6; free += 1) {
      await disk.fillUpTo(free);
      const { exitCode, stdout, stderr } = await login(env);
      if (exitCode === 0) {
        await disk.empty();
        await writeFile(file, before);
        continue;
      }
      failures += 1;
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
      const { error } = JSON.parse(stderr);
      expect(error).toMatchObject({ code: 'config_error', retry: 'after_fix', http: null });
      expect(error.message).toContain(file);
      expect(stderr).not.toContain('a-new-key');
      expect(await readFile(file), `${free} pages free`).toEqual(before);
      expect(await leftovers()).toEqual([]);
    }
    expect(failures).toBeGreaterThan(2);
    await disk.empty();
    expect(await login(env)).toMatchObject({ exitCode: 0 });
  });

  test('the first key of all: an error, and no half a file', async () => {
    await mkdir(folder, { mode: 0o700 });
    await disk.fillUpTo(0);
    expect(await login()).toMatchObject({ exitCode: 1, stdout: '' });
    expect((await readdir(folder)).filter((name) => name !== 'lock')).toEqual([]);
    await disk.empty();
    expect(await login()).toMatchObject({ exitCode: 0 });
  });
});
