import { describe, expect, test } from 'vitest';
import { parseMapOption } from '../../../src/import/mapping/fields.ts';
import { describeMapping, type Mapping, mapColumns } from '../../../src/import/mapping/mapping.ts';

function map(header: string, ...options: string[]): Mapping {
  return mapColumns(header.split(','), options.map(parseMapOption), true);
}

function messages(mapping: Mapping): string[] {
  return mapping.problems.map(({ message }) => message);
}

describe('a first line that may be a row', () => {
  const cells = ['Example Client', 'user', 'Pa55-word!'];

  test.each([
    ['as it is', []],
    ['with a column that is not there', ['email=Pa55-words']],
  ])('shows none of its cells: %s', (_title, options: string[]) => {
    const mapping = mapColumns(cells, options.map(parseMapOption), true);
    expect(mapping.isHeader).toBe(false);
    expect(mapping.problems.map(({ field }) => field)).toContain('name');
    expect(JSON.stringify(mapping.problems)).not.toMatch(/Example|"user|Pa55-word!/);
  });

  test.each<[string, string, string[]]>([
    ['two known names', 'Kunde,Benutzer,Mail,Status', []],
    ['one, and one that --map knows', 'Kunde,Benutzer,Mail', ['login=Benutzer']],
  ])('is a header by %s', (_title, header, options) => {
    const mapping = map(header, ...options);
    expect(mapping.isHeader).toBe(true);
    expect(messages(mapping)[0]).toContain('"Kunde"');
  });
});

describe('two columns of one name', () => {
  test('stop nothing where no field comes from them', () => {
    const mapping = map('name,login,email,phone,status,phone,status');
    expect(mapping.problems).toEqual([]);
    expect(describeMapping(mapping).at(-1)).toBe('ignored: phone, phone');
  });

  test.each<[string, string, string[], string]>([
    ['recognised', 'name,login,email,login', [], 'could hold the login: "login" and "login"'],
    ['given', 'name,x,email,x', ['login=x'], 'columns 2 and 4 are both named "x"'],
  ])('are a problem where one is %s', (_title, header, options, message) => {
    expect(map(header, ...options).problems).toEqual([
      { field: 'login', message: expect.stringMatching(`${message}. Give each column a name`) },
    ]);
  });

  test('are not what the hint names', () => {
    const [problem] = map('name,login,email,email,mail').problems;
    expect(problem?.message).toContain('Say which one: --map "email=mail"');
  });
});
