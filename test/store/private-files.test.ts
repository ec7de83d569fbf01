import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isDevice, makePrivateFolder, writePrivateFile } from '../../src/store/private-files.ts';
import { canMountSmallDisk, mountSmallDisk } from '../support/small-disk.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

const canMount = await canMountSmallDisk();
const USER = process.geteuid?.() ?? null;
let temporary: TemporaryFolder;
let umask: number;
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

beforeEach(async () => {
  temporary = await temporaryFolder();
  umask = process.umask();
});
afterEach(async () => {
  process.umask(umask);
  await temporary.close();
});

describe('a private folder', () => {
  test.each([0o000, 0o022, 0o077])(
    'is 0700 under umask %o, and so is each above it',
    async (mask) => {
      process.umask(mask);
      await makePrivateFolder(temporary.join('a', 'b'), USER);
      expect(await modeOf(temporary.join('a'))).toBe(0o700);
      expect(await modeOf(temporary.join('a', 'b'))).toBe(0o700);
    },
  );

  test.each([0o777, 0o755, 0o750, 0o701])(
    'that is there with mode %o is tightened',
    async (mode) => {
      await mkdir(temporary.join('a'));
      await writeFile(temporary.join('a', 'file'), 'content');
      await chmod(temporary.join('a'), mode);
      await makePrivateFolder(temporary.join('a'), USER);
      expect(await modeOf(temporary.join('a'))).toBe(0o700);
      expect(await readdir(temporary.join('a'))).toEqual(['file']);
    },
  );

  test('is not made in a file', async () => {
    await writeFile(temporary.join('file'), '');
    await expect(makePrivateFolder(temporary.join('file', 'a'), USER)).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
  });
});

describe('a private file', () => {
  test.each([0o000, 0o022, 0o777])('is 0600 under umask %o', async (mask) => {
    process.umask(mask);
    await writePrivateFile(temporary.join('file'), 'content\n');
    process.umask(umask);
    expect(await modeOf(temporary.join('file'))).toBe(0o600);
    expect(await readFile(temporary.join('file'), 'utf8')).toBe('content\n');
  });

  test('never overwrites', async () => {
    await writeFile(temporary.join('file'), 'precious', { mode: 0o644 });
    await chmod(temporary.join('file'), 0o644);
    await expect(writePrivateFile(temporary.join('file'), 'new')).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(await readFile(temporary.join('file'), 'utf8')).toBe('precious');
    expect(await modeOf(temporary.join('file'))).toBe(0o644);
  });

  test.each([true, false])('never follows a link (its target exists: %s)', async (exists) => {
    const target = temporary.join('target');
    if (exists) await writeFile(target, 'precious');
    await symlink(target, temporary.join('link'));
    await expect(writePrivateFile(temporary.join('link'), 'new')).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect((await lstat(temporary.join('link'))).isSymbolicLink()).toBe(true);
    if (exists) expect(await readFile(target, 'utf8')).toBe('precious');
    else expect(await readdir(temporary.path)).toEqual(['link']);
  });

  test('has its folder already', async () => {
    await expect(writePrivateFile(temporary.join('none', 'file'), 'x')).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  test.skipIf(!canMount)(
    'is not left in half on a full disk (needs the right to mount, if skipped)',
    async () => {
      await using disk = await mountSmallDisk(8);
      for (const free of [0, 1, 2]) {
        await disk.fillUpTo(free);
        const write = writePrivateFile(join(disk.path, 'file'), 'x'.repeat(4 * 4096));
        await expect(write).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(await readdir(disk.path)).toEqual(['filler']);
      }
    },
  );
});

test.each([
  ['NUL', true],
  ['nul.txt', true],
  ['C:\\folder\\con', true],
  ['a/COM1:', true],
  ['NULL', false],
  ['con/password', false],
  ['console.txt', false],
])('on Windows %j is a device: %s', (file, expected) => {
  expect(isDevice(file, 'win32')).toBe(expected);
  expect(isDevice(file, 'linux')).toBe(false);
});
