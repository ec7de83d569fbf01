import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
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
    test('on Windows the person is asked to close it; nothing is left of the new one', async () => {
      await using file = await inUse();
      await expect(replace(file.path, 'win32')).rejects.toMatchObject({
        code: 'config_error',
        message: `${file.path} is in use (EBUSY).`,
        details: { hint: expect.stringContaining('Close it in the program that has it open') },
      });
      expect(await file.names()).toEqual(['other', 'results.csv']);
    });

    test('elsewhere it is an error of the disk', async () => {
      await using file = await inUse();
      await expect(replace(file.path, 'linux')).rejects.toThrow('(EBUSY)');
    });
  },
);
