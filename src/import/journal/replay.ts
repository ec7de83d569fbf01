import { type FileHandle, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OxhostError } from '../../errors.ts';
import { writePrivateFile } from '../../store/private-files.ts';
import { diskError, unusable } from './disk.ts';
import {
  apply,
  decodeLine,
  goesOnAfterRecord,
  type HeaderRecord,
  type JournalRecord,
  KEY_NOTE,
  type LoginState,
  mayFollow,
} from './record.ts';

export const FORMAT = 1;

export interface Replay {
  readonly header: HeaderRecord;
  readonly states: Map<string, LoginState>;
  readonly keyMarks: Set<string>;
  /** How far the file is whole, in bytes. What follows is a last line that was cut. */
  readonly end: number;
  readonly size: number;
}

/**
 * Reads and checks the whole journal, changing nothing.
 * A last line that has no newline, or was left empty by a power cut, counts as cut: its append
 * never resolved, so nothing was done on the strength of it. A whole one that is not what was
 * written may stand for a request that was sent.
 * @throws OxhostError for any other bad line, and for the journal of another API or a later version.
 */
export async function replay(path: string, file: FileHandle, origin: string): Promise<Replay> {
  try {
    const bytes = await file.readFile();
    const size = bytes.length;
    const states = new Map<string, LoginState>();
    const keyMarks = new Set<string>();
    let header: HeaderRecord | undefined;
    let end = 0;
    while (end < size) {
      const newline = bytes.indexOf(NEWLINE, end);
      const line = bytes.subarray(end, newline === -1 ? size : newline);
      const record = newline === -1 ? undefined : decodeLine(line);
      const isLast = newline === -1 || newline + 1 === size;
      if (header === undefined) header = checkHeader(path, record, origin);
      else if (record === undefined && isLast && isCut(line, newline === -1)) break;
      else if (record === undefined) throw damaged(path, end, 'the line is not what was written');
      else if (record.kind === 'header' || !mayFollow(states, record)) {
        throw damaged(path, end, 'the line cannot follow on those before it');
      } else {
        apply(states, record, false);
        if (record.kind === 'note' && record.code === KEY_NOTE) keyMarks.add(record.message);
      }
      end = newline + 1;
    }
    header ??= checkHeader(path, undefined, origin);
    return { header, states, keyMarks, end, size };
  } catch (error) {
    throw diskError('read', path, error);
  }
}

const NEWLINE = 0x0a;

function isCut(line: Buffer, hasNoEnd: boolean): boolean {
  return !goesOnAfterRecord(line) && (hasNoEnd || line.includes('\0\0'));
}

function checkHeader(
  path: string,
  record: JournalRecord | undefined,
  origin: string,
): HeaderRecord {
  if (record?.kind !== 'header') {
    throw damaged(path, 0, 'its first line is missing or was changed');
  }
  if (record.format !== FORMAT) {
    const why = `has format ${record.format}, written by oxhost ${record.tool_version}`;
    throw unusable(`The journal ${path}`, why, 'Use that version of oxhost, or a later one.');
  }
  if (record.origin !== origin) {
    const message = `The journal ${path} belongs to ${record.origin}, not to ${origin}.`;
    throw new OxhostError('usage', message, {
      hint: 'Give the address that it belongs to, or another folder with --journal.',
      outcome: 'not_created',
    });
  }
  return record;
}

/** @param offset where the bad line begins, in bytes from the start of the file. */
export function damaged(path: string, offset: number, reason: string): OxhostError {
  return unusable(
    `The journal ${path}`,
    `is damaged at byte ${offset}: ${reason}`,
    'Keep the file: it may hold generated passwords. A copy of it is safe only if no run came after it. Without one, take out of your file what the panel has already, and import that with a new --journal.',
  );
}

/**
 * Cuts a torn last line off, once its bytes are safe in a file `journal.torn-<n>` of the folder,
 * and makes sure that what was read is on disk too.
 * @returns the file with the torn bytes, if there were any.
 */
export async function repairEnd(
  path: string,
  file: FileHandle,
  { end, size }: Replay,
): Promise<string | undefined> {
  try {
    let aside: string | undefined;
    if (end < size) {
      aside = await nextTornFile(dirname(path));
      const torn = Buffer.alloc(size - end);
      await file.read(torn, 0, torn.length, end);
      await writePrivateFile(aside, torn);
      await file.truncate(end);
    }
    await file.sync();
    return aside;
  } catch (error) {
    throw diskError('write', path, error);
  }
}

async function nextTornFile(folder: string): Promise<string> {
  const numbers = (await readdir(folder)).map((name) =>
    Number(/^journal\.torn-(\d+)$/.exec(name)?.[1] ?? 0),
  );
  return join(folder, `journal.torn-${Math.max(0, ...numbers) + 1}`);
}
