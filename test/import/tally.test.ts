import { describe, expect, test } from 'vitest';
import type { GivenFlag } from '../../src/context.ts';
import { againCommand } from '../../src/import/again-command.ts';
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
    stopped: false,
    generatesPasswords: false,
    attention: { unknown: [], probablyOurs: 0 },
    retryUnknown: null,
    retryRejected: null,
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
        attention: { unknown: ['client7'], probablyOurs: 0 },
        stopped: true,
        generatesPasswords: true,
        retryUnknown: ['oxhost plesk client import c.csv --retry-unknown'],
      },
    )
      .map((line) => line.text)
      .join('\n');
    expect(text).toContain('1 h 2 min');
    expect(text).toContain('fix them in\n  your own file');
    expect(text).toContain('Look for these logins in the panel:\n    client7\n');
    expect(text).toContain(
      'Only when none of them is there, send them with:\n  oxhost plesk client import c.csv --retry-unknown\n',
    );
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

describe('the command that goes on', () => {
  const asOne = (lines: readonly string[]) => lines.join('\n').replace(/ \\\n +/g, ' ');
  const flags = (text: string): GivenFlag[] =>
    text.split(' ').map((word) => {
      const [name = '', value = null] = word.split('=');
      return { name, value };
    });

  test.each<[string, string]>([
    ['--rate=5/s', ' --rate 5/s'],
    ['--timeout=9 --max-wait=600 --retries=0', ' --timeout 9 --max-wait 600 --retries 0'],
    ['--concurrency=8 --max-errors=3', ' --concurrency 8 --max-errors 3'],
    ['--skip-invalid --generate-passwords', ' --skip-invalid --generate-passwords'],
    ['--profile=work --api-url=https://a.example', ' --profile work --api-url https://a.example'],
    ['--a-later-flag=7', ' --a-later-flag 7'],
    ["--results=it's.csv", " --results 'it'\\''s.csv'"],
    ['--results=-r.csv', ' --results=-r.csv'],
    ['--yes --quiet --retry-rejected --retry-unknown --debug --color=never', ''],
    ['--journal=other', ''],
    ['--journal=other --sandbox', ' --sandbox'],
  ])('repeats %s as %j', (given, repeated) => {
    const journal = given.includes('--sandbox') ? '' : ' --journal j';
    const command = againCommand({ operand: 'j/r.csv', journal: 'j', given: flags(given) });
    expect(asOne(command)).toBe(`oxhost plesk client import j/r.csv${journal}${repeated}`);
  });

  test('imports the same file with the same journal, and asks for more', () => {
    const given = flags('--journal=other --rate=2');
    expect(asOne(againCommand({ operand: '-', given, retry: '--retry-unknown' }))).toBe(
      'oxhost plesk client import - --journal other --rate 2 --retry-unknown',
    );
  });

  test('quotes paths, and lets none be taken for an option', () => {
    const list = '-my list';
    expect(asOne(againCommand({ operand: `${list}/r.csv`, given: [], journal: list }))).toBe(
      "oxhost plesk client import './-my list/r.csv' '--journal=-my list'",
    );
    expect(againCommand({ operand: '-dash.csv', given: [] })).toEqual([
      'oxhost plesk client import ./-dash.csv',
    ]);
  });
});
