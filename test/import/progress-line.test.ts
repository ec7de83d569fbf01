import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ProgressState,
  progressLine,
  progressText,
} from '../../src/import/report/progress.ts';

const STATE: ProgressState = {
  total: 1204,
  done: 412,
  created: 398,
  refused: 10,
  unknown: 4,
  rate: 38,
  stage: null,
};

test.each([
  [
    100,
    '[=========                  ]  412/1,204   34%  398 created, 10 refused, 4 unknown  38/s, 0:21 left',
  ],
  [79, '[==    ]  412/1,204   34%  398 created, 10 refused, 4 unknown  38/s, 0:21 left'],
  [60, '412/1,204   34%  398 created, 10 refused, 4 unknown'],
  [20, '412/1,204   34%  398'],
  [9, '412/1,204'],
  [4, '412/'],
])('in %i columns: %s', (columns, line) => {
  expect(progressLine(STATE, columns)).toBe(line);
});

test('the bar keeps its width when the speed is known, and has more or fewer digits', () => {
  const widthOf = (rate: number | null, columns: number) =>
    /\[[= ]*\]/.exec(progressLine({ ...STATE, rate }, columns))?.[0].length;
  for (const columns of [100, 80]) {
    const widths = [null, 2.5, 38, 412].map((rate) => widthOf(rate, columns));
    expect(new Set(widths).size).toBe(1);
  }
});

test('what holds it up stands in the place of the speed', () => {
  expect(progressLine({ ...STATE, stage: 'stopping, 3 to come' }, 79)).toMatch(
    /stopping, 3 to come$/,
  );
});

test('never wider than asked, never broken over lines', () => {
  const count = fc.nat(10_000_000);
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      count,
      fc.option(fc.double({ min: 0, max: 1e4, noNaN: true })),
      fc.integer({ min: 1, max: 200 }),
      (total, done, created, refused, unknown, rate, columns) => {
        const line = progressLine(
          { total, done, created, refused, unknown, rate, stage: null },
          columns,
        );
        expect(line.length).toBeLessThanOrEqual(columns);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
      },
    ),
  );
});

test.each([
  [{ rate: null }, '412 of 1,204 rows: 398 created, 10 refused, 4 unknown'],
  [{ rate: 0.5 }, '412 of 1,204 rows: 398 created, 10 refused, 4 unknown, 0.5/s, 26:24 left'],
  [{ rate: 0.01 }, '412 of 1,204 rows: 398 created, 10 refused, 4 unknown, 0.0/s, 22:00:00 left'],
  [
    { done: 2000, rate: 1 },
    '1,204 of 1,204 rows: 398 created, 10 refused, 4 unknown, 1.0/s, 0:00 left',
  ],
])('as text %j', (changes, text) => {
  expect(progressText({ ...STATE, ...changes })).toBe(text);
});
