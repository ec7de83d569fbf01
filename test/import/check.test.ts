import { describe, expect, test } from 'vitest';
import { checkTable } from '../../src/import/check.ts';
import { findingText } from '../../src/import/findings.ts';
import { mapColumns } from '../../src/import/mapping/mapping.ts';
import { findingsOf } from '../../src/import/plan.ts';
import { HEADER, logins, PASSWORD } from './files.ts';
import { readAll } from './reader/reading.ts';

const good = (login: string) => `Example Client,${login},${login}@example.com,${PASSWORD}`;
const HASH = '$2y$10$abcdefghijklmnopqrstuv';

async function check(lines: readonly string[], generatePasswords = false, header = HEADER) {
  const table = readAll(`${[header, ...lines].join('\n')}\n`);
  const mapping = mapColumns(table.columns, [], table.hasHeader);
  const { signal } = new AbortController();
  const options = { mapping, generatePasswords, signal };
  const file = await checkTable({ ...table, records: table.items }, options);
  return {
    file,
    rows: file.rows,
    bad: file.bad,
    problems: file.problems.map(findingText),
    warnings: file.findings.map(findingText),
  };
}

describe('a bad row', () => {
  test.each([
    ['without a name', `,client2,client2@example.com,${PASSWORD}`, 'name is missing'],
    ['with a blank login', `Example Client,  ,client2@example.com,${PASSWORD}`, 'login is missing'],
    ['without an address', `Example Client,client2,,${PASSWORD}`, 'email is missing'],
    ['without a password', 'Example Client,client2,client2@example.com,', 'password is missing'],
    ['with a hash', `Example Client,client2,client2@example.com,${HASH}`, 'password is a hash'],
    ['with stars', 'Example Client,client2,client2@example.com,********', 'password is a mask'],
    ['with bullets', 'Example Client,client2,client2@example.com,•••', 'password is a mask'],
    ['with one x many times', 'Example Client,client2,b@example.com,xxxxxx', 'password is a mask'],
    ['with two addresses', `Example,client2,"a@b.example,b@b.example",${PASSWORD}`, 'email must'],
    ['with NULL', `Example,NULL,client2@example.com,${PASSWORD}`, 'login is missing'],
    ['with an error', `Example,client2,#N/A,${PASSWORD}`, 'email is an error of a spreadsheet'],
    ['with a link', `Example,client2,mailto:a@b.example,${PASSWORD}`, 'email must be the address'],
    ['with a space in its login', good('client 2'), 'login must not contain white space'],
    ['with a control character', good('client\u00072'), 'login must not contain control'],
    [
      'with a line break',
      `E,"client\n2",a@b.example,${PASSWORD}`,
      'login must not contain control',
    ],
    ['that is short', 'Example Client,client2', 'row has 2 cells where the header has 4'],
    ['that is long', `${good('client2')},more`, 'row has 5 cells where the header has 4'],
    ['with a broken quote', good('"client2'), 'row has a quoted cell that is not closed'],
    ['with a login that was there', good('client1'), 'login is the same as at line 2'],
  ])('%s is named with its line', async (_title, line, problem) => {
    const { problems, bad, rows } = await check([good('client1'), line]);
    expect(problems).toContainEqual(expect.stringContaining(problem));
    for (const text of problems) expect(text).toMatch(/: 1 row \(line 3\)$/);
    expect(bad).toMatchObject([{ row: 2, line: 3 }]);
    expect(rows).toHaveLength(1);
  });

  test('has all its problems, and what could be read of it, but no password', async () => {
    const { bad } = await check([`,-x,mailto:a@b.example,p w`], false);
    expect(bad).toEqual([
      {
        row: 1,
        line: 2,
        login: '-x',
        problems: expect.arrayContaining([
          'name is missing',
          'email must be the address alone, without "mailto:"',
          expect.stringMatching(/^login must start/),
          expect.stringMatching(/^password must/),
        ]),
      },
    ]);
    expect(JSON.stringify(bad)).not.toContain('p w');
  });

  test('keeps its login from a later one', async () => {
    const { problems } = await check([`,client1,a@b.example,${PASSWORD}`, good('client1')]);
    expect(problems).toEqual([
      'name is missing: 1 row (line 2)',
      'login is the same as at line 2: 1 row (line 3)',
    ]);
  });
});

test('300 hashes are one line, and a real mistake among them is seen', async () => {
  const lines = logins(300).map(
    (login) => `Example Client,${login},${login}@example.com,${HASH.replace('abc', login)}`,
  );
  lines[150] = `Example Client,client 151,client151@example.com,${HASH}`;
  const { problems } = await check([...lines, good('client1'), good('client2')]);
  expect(problems).toEqual([
    'password is a hash: 300 rows (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …)',
    'login must not contain white space: 1 row (line 152)',
    'login is the same as in another row: 2 rows (lines 302, 303)',
  ]);
});

describe('what is only worth a warning', () => {
  test('is nothing in an ordinary file', async () => {
    const { warnings } = await check(
      ['7,"Smith & Sons, Ltd",Café Zoë,client1,client1@example.com,aB3dE6gH9kLm,5.00'],
      false,
      'id,company,name,login,email,password,amount',
    );
    expect(warnings.filter((text) => !/strength|weak|markup|&/.test(text))).toEqual([]);
  });

  const same = (login: string) => `Example Client,${login},same@example.com,${PASSWORD}`;
  test.each<[string, string[], string]>([
    [
      'logins in another case',
      [good('client1'), good('Client1').replace('Client1@', 'x@')],
      'login differs only in upper and lower case or in its Unicode form from that at line 2: 1 row (line 3)',
    ],
    [
      'logins in several Unicode forms',
      [good('cafe\u0301'), good('caf\u00e9').replace('é@', 'x@'), good('CAF\u00c9')],
      'login differs only in upper and lower case or in its Unicode form from that in another row: 2 rows (lines 3, 4)',
    ],
    [
      'an address that was there',
      [same('client1'), same('client2').replace('same@', 'Same@')],
      'e-mail address is the same as at line 2: 1 row (line 3)',
    ],
    [
      'an address that three have',
      [same('client1'), same('client2'), same('client3')],
      'e-mail address is the same as in another row: 2 rows (lines 3, 4)',
    ],
  ])('is said once: %s', async (_title, lines, warning) => {
    expect((await check(lines)).warnings).toContain(warning);
  });

  test.each<[string, string, string, string]>([
    ['NULL', 'company', 'NULL', 'a cell that says NULL counts as empty: 1 row (line 2)'],
    ['clients that are closed', 'status', 'Closed', 'client looks inactive ("status" is "Closed")'],
  ])('is said: %s', async (_title, column, value, warning) => {
    const { warnings } = await check([`${good('client1')},${value}`], false, `${HEADER},${column}`);
    expect(warnings).toContainEqual(expect.stringContaining(warning));
  });

  test('is said: a company for a name', async () => {
    const header = 'company,login,email,password';
    const { warnings, rows } = await check([good('client1')], false, header);
    expect(warnings).toContain('there is no name, so the company is taken: 1 row (line 2)');
    expect(rows).toMatchObject([{ name: 'Example Client', company: 'Example Client' }]);
  });

  test('is said of the rows that are sent alone', async () => {
    const { file } = await check(
      [`${good('client1')},NULL`, `${good('client2')},NULL`],
      false,
      `${HEADER},company`,
    );
    const saidOf = (...sent: number[]) => {
      const rows = file.rows.filter(({ row }) => sent.includes(row));
      const planned = rows.map((row) => ({ row, password: 'own', reason: 'new' }) as const);
      return findingsOf(file, { send: planned, skip: [] }).map(findingText);
    };
    expect(saidOf(2)).toEqual(['a cell that says NULL counts as empty: 1 row (line 3)']);
    expect(saidOf()).toEqual([]);
  });
});

describe('passwords that are generated', () => {
  test.each([
    ['missing', '', []],
    ['NULL', 'NULL', ['a cell that says NULL counts as empty: 1 row (line 2)']],
    ['a hash', HASH, ['password is a hash and a new one is generated: 1 row (line 2)']],
    ['a mask', '***', ['password is a mask and a new one is generated: 1 row (line 2)']],
  ])('where it is %s', async (_title, password, expected) => {
    const line = `Example Client,client1,client1@example.com,${password}`;
    const { rows, warnings } = await check([line], true);
    expect(rows).toMatchObject([{ login: 'client1', password: null }]);
    expect(warnings).toEqual(expected);
  });

  test('are not called new where one is kept from an earlier attempt', async () => {
    const { file } = await check([`Example Client,client1,client1@example.com,***`], true);
    const said = (password: 'new' | 'kept') =>
      findingsOf(file, {
        send: file.rows.map((row) => ({ row, password, reason: 'unknown' })),
        skip: [],
      });
    expect(said('new')).toHaveLength(1);
    expect(said('kept')).toEqual([]);
  });

  test('and no others', async () => {
    expect((await check([good('client1')], true)).rows).toMatchObject([{ password: PASSWORD }]);
    expect((await check(['E,client1,a@b.example,a b c d'], true)).problems).toHaveLength(1);
  });
});
