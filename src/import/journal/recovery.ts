import { type FileHandle, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JournalDamagedError } from './errors.ts';
import { asWriteError, syncFolder, writeFileDurably } from './file.ts';
import { checkHeader } from './header.ts';
import { decodeLine, goesOnAfterRecord, type Line, readLines } from './line.ts';
import { type HeaderRecord, KEY_NOTE } from './record.ts';
import { LoginStates } from './states.ts';

export interface Scan {
  readonly header: HeaderRecord;
  readonly states: LoginStates;
  /** Marks of the API keys that the journal was used with. */
  readonly keyMarks: readonly string[];
  /** How far the file is whole, in bytes. What follows is a torn last line. */
  readonly end: number;
  readonly size: number;
}

/**
 * Reads and checks the whole journal, changing nothing.
 *
 * A last line that has no newline, or was left empty by a power cut, counts as torn: its append
 * never resolved, so nothing was done on the strength of it. A whole one that is not what was
 * written may stand for a request that was sent.
 *
 * @throws JournalDamagedError for any other bad line.
 */
export async function scanJournal(
  path: string,
  file: FileHandle,
  origin: string,
  expectedLogins?: number,
): Promise<Scan> {
  const { size } = await file.stat();
  const states = new LoginStates(expectedLogins);
  let header: HeaderRecord | undefined;
  const keyMarks: string[] = [];
  let end = 0;
  for await (const lines of readLines(file, size)) {
    for (const line of lines) {
      const next = line.offset + line.bytes.length + (line.ended ? 1 : 0);
      if (header === undefined) {
        header = checkHeader(path, line, origin);
      } else {
        const record = line.ended ? decodeLine(line.bytes) : undefined;
        if (record === undefined && next === size && isTorn(line)) break;
        if (record === undefined) {
          throw new JournalDamagedError(path, line.offset, 'the line is not what was written');
        }
        const problem = states.problem(record);
        if (problem !== undefined) throw new JournalDamagedError(path, line.offset, problem);
        states.apply(record, line.offset);
        if (record.kind === 'note' && record.code === KEY_NOTE) keyMarks.push(record.message);
      }
      end = next;
    }
  }
  header ??= checkHeader(path, undefined, origin);
  return { header, states, keyMarks, end, size };
}

function isTorn({ bytes, ended }: Line): boolean {
  return !goesOnAfterRecord(bytes) && (!ended || bytes.includes('\0\0'));
}

/**
 * Cuts a torn last line off, once its bytes are safe in a file `journal.torn-<n>` beside it, and
 * makes sure that what was read is on disk too.
 *
 * @returns the file with the torn bytes, if there were any.
 */
export async function repairTail(
  path: string,
  file: FileHandle,
  { end, size }: Scan,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  let aside: string | undefined;
  if (end < size) {
    aside = await nextTornFile(dirname(path));
    const torn = Buffer.alloc(size - end);
    await file.read(torn, 0, torn.length, end);
    await writeFileDurably(aside, platform, (copy) => copy.writeFile(torn));
    await syncFolder(dirname(path), platform);
  }
  try {
    if (end < size) await file.truncate(end);
    await file.sync();
  } catch (error) {
    throw asWriteError(path, error);
  }
  return aside;
}

async function nextTornFile(folder: string): Promise<string> {
  const numbers = (await readdir(folder)).map((name) =>
    Number(/^journal\.torn-(\d+)$/.exec(name)?.[1] ?? 0),
  );
  return join(folder, `journal.torn-${Math.max(0, ...numbers) + 1}`);
}
