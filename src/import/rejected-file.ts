import type { FileHandle } from 'node:fs/promises';
import { BatchWriter, replaceFile } from './batch-file.ts';
import { isUntouched, keepEdited, markOwn, removeOwn } from './own-file.ts';
import type { InputShape } from './reader/row.ts';
import { type RejectedRow, rejectedFormat } from './rejected-lines.ts';
import type { TemporaryNames } from './temporary-file.ts';

export interface RejectedFile {
  /** How many rows there are. */
  readonly rejected: number;
  /** Where an earlier such file went that a person had edited, or null. */
  readonly keptAs: string | null;
}

/**
 * Writes the rows that are to be mended in the format of their file; with none of them, an earlier
 * such file is taken away. One that was edited since stays, under another name if need be.
 * @param give calls back for each row; what it throws goes on to the caller, and no file is left.
 */
export async function writeRejected(
  path: string,
  shape: InputShape,
  system: TemporaryNames,
  give: (add: (row: RejectedRow) => Promise<void>) => Promise<void>,
): Promise<RejectedFile> {
  const format = rejectedFormat(shape);
  let rejected = 0;
  let isFirst = true;
  let keptAs: string | null = null;
  const fill = async (file: FileHandle) => {
    await file.writeFile(format.head);
    const writer = new BatchWriter<RejectedRow>(file, (rows) => {
      const text = format.lines(rows, isFirst);
      isFirst = false;
      return text;
    });
    await give(async (row) => {
      rejected += 1;
      await writer.add(row);
    });
    await writer.flush();
    await file.writeFile(format.end);
  };
  await replaceFile(path, system, fill, async () => {
    if (rejected === 0) return false;
    if (!(await isUntouched(path))) keptAs = await keepEdited(path);
    return true;
  });
  if (rejected === 0) await removeOwn(path);
  else await markOwn(path, system);
  return { rejected, keptAs };
}
