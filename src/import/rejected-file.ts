import { type FileHandle, rm } from 'node:fs/promises';
import { BatchWriter, replaceFile } from './batch-file.ts';
import type { InputShape } from './reader/row.ts';
import { type RejectedRow, rejectedFormat } from './rejected-lines.ts';

/**
 * Writes the rows that are to be mended in the format of their file; with none of them, an earlier
 * such file is taken away.
 * @param give calls back for each row; what it throws goes on to the caller, and no file is left.
 * @returns how many rows there are.
 */
export async function writeRejected(
  path: string,
  shape: InputShape,
  platform: NodeJS.Platform,
  give: (add: (row: RejectedRow) => Promise<void>) => Promise<void>,
): Promise<number> {
  const format = rejectedFormat(shape);
  let count = 0;
  let isFirst = true;
  await replaceFile(path, platform, async (file: FileHandle) => {
    await file.writeFile(format.head);
    const writer = new BatchWriter<RejectedRow>(file, (rows) => {
      const text = format.lines(rows, isFirst);
      isFirst = false;
      return text;
    });
    await give(async (row) => {
      count += 1;
      await writer.add(row);
    });
    await writer.flush();
    await file.writeFile(format.end);
  });
  if (count === 0) await rm(path, { force: true });
  return count;
}
