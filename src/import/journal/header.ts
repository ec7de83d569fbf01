import { constants } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  JournalDamagedError,
  JournalFolderError,
  JournalOriginError,
  JournalVersionError,
} from './errors.ts';
import { asFolderError, openPlain, syncFolder, writeFileDurably } from './file.ts';
import { JOURNAL_NAME } from './folder.ts';
import { decodeLine, encodeLine, type Line } from './line.ts';
import type { HeaderRecord } from './record.ts';

export const FORMAT = 1;

/**
 * Makes a journal of one line. It gets its name only when that line is on disk: a journal without
 * a whole header has therefore been damaged, and never is one that was about to begin.
 */
export async function createJournal(
  folder: string,
  platform: NodeJS.Platform,
  header: HeaderRecord,
): Promise<void> {
  const path = join(folder, JOURNAL_NAME);
  const unfinished = `${path}.new`;
  await removeUnfinished(unfinished);
  await writeFileDurably(unfinished, platform, (file) => file.writeFile(encodeLine(header)));
  try {
    await rename(unfinished, path);
    await syncFolder(folder, platform);
  } catch (error) {
    throw asFolderError(path, error);
  }
}

const BEGINNING = '{"kind":"header",';

/** What a run left that was killed as it began; anything else there is refused. */
async function removeUnfinished(path: string): Promise<void> {
  const file = await openPlain(path, constants.O_RDONLY);
  if (file === undefined) return;
  let isOurs = false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(BEGINNING.length) });
    isOurs = BEGINNING.startsWith(buffer.toString('latin1', 0, bytesRead).replace(/\0+$/, ''));
  } finally {
    await file.close();
  }
  if (!isOurs) throw new JournalFolderError(path, `${path} is not a file of oxhost`);
  await rm(path, { force: true });
}

/**
 * The header in the journal's first line.
 *
 * @throws JournalDamagedError, JournalVersionError, JournalOriginError
 */
export function checkHeader(path: string, line: Line | undefined, origin: string): HeaderRecord {
  const record = line?.ended ? decodeLine(line.bytes) : undefined;
  if (record?.kind !== 'header') {
    throw new JournalDamagedError(path, 0, 'its first line is missing or was changed');
  }
  if (record.format !== FORMAT) {
    throw new JournalVersionError(path, record.format, record.tool_version);
  }
  if (record.origin !== origin) throw new JournalOriginError(path, origin, record.origin);
  return record;
}
