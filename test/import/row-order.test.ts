import { randomUUID } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inRowOrder } from '../../src/import/row-order.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await folder.close();
});

type Line = readonly [row: number, text: string];

async function ordered(lines: readonly Line[]): Promise<string> {
  const path = join(folder.path, 'results');
  const file = await open(path, 'w');
  try {
    await inRowOrder(
      path,
      { platform: process.platform, randomUUID, userId: () => null },
      file,
      async (order) => {
        for (const [row, text] of lines) await order.add(row, text);
      },
    );
  } finally {
    await file.close();
  }
  expect(await readdir(folder.path)).toEqual(['results']);
  return readFile(path, 'utf8');
}

/** Array sorting is stable. */
function expected(lines: readonly Line[]): string {
  const sorted = lines.toSorted(([one], [other]) => one - other);
  return sorted.map(([, text]) => text).join('');
}

test('no lines give nothing', async () => {
  expect(await ordered([])).toBe('');
});

test('any lines come by row, those of the same row as they came', async () => {
  const line = fc.tuple(fc.nat({ max: 20 }), fc.string({ unit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), async (lines) => {
      const texts = lines.map(([row, text]): Line => [row, Buffer.from(text).toString()]);
      expect(await ordered(texts)).toBe(expected(texts));
    }),
    { numRuns: 50 },
  );
});

test('many runs are merged, whatever order they come in', async () => {
  // 40,000 rows in a scattered order, twice each: the number has no divisor in common with theirs.
  const lines = Array.from({ length: 80_000 }, (_, index): Line => {
    const row = (index * 7919) % 40_000;
    return [row, `${row},${index},${'é'.repeat(index % 40)}\n`];
  });
  expect((await ordered(lines)) === expected(lines)).toBe(true);
});

test('lines larger than a run, a window or an output buffer are whole', async () => {
  const sizes = [3_000_000, 10, 16_384, 70_000, 1_048_576 - 12, 1_048_576, 5, 2_000_000];
  const lines = sizes.map((size, index): Line => [sizes.length - index, `${'x'.repeat(size)}\n`]);
  expect((await ordered(lines)) === expected(lines)).toBe(true);
});

test('row numbers may be as large as files can be', async () => {
  const lines: Line[] = [
    [2 ** 32 + 1, 'c\n'],
    [2 ** 32, 'b\n'],
    [1, 'a\n'],
  ];
  expect(await ordered(lines)).toBe('a\nb\nc\n');
});
