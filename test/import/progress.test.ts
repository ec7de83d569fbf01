import { expect, test } from 'vitest';
import { startProgress } from '../../src/import/report/progress.ts';

const NOBODY = { created: 0, refused: 0, unknown: 0, stage: null };

test('rows that an earlier run settled count as done, but not for the speed', () => {
  let time = 0;
  const said: string[] = [];
  let state = { total: 2000, done: 0, skipped: 0, ...NOBODY };
  const progress = startProgress(
    {
      output: {
        isJson: false,
        mayAnimate: false,
        note: (_code: string, text: string) => said.push(text),
      },
      settings: { quiet: false },
      system: { monotonic: () => time },
    } as unknown as Parameters<typeof startProgress>[0],
    () => state,
  );
  const begin = '0 of 2,000 rows: 0 created, 0 refused, 0 unknown';
  expect(said).toEqual([begin]);
  state = { ...state, done: 1000, skipped: 980 };
  time = 10_000;
  progress.refresh();
  const half = expect.stringMatching(/^1,000 of 2,000 rows: .*, 2\.0\/s, 8:20 left$/);
  expect(said).toEqual([begin, half]);
  // A line at each tenth, and when it ends; however long it takes.
  state = { ...state, done: 1199 };
  time = 900_000;
  progress.refresh();
  expect(said).toHaveLength(2);
  progress.stop();
  expect(said).toEqual([begin, half, expect.stringContaining('1,199 of 2,000 rows')]);
});
