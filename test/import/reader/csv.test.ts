import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../../src/import/reader/csv.ts';
import { readAll, refusalOf } from './reading.ts';

const read = (text: string) => readAll(text, { format: 'csv' });

describe('delimiters', () => {
  test.each([
    ['comma', 'name,login\nA,b\n'],
    ['semicolon', 'name;login\nA;b\n'],
    ['tab', 'name\tlogin\nA\tb\n'],
    ['bar', 'name|login\nA|b\n'],
    ['quoted text is not counted', '"na;m;e;",login\nA,b\n', ['na;m;e;', 'login']],
    ['the header alone decides', 'name;login\n"1,2,3";b\n', ['name', 'login'], '1,2,3|b'],
    ['blank lines before the header', '\n\r\nname;login\nA;b\n', ['name', 'login'], 'A|b', 4],
    ['no final newline', 'name;login\nA;b'],
    ['announced', 'sep=;\r\nname;login,x\r\nA;b\r\n', ['name', 'login,x'], 'A|b', 3],
    ['announced in quotes', '"sep=;"\nname;login,x,y\nA;b\n', ['name', 'login,x,y'], 'A|b', 3],
    ['announced and filled up', 'sep=;;;\nname;login\nA;b\n', ['name', 'login'], 'A|b', 3],
    ['announced, a bar', 'SEP=|\nname|login\nA|b\n', ['name', 'login'], 'A|b', 3],
    ['announced, a tab', 'sep=\t\nname\tlogin\nA\tb\n', ['name', 'login'], 'A|b', 3],
    ['announced after a mark', '\uFEFFsep=,\nname,login\nA,b\n', ['name', 'login'], 'A|b', 3],
  ])('%s', (_title, text, columns = ['name', 'login'], cells = 'A|b', line = 2) => {
    const found = read(text);
    expect(found.columns).toEqual(columns);
    expect(found.lines).toEqual([`1@${line} ${cells}`]);
  });

  test('a header without any delimiter is one column', () => {
    expect(read('name\nA\n').columns).toEqual(['name']);
  });

  test('TSV is cut at tabs whatever the header holds', () => {
    const { columns, lines } = readAll('a,b,c\td\n1\t2\n', { format: 'tsv' });
    expect(columns).toEqual(['a,b,c', 'd']);
    expect(lines).toEqual(['1@2 1|2']);
  });
});

describe('line ends', () => {
  test.each(['\n', '\r\n', '\r'])('%j, with and without a mark and a final one', (end) => {
    for (const mark of ['', '\uFEFF']) {
      for (const last of ['', end]) {
        const { columns, lines } = read(`${mark}name,login${end}A,"x${end}y"${end}B,c${last}`);
        expect(columns).toEqual(['name', 'login']);
        expect(lines).toEqual([`1@2 A|x${end}y`, '2@4 B|c']);
      }
    }
  });

  test('may be mixed', () => {
    expect(read('a,b\n1,2\n3,4\r\n5,6\n7,8\r\n').lines).toHaveLength(4);
  });
});

describe('headers', () => {
  test.each([
    ['empty', '', []],
    ['a byte order mark only', '\uFEFF', []],
    ['white space only', '\uFEFF  \n \r\n', []],
    ['header only', '  \nname;login\n', ['name', 'login']],
    ['white space around', ' name ,\u00a0login\n', ['name', 'login']],
    ['nameless columns', ',name,,login,,\n', ['', 'name', '', 'login', '', '']],
    ['one name twice', 'name,note,note\n', ['name', 'note', 'note']],
    ['a line break in a name', '"First\r\n Name",login\n', ['First Name', 'login']],
    ['another Unicode form', 'Soci\u0301\u030c,login\n', ['Soc\u00ed\u030c', 'login']],
    ['__proto__', 'name,__proto__\n', ['name', '__proto__']],
  ])('%s', (_title, text, columns) => {
    const found = read(text);
    expect(found.columns).toEqual(columns);
    expect(found.lines).toEqual([]);
  });

  test.each([
    ['a broken quote', 'na"me,login\nA,b\n', 'The header at line 1 has a quote character'],
    ['data', '\nExample,x@example.com,Pa55-word!\n', 'Line 2 holds an e-mail address where'],
  ])('%s is refused and no cell is repeated', (_title, text, message) => {
    const refusal = refusalOf(() => read(text));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('Pa55');
  });
});

describe('rows', () => {
  test.each([
    ['that lack their last cells', '1,2', '1@2 1|2'],
    ['with empty cells at their end', '1,2,3,, ,', '1@2 1|2|3|| |'],
    ['with too many cells', '1,2,3,4', '1@2 ! has 4 cells where the header has 3'],
    ['of one cell', '1', '1@2 1'],
  ])('%s', (_title, line, expected) => {
    expect(read(`a,b,c\n${line}\n`).lines).toEqual([expected]);
  });

  test('without any text are left out, wherever they are', () => {
    expect(read('a;b;c\n\n1;2;3\n;;\n ; ;\n4;5;6\n;;;;\n;;;;\n').lines).toEqual([
      '1@3 1|2|3',
      '2@6 4|5|6',
    ]);
  });

  test.each([
    ['before the named ones', ',a,b\n0,1,2\n', '1@2 0|1|2'],
    ['between them', 'a,,b\n1,x,2\n', '1@2 1|x|2'],
    ['behind them', 'a,b,,\n1,2,,\n', '1@2 1|2||'],
    ['behind them, with text', 'a,b,,\n1,2,,se\n', '1@2 ! has text in column 4, which has no name'],
  ])('and nameless columns %s', (_title, text, expected) => {
    expect(read(text).lines).toEqual([expected]);
  });
});

const CLOSED = 'has a quoted cell that is not closed, or has a single quote character within';
const OPENED = 'has a quote character within a cell that is not quoted';
const NEVER = 'has a quote that is never closed';

describe('broken quotes', () => {
  test.each([
    ['within a cell', '1,5" disk', OPENED],
    ['at the end of a cell', '1,a"', OPENED],
    ['single, within a quoted cell', '1,"a "b" c"', CLOSED],
    ['text behind the closing one', '1,"a"b', CLOSED],
    ['never closed', '1,"a', NEVER],
    ['last on its line', '1,"', NEVER],
    ['escaped by a backslash', '1,"O\\"Neil"', 'has a quote escaped by a backslash'],
  ])('%s are named by their line, and the rest is read', (_title, line, problem) => {
    for (const end of ['\n', '']) {
      const { lines } = read(`a,b\n1,2\n${line}${end}`);
      expect(lines).toEqual(['1@2 1|2', expect.stringContaining(`2@3 ! ${problem}`)]);
    }
    expect(read(`a,b\n1,2\n${line}\n3,4\n`).lines.at(-1)).toBe('3@4 3|4');
  });

  test('one that runs into the next quoted cell is named by its opening line', () => {
    const { lines } = read('a,b\n1,"2\n3,4\n5,"6"\n7,8\n');
    expect(lines).toEqual([`1@2 ! ${CLOSED}`, '2@3 3|4', '3@4 5|6', '4@5 7|8']);
  });

  test('the opening line is that of the cell, not of the record', () => {
    const { lines } = read('a,b,c\r\n1,"x\r\ny","z\r\n4,5,6\r\n');
    expect(lines).toEqual([`1@3 ! ${NEVER}`, '2@4 4|5|6']);
  });

  test('forty thousand take a few seconds', () => {
    const { items } = read(`a,b\n${'x"y,1\nx,1\n'.repeat(40_000)}`);
    expect(items).toHaveLength(80_000);
    expect(items.at(-2)).toMatchObject({ row: 79_999, line: 80_000, problem: OPENED });
  }, 60_000);
});

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', ' ', 'é', '€', '😀'),
    maxLength: 8,
  }),
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }),
  );

test('whatever is written is read back, in each delimiter and line end', () => {
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(',' as const, ';' as const, '\t' as const, '|' as const),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      fc.constantFrom(0, 65_520),
      (cells, delimiter, record_delimiter, eof, length) => {
        const rows = [
          ['x'.repeat(length)],
          ...cells.map((row) => row.map((text) => text.replace(/\p{Cs}/gu, ''))),
        ];
        const quoted_match = /[\r\n"]/;
        const text = stringify(rows, { delimiter, record_delimiter, quoted_match, eof });
        const found = [...readCsv(Buffer.from(text), delimiter, 1)];
        const expected = rows.filter((row) => row.length > 1 || row[0] !== '');
        const filled = found.filter(
          (event) => 'cells' in event && (event.cells.length > 1 || event.cells[0] !== ''),
        );
        expect(filled.map((event) => 'cells' in event && event.cells)).toEqual(expected);
        const lineOf = (index: number) =>
          1 + rows.slice(0, index).reduce((sum, row) => sum + 1 + breaksIn(row), 0);
        const opened = rows.flatMap((row, index) =>
          expected.includes(row) ? [lineOf(index)] : [],
        );
        expect(filled.map(({ line }) => line)).toEqual(opened);
      },
    ),
    { numRuns: 300 },
  );
});

function breaksIn(row: readonly string[]): number {
  return row.reduce((sum, text) => sum + (text.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

test('broken text gives rows and faults in order, each line once', () => {
  const soup = fc.string({
    unit: fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'a', 'é', '",', ',"', '"\n'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(soup, (text) => {
      const lines = [...readCsv(Buffer.from(text), ',', 1)].map(({ line }) => line);
      expect(lines).toEqual([...new Set(lines)].sort((one, other) => one - other));
    }),
    { numRuns: 1_000 },
  );
});
