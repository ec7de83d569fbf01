import { afterEach, beforeEach } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

/** Stands for another fresh folder in each test of the file; all of them are removed. */
export function folderForEachTest(): Pick<TemporaryFolder, 'path' | 'join'> {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.close());
  return {
    get path() {
      return folder.path;
    },
    join: (...parts) => folder.join(...parts),
  };
}
