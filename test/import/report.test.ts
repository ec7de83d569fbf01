import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { GivenFlag } from '../../src/context.ts';
import type { BadRow, ClientRow } from '../../src/import/check.ts';
import type { LoginState } from '../../src/import/journal/record.ts';
import { againCommand } from '../../src/import/report/report.ts';
import { csvText, isResultsBeginning } from '../../src/import/report/results.ts';
import {
  exitCodeOf,
  finalRows,
  nextSteps,
  type Summary,
  summarise,
  summaryLines,
} from '../../src/import/report/rows.ts';

const rowOf = (row: number): ClientRow => ({
  row,
  line: row + 1,
  name: 'Now',
  login: `client${row}`,
  email: `client${row}@example.com`,
  password: null,
});

const stateOf = (login: string, changes: Partial<LoginState> = {}): [string, LoginState] => [
  login,
  {
    ...{ login, row: 1, line: 2, name: 'Then', email: 'then@example.com' },
    ...{ status: 'created', attempt: 1, answered: true, earlierUnknown: false },
    ...{ input: '', generated_password: 'kept-password', isNew: false },
    ...changes,
  },
];

const bad: BadRow = {
  row: 2,
  line: 3,
  login: 'client2',
  problems: ['email is missing', 'name is missing'],
};
const one = (changes: Partial<LoginState>) =>
  finalRows({ rows: [rowOf(1)], bad: [] }, new Map([stateOf('client1', changes)]), 'stopped')
    .ofFile[0];

describe('the final rows', () => {
  test('are those of the file in its order, then other logins of the journal', () => {
    const states = new Map([stateOf('client9', { status: 'unknown' }), stateOf('client3')]);
    const { ofFile, others } = finalRows(
      { rows: [rowOf(1), rowOf(3)], bad: [bad] },
      states,
      'stopped',
    );
    expect(ofFile).toMatchObject([
      { row: 1, line: 2, login: 'client1', status: 'not_sent', name: 'Now', message: 'stopped' },
      {
        row: 2,
        line: 3,
        login: 'client2',
        status: 'invalid',
        message: 'email is missing; name is missing',
      },
      { row: 3, line: 4, login: 'client3', status: 'created', name: 'Then', message: '' },
    ]);
    expect(others).toMatchObject([{ row: null, line: null, login: 'client9', status: 'unknown' }]);
  });

  test('a bad row does not hide the client that its login has already, nor its password', () => {
    const states = new Map([stateOf('client2')]);
    const { ofFile, others } = finalRows({ rows: [], bad: [bad] }, states, '');
    expect(ofFile).toMatchObject([{ status: 'invalid', generated_password: '' }]);
    expect(others).toMatchObject([{ status: 'created', generated_password: 'kept-password' }]);
  });

  const error = { code: 'rejected', message: 'the server refused it' };
  test.each<[Partial<LoginState>, string, string]>([
    [{ status: 'created' }, 'kept-password', ''],
    [{ status: 'created', by_hand: true }, 'kept-password', 'confirmed by hand'],
    [{ status: 'not_sent', by_hand: true }, '', 'not there, confirmed by hand'],
    [
      { status: 'unknown', answered: false },
      'kept-password',
      'the run ended before the answer came',
    ],
    [{ status: 'unknown', error }, 'kept-password', error.message],
    [{ status: 'already_exists', error }, '', error.message],
    [{ status: 'already_exists', earlierUnknown: true, error }, 'kept-password', error.message],
    [{ status: 'rejected', error }, '', error.message],
    [{ status: 'not_sent', error }, '', error.message],
    [{ status: 'not_sent' }, '', 'stopped'],
  ])('%j has the password %j and says %j', (changes, password, message) => {
    expect(one(changes)).toMatchObject({ generated_password: password, message });
  });

  test('have the login that exists, and say from what it was changed', () => {
    expect(one({ echoed_login: 'ox_client1' })).toMatchObject({
      login: 'ox_client1',
      message: 'the server changed the login from client1',
    });
  });
});

const REST = { seconds: 1.5, journal: 'c.csv.oxhost', results: 'c.csv.oxhost/results.csv' };
const summary = (changes: Partial<Summary> = {}): Summary => ({
  ...summarise({ ofFile: [], others: [] }, 0, REST),
  ...changes,
});

test('every row of the file is in exactly one number; others are in none', () => {
  const statuses = [
    'created',
    'created',
    'rejected',
    'unknown',
    'already_exists',
    'not_sent',
  ] as const;
  const states = new Map(
    statuses
      .map((status, index) => stateOf(`client${index + 1}`, { status }))
      .concat([stateOf('client99', { status: 'unknown' })]),
  );
  const rows = Array.from({ length: 8 }, (_, index) => rowOf(index + 1));
  const final = finalRows({ rows, bad: [{ ...bad, row: 9 }] }, states, '');
  expect(summarise(final, 1, REST)).toEqual({
    ...{ rows: 9, created: 1, already_created: 1, already_exists: 1, rejected: 1 },
    ...{ unknown: 1, not_sent: 3, invalid: 1, ...REST },
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
  test('has only the numbers that say something', () => {
    const options = { input: 'c.csv', generatesPasswords: true };
    expect(summaryLines(summary({ rows: 1204, created: 1200, rejected: 4 }), options)).toEqual([
      'c.csv: 1,204 rows, 1.5 s',
      '  created  1,200',
      '  refused      4',
      "Every row's state, with the generated passwords: c.csv.oxhost/results.csv",
    ]);
  });

  const options = {
    input: 'c.csv',
    results: 'c.csv.oxhost/results.csv',
    unknownFile: 'c.csv.oxhost/unknown.csv',
    unknown: 0,
    isStopped: false,
  };
  const rows = (...statuses: LoginState['status'][]) =>
    finalRows(
      { rows: statuses.map((_, index) => rowOf(index + 1)), bad: [{ ...bad, row: 99, line: 100 }] },
      new Map(statuses.map((status, index) => stateOf(`client${index + 1}`, { status }))),
      '',
    ).ofFile;

  test('says once, and in order, what to do', () => {
    const final = rows('created', 'unknown', 'rejected', 'already_exists', 'rejected');
    expect(nextSteps(final, { ...options, unknown: 1, isStopped: true })).toEqual([
      'Look in the panel whether the client in c.csv.oxhost/unknown.csv is there, and write yes or no under exists.',
      'Fix in c.csv: 2 rows refused (lines 4, 6), 1 row invalid (line 100), 1 row with a login that exists already (line 5); c.csv.oxhost/results.csv says why.',
      'Clear up what stopped the import: see the error below.',
    ]);
  });

  test('names ten lines at most, and nothing where there is nothing to do', () => {
    const many = rows(...Array<'rejected'>(12).fill('rejected'));
    expect(nextSteps(many, options).join()).toContain(
      '12 rows refused (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …)',
    );
    expect(nextSteps(rows('created').slice(0, 1), options)).toEqual([]);
  });
});

describe('the command that goes on', () => {
  const flags = (text: string): GivenFlag[] =>
    text.split(' ').map((word) => {
      const [name = '', value = null] = word.split('=');
      return { name, value };
    });

  test.each<[string, string]>([
    ['--rate=5/s', ' --rate 5/s'],
    ['--timeout=9 --max-wait=600 --retries=0', ' --timeout 9 --max-wait 600 --retries 0'],
    ['--skip-invalid --generate-passwords', ' --skip-invalid --generate-passwords'],
    ['--profile=work --api-url=https://a.example', ' --profile work --api-url https://a.example'],
    ['--a-later-flag=7', ' --a-later-flag 7'],
    ["--results=it's.csv", " --results 'it'\\''s.csv'"],
    ['--results=-r.csv', ' --results=-r.csv'],
    ['--yes --quiet --retry-rejected --retry-unknown --same-account --debug --color=never', ''],
    ['--journal=other', ' --journal other'],
  ])('repeats %s as %j', (given, repeated) => {
    expect(againCommand('c.csv', flags(given))).toBe(`oxhost plesk client import c.csv${repeated}`);
  });

  test('quotes paths, and lets none be taken for an option', () => {
    expect(againCommand('-', [])).toBe('oxhost plesk client import -');
    expect(againCommand('-my list.csv', [])).toBe("oxhost plesk client import './-my list.csv'");
  });
});

describe('cells', () => {
  test.each(['=HYPERLINK("http://x")', '+1', '-1', '@x', '＝1', '＋1', '－1', '＠x'])(
    'are not taken for a formula: %j',
    (text) => {
      const line = csvText([[text, 'plain']]);
      expect(parse(line)).toEqual([[`'${text}`, 'plain']]);
    },
  );

  test.each(['a;=1+1', 'a;-1;+2'])('nor where cells end at semicolons: %j', (text) => {
    const line = csvText([[text]]);
    expect(line).not.toMatch(/[;\t][=+\-@]/);
    expect(line.replaceAll("'", '')).toContain(text);
  });

  test('do nothing to a terminal', () => {
    expect(csvText([['a\u001b[31mb\nc\u202ed']])).toBe('ab cd\n');
  });
});

test.each([
  ['row,line,status,login,id', true],
  ['\uFEFF"row";"line";"status";"login"', true],
  ['row\tline\tstatus\tlogin', true],
  ['{"row":1,"line":2,"status":"created"}', true],
  ['{"row":null,"line":null,"status":"created"}', true],
  ['row,login,email\n', false],
  ['{"login":"client1"}', false],
])('a file that begins with %j holds results: %s', (text, expected) => {
  expect(isResultsBeginning(text)).toBe(expected);
});
