import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** A path inside the folder; nothing is created. */
  join(...parts: string[]): string;
  /** Removes the folder with all that is in it; a second time does nothing. */
  close(): Promise<void>;
}

/** A fresh, empty folder, mode 0700. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'oxhost-test-'));
  const close = () => rm(path, { recursive: true, force: true });
  return {
    path,
    join: (...parts) => join(path, ...parts),
    close,
    [Symbol.asyncDispose]: close,
  };
}
