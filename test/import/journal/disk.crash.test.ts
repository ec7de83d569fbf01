import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { replaceFile } from '../../../src/import/journal/disk.ts';
import { canMountSmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary.ts';

/** A file that cannot be replaced, since it is mounted: EBUSY, as Windows says of one in use. */
async function inUse() {
  const folder = await temporaryFolder();
  const path = folder.join('results.csv');
  for (const file of [path, folder.join('other')]) await writeFile(file, 'old');
  spawnSync('mount', ['--bind', folder.join('other'), path]);
  const release = () => spawnSync('umount', [path]);
  return {
    path,
    release,
    names: () => readdir(folder.path),
    async [Symbol.asyncDispose]() {
      release();
      await folder.close();
    },
  };
}

const replace = (path: string, platform: NodeJS.Platform) => replaceFile(path, platform, 'new');

describe.skipIf(!(await canMountSmallDisk()))(
  'a file that another program has open (skipped where mounting is not permitted)',
  () => {
    test('is tried again for a second on Windows, then the person is told; nothing is left of it', async () => {
      await using file = await inUse();
      const began = performance.now();
      await expect(replace(file.path, 'win32')).rejects.toMatchObject({
        code: 'config_error',
        message: `${file.path} is in use (EBUSY).`,
        details: { hint: expect.stringContaining('Close it in the program that has it open') },
      });
      expect(performance.now() - began).toBeGreaterThan(900);
      expect(await file.names()).toEqual(['other', 'results.csv']);
    });

    test('is replaced as soon as it is closed', async () => {
      await using file = await inUse();
      const replaced = replace(file.path, 'win32');
      await delay(250);
      file.release();
      await replaced;
      expect(await readFile(file.path, 'utf8')).toBe('new');
    });

    test('is told of at once elsewhere', async () => {
      await using file = await inUse();
      await expect(replace(file.path, 'linux')).rejects.toThrow('(EBUSY)');
    });
  },
);
