import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppendableFile, Appender } from '../../../src/import/journal/appender.ts';
import { JournalWriteError } from '../../../src/import/journal/errors.ts';
import { removeFolder, temporaryFolder } from './opening.ts';

let folder: string;
let path: string;
let file: FileHandle;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'file');
  file = await open(path, 'w+');
});
afterEach(async () => {
  await file.close();
  await removeFolder(folder);
});

/** The real file, written a few bytes at a time, as the kernel may do. */
function inPieces(longest: number): AppendableFile {
  return {
    stat: () => file.stat(),
    isInPlace: async () => true,
    datasync: () => file.datasync(),
    write: (buffer, offset, length, position) =>
      file.write(buffer, offset, Math.min(length, longest), position),
  };
}

test('short writes go on where they ended', async () => {
  const appender = new Appender(path, inPieces(7), 0);
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index} ${'x'.repeat(index)}\n`);
  await Promise.all(lines.map((line) => appender.append(Buffer.from(line))));
  expect(await readFile(path, 'utf8')).toBe(lines.join(''));
});

test('whatever the moments of appending, the order is kept and nothing is lost', async () => {
  const pauses = fc.array(fc.nat(3), { minLength: 1, maxLength: 60 });
  const kept = fc.asyncProperty(pauses, async (turns) => {
    await file.truncate(0);
    const appender = new Appender(path, inPieces(11), 0);
    const settled: number[] = [];
    const all: Promise<unknown>[] = [];
    for (const [index, count] of turns.entries()) {
      for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
      all.push(appender.append(Buffer.from(`${index}\n`)).then(() => settled.push(index)));
    }
    await Promise.all(all);
    const expected = turns.map((_, index) => index);
    expect(settled).toEqual(expected);
    expect(await readFile(path, 'utf8')).toBe(expected.map((index) => `${index}\n`).join(''));
    expect(appender.written).toBe(appender.end);
  });
  await fc.assert(kept, { numRuns: 50 });
});

test('what waits is written in groups of about a megabyte', async () => {
  const appender = new Appender(path, inPieces(1_000_000), 0);
  const bytes = Buffer.alloc(300_000, 'x');
  await Promise.all(Array.from({ length: 12 }, () => appender.append(bytes)));
  expect((await file.stat()).size).toBe(3_600_000);
});

test('a closed file ends all writing, for what waits and for what comes', async () => {
  const appender = new Appender(path, inPieces(1_000_000), 0);
  await appender.append(Buffer.from('one\n'));
  await file.close();
  const results = await Promise.allSettled([
    appender.append(Buffer.from('two\n')),
    appender.append(Buffer.from('three\n')),
  ]);
  expect(appender.failure).toBeInstanceOf(JournalWriteError);
  for (const result of results) expect(result).toMatchObject({ reason: appender.failure });
  file = await open(path, 'r+');
  await expect(appender.append(Buffer.from('four\n'))).rejects.toBe(appender.failure);
  await appender.idle();
  expect(await readFile(path, 'utf8')).toBe('one\n');
});
