import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, copyFile, readFile, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { replaceFile } from './batch-file.ts';
import type { TemporaryNames } from './temporary-file.ts';

/** Beside the file, in the format of sha256sum. */
const MARK = '.sha256';

/** Remembers the file as it is now, so that a person's edits can be told later. */
export async function markOwn(path: string, system: TemporaryNames): Promise<void> {
  const line = `${await hashOf(path)}  ${basename(path)}\n`;
  await replaceFile(path + MARK, system, (file) => file.writeFile(line));
}

/** Whether the file is the one that was marked, or there is none. */
export async function isUntouched(path: string): Promise<boolean> {
  const hash = await hashOf(path);
  if (hash === null) return true;
  const mark = await orNull(readFile(path + MARK, 'utf8'), 'ENOENT');
  return mark?.split(' ')[0] === hash;
}

/** Copies the file to a name of its own, beside the old one. @returns that name. */
export async function keepEdited(path: string): Promise<string> {
  const ending = extname(path);
  const name = basename(path, ending);
  for (let number = 1; ; number += 1) {
    const other = join(dirname(path), `${name}-${number}${ending}`);
    const copied = copyFile(path, other, constants.COPYFILE_EXCL).then(() => true);
    if ((await orNull(copied, 'EEXIST')) === true) return other;
  }
}

/** Takes the file and its mark away, unless it was edited. */
export async function removeOwn(path: string): Promise<void> {
  if (!(await isUntouched(path))) return;
  await rm(path, { force: true });
  await rm(path + MARK, { force: true });
}

async function hashOf(path: string): Promise<string | null> {
  if (
    (await orNull(
      access(path).then(() => true),
      'ENOENT',
    )) === null
  )
    return null;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function orNull<Value>(promise: Promise<Value>, code: string): Promise<Value | null> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return null;
    throw error;
  }
}
