import { describe, expect, test } from 'vitest';
import { mendCommand } from '../../src/import/mend-command.ts';
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
  const places = {
    input: 'c.csv',
    rejected: null,
    stopped: false,
    generatesPasswords: false,
    attention: { unknown: [], probablyOurs: 0 },
  };

  test('has only the numbers that say something', () => {
    const lines = summaryText(summary({ rows: 1204, created: 1204 }), places);
    expect(lines.map((line) => line.text)).toEqual([
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
        rejected: { path: 'x/rejected.csv', command: ['oxhost plesk client import x'] },
        attention: { unknown: ['client7'], probablyOurs: 0 },
        stopped: true,
        generatesPasswords: true,
      },
    )
      .map((line) => line.text)
      .join('\n');
    expect(text).toContain('1 h 2 min');
    expect(text).toContain('Mend them there, then:\n  oxhost plesk client import x\n');
    expect(text).toContain('Look for these logins in the panel:\n    client7\n');
    expect(text).toContain('with the generated passwords');
    expect(text).toContain('To continue, run the same command again.');
  });

  test('lists unknown logins within 80 columns, and says how many more there are', () => {
    const unknown = Array.from({ length: 20 }, (_, index) => `client-number-${index}`);
    const lines = summaryText(summary({ rows: 1020, unknown: 1020 }), {
      ...places,
      attention: { unknown, probablyOurs: 0 },
    });
    for (const line of lines) expect(line.text.length).toBeLessThanOrEqual(80);
    const text = lines
      .map((line) => line.text)
      .join(' ')
      .replace(/ +/g, ' ');
    expect(text).toContain('client-number-19 and 1,000 more: see c.csv.oxhost/results.csv');
  });

  test.each([
    [1, 'One client that exists already was probably created by the earlier, unknown attempt.'],
    [2, '2 clients that exist already were probably created by the earlier, unknown attempt.'],
  ])('says whose %i clients are that exist after --retry-unknown', (probablyOurs, sentence) => {
    const text = summaryText(summary({ rows: 2, already_exists: probablyOurs }), {
      ...places,
      generatesPasswords: true,
      attention: { unknown: [], probablyOurs },
    })
      .map((line) => line.text)
      .join(' ');
    expect(text).toContain(sentence);
    expect(text).toContain('in the results file');
  });
});

describe('the command that imports mended rows', () => {
  const here = { profile: null, apiUrl: null, sandbox: false };
  const asOne = (lines: readonly string[]) => lines.join('\n').replace(/ \\\n +/g, ' ');
  const plain = {
    format: undefined,
    overrides: [],
    generatePasswords: false,
    givenPasswordLength: undefined,
    results: undefined,
  };

  test.each([
    [plain, 'oxhost plesk client import j/r.csv --journal j'],
    [
      {
        format: 'csv',
        overrides: [
          { field: 'login', column: 'User name' },
          { field: 'email', column: 'Mail' },
        ],
        generatePasswords: true,
        givenPasswordLength: 24,
        results: "it's.csv",
      } as const,
      "oxhost plesk client import j/r.csv --journal j --format csv --map 'login=User name' --map email=Mail --generate-passwords --password-length 24 --results 'it'\\''s.csv'",
    ],
  ])('repeats what still applies: %j', (settings, command) => {
    expect(asOne(mendCommand('j/r.csv', 'j', settings, here))).toBe(command);
  });

  test('quotes paths, and lets none be taken for an option', () => {
    expect(asOne(mendCommand('-my list/r.csv', '-my list', plain, here))).toBe(
      "oxhost plesk client import './-my list/r.csv' '--journal=-my list'",
    );
    const elsewhere = { ...here, profile: 'work', apiUrl: 'https://api.example.com' };
    expect(asOne(mendCommand('r.csv', 'j', plain, elsewhere))).toContain(
      ' --profile work --api-url https://api.example.com',
    );
    expect(asOne(mendCommand('r.csv', 'j', plain, { ...here, sandbox: true }))).toBe(
      'oxhost plesk client import r.csv --sandbox',
    );
  });
});
