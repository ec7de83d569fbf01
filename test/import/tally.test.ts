import { describe, expect, test } from 'vitest';
import { summaryText } from '../../src/import/summary-text.ts';
import { exitCodeOf, noRows, type Summary, summarise } from '../../src/import/tally.ts';

const NOTHING = { alreadyCreated: 0, skipped: { unknown: 0, rejected: 0, already_exists: 0 } };
const REST = { seconds: 1.5, journal: 'c.csv.oxhost', results: 'c.csv.oxhost/results.csv' };

function summary(changes: Partial<Summary> = {}): Summary {
  return { ...summarise(0, 0, noRows(), NOTHING, REST), ...changes };
}

test('every row of the file is in exactly one number', () => {
  const counts = { ...noRows(), created: 5, rejected: 1, unknown: 1, not_sent: 3, invalid: 1 };
  const skipped = { unknown: 2, rejected: 3, already_exists: 4 };
  const sum = summarise(40, 2, counts, { alreadyCreated: 6, skipped }, REST);
  expect(sum).toMatchObject({
    rows: 40,
    created: 5,
    already_created: 6,
    already_exists: 4,
    rejected: 4,
    unknown: 3,
    invalid: 2,
    not_sent: 16,
  });
});

test.each<[Partial<Summary>, number]>([
  [{}, 0],
  [{ created: 3, already_created: 2 }, 0],
  [{ created: 3, rejected: 1 }, 3],
  [{ already_exists: 1 }, 3],
  [{ not_sent: 1 }, 3],
  [{ invalid: 1 }, 3],
  [{ unknown: 1 }, 8],
  [{ unknown: 1, rejected: 1, invalid: 1 }, 8],
])('%j ends with %i', (changes, exitCode) => {
  expect(exitCodeOf(summary(changes))).toBe(exitCode);
});

describe('the text', () => {
  const places = { input: 'c.csv', rejected: null, stopped: false, generatesPasswords: false };

  test('has only the numbers that say something', () => {
    expect(summaryText(summary({ rows: 1204, created: 1204 }), places)).toEqual([
      'c.csv: 1,204 rows, 1.5 s',
      '  created  1,204',
      "Every row's state: c.csv.oxhost/results.csv",
    ]);
  });

  test('says what to do with unknown rows, with rows to mend, and to continue', () => {
    const text = summaryText(
      summary({ rows: 4, unknown: 1, rejected: 1, not_sent: 2, seconds: 3725 }),
      {
        ...places,
        rejected: "it's here/rejected.csv",
        stopped: true,
        generatesPasswords: true,
      },
    ).join('\n');
    expect(text).toContain('1 h 2 min');
    expect(text).toContain("import 'it'\\''s here/rejected.csv' --journal c.csv.oxhost");
    expect(text).toContain('Look for these logins in the panel');
    expect(text).toContain('with the generated passwords');
    expect(text).toContain('To continue, run the same command again.');
  });
});
