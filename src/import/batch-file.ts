import type { FileHandle } from 'node:fs/promises';
import { rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { asFolderError, syncFolder, writeFileDurably } from './journal/file.ts';
import { removeLeftTemporaries, type TemporaryNames, temporaryPath } from './temporary-file.ts';

const BATCH = 500;

/** Writes rows to an open file, some hundred at a time. */
export class BatchWriter<Row> {
  readonly #file: FileHandle;
  readonly #format: (rows: readonly Row[]) => string;
  #waiting: Row[] = [];

  constructor(file: FileHandle, format: (rows: readonly Row[]) => string) {
    this.#file = file;
    this.#format = format;
  }

  async add(row: Row): Promise<void> {
    this.#waiting.push(row);
    if (this.#waiting.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const text = this.#format(this.#waiting);
    this.#waiting = [];
    await this.#file.writeFile(text);
  }
}

/**
 * Puts a new private file in the place of an old one, in one step and only when it is on disk: a
 * full disk or a kill leaves the old one as it was.
 * @param mayReplace asked when the new one is on disk; false throws that away.
 * @throws JournalWriteError or JournalFolderError.
 */
export async function replaceFile(
  path: string,
  system: TemporaryNames,
  fill: (file: FileHandle) => Promise<void>,
  mayReplace: () => Promise<boolean> = async () => true,
): Promise<void> {
  const { platform } = system;
  await removeLeftTemporaries(path, system);
  const unfinished = temporaryPath(path, 'tmp', system);
  await writeFileDurably(unfinished, platform, fill);
  try {
    if (!(await mayReplace())) return await rm(unfinished, { force: true });
    await rename(unfinished, path);
    await syncFolder(dirname(resolve(path)), platform);
  } catch (error) {
    throw asFolderError(path, error);
  }
}
