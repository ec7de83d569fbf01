import { spawnSync } from 'node:child_process';
import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.ts';

/** A file system of its own in memory, whose size is counted in pages. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes all space but that many pages of 4 kB. */
  fillUpTo(freePages: number): Promise<void>;
  /** Gives that space back. */
  empty(): Promise<void>;
  unmount(): Promise<void>;
}

const PAGE = 4096;

/** Needs Linux and the right to mount. */
export async function mountSmallDisk(pages: number): Promise<SmallDisk> {
  const folder = await temporaryFolder();
  const options = `size=${pages * PAGE},mode=700`;
  const args = ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path];
  const { status, stderr } = spawnSync('mount', args);
  if (status !== 0) {
    await folder.close();
    throw new Error(`mount failed: ${stderr}`);
  }
  const filler = join(folder.path, 'filler');
  const unmount = async () => {
    spawnSync('umount', [folder.path]);
    await folder.close();
  };
  return {
    path: folder.path,
    async fillUpTo(freePages) {
      // It ends with ENOSPC, and has then taken all there was.
      await writeFile(filler, Buffer.alloc(pages * PAGE)).catch(() => undefined);
      const { size } = await stat(filler);
      await truncate(filler, Math.max(0, Math.floor(size / PAGE) - freePages) * PAGE);
    },
    empty: () => rm(filler, { force: true }),
    unmount,
    [Symbol.asyncDispose]: unmount,
  };
}

/** Whether this machine lets a test mount. */
export async function canMountSmallDisk(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return mountSmallDisk(1).then(
    async (disk) => {
      await disk.unmount();
      return true;
    },
    () => false,
  );
}
