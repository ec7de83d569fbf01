import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/import/reader/input-error.ts';
import { RECORD_MAXIMUM } from '../../../src/import/reader/row.ts';
import { bytesSource, failureOf, readAll, repeated } from './reading.ts';

async function read(text: string, options: Parameters<typeof readAll>[1] = {}) {
  return readAll(bytesSource(text), { format: 'csv', ...options });
}

function places(items: readonly { line: number; row: number }[]) {
  return items.map(({ row, line }) => [row, line]);
}

describe('delimiters and line ends', () => {
  test.each([
    ['comma', 'name,login\nA,b\n', ','],
    ['semicolon', 'name;login\nA;b\n', ';'],
    ['tab', 'name\tlogin\nA\tb\n', '\t'],
    ['quoted text is not counted', '"a;b;c;d",login\nA,b\n', ','],
    ['the header only decides', 'name;login\n"1,2,3";b\n', ';'],
    ['blank lines before the header', '\n\r\nname;login\nA;b\n', ';'],
    ['a header without any delimiter', 'name\nA\n', ','],
    ['announced by a spreadsheet', 'sep=;\r\nname;login,x\r\nA;b\r\n', ';'],
    ['no final newline', 'name;login\nA;b', ';'],
  ])('%s', async (_title, text, delimiter) => {
    const { shape, faults, rows } = await read(text);
    expect(shape.delimiter).toBe(delimiter);
    expect(faults).toEqual([]);
    expect(rows).toHaveLength(1);
  });

  test('an announced delimiter takes a line of its own', async () => {
    const { rows } = await read('sep=;\nname;login\nA;b\n');
    expect(places(rows)).toEqual([[1, 3]]);
  });

  test('TSV is cut at tabs whatever the header holds', async () => {
    const { shape, rows } = await read('a,b,c\td\n1\t2\n', { format: 'tsv' });
    expect(shape.columns).toEqual(['a,b,c', 'd']);
    expect(rows[0]?.cells).toEqual(['1', '2']);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('%s, with and without a byte order mark and a final line end', async (_name, end) => {
    for (const mark of ['', '\uFEFF']) {
      for (const last of ['', end]) {
        const { shape, rows, notes, faults } = await read(
          `${mark}name,login${end}A,"x${end}y"${end}B,c${last}`,
          { used: new Set(['name']) },
        );
        expect(shape.columns).toEqual(['name', 'login']);
        expect(faults).toEqual([]);
        expect(rows.map(({ cells }) => cells)).toEqual([
          ['A', `x${end}y`],
          ['B', 'c'],
        ]);
        expect(places(rows)).toEqual([
          [1, 2],
          [2, 4],
        ]);
        expect(notes).toEqual([]);
      }
    }
  });

  test('mixed line ends are noted once, with the line', async () => {
    const { rows, notes } = await read('a,b\n1,2\n3,4\r\n5,6\n7,8\r\n');
    expect(rows).toHaveLength(4);
    expect(notes).toEqual([
      {
        line: 3,
        message: 'line ends are mixed: line 3 ends with CRLF, those before it with LF',
      },
    ]);
  });

  test('a stray CR is a line end: noted, and the row is short', async () => {
    const { notes, faults } = await read('a,b\n1,2\r3\n');
    expect(notes.map(({ line }) => line)).toEqual([2]);
    expect(faults.map(({ message }) => message)).toEqual(['has 1 cell where the header has 2']);
  });
});

describe('files without rows', () => {
  test.each([
    ['empty', '', []],
    ['a byte order mark only', '\uFEFF', []],
    ['blank lines only', '\n\r\n\n', []],
    ['white space only', '\uFEFF  \n \r\n', []],
    ['white space before the header', '  \nname;login\n', ['name', 'login']],
    ['header only', 'name,login\n', ['name', 'login']],
    ['header without a newline', 'name,login', ['name', 'login']],
  ])('%s', async (_title, text, columns) => {
    const { shape, items, notes } = await read(text);
    expect(shape.columns).toEqual(columns);
    expect(items).toEqual([]);
    expect(notes).toEqual([]);
  });
});

describe('headers that are refused', () => {
  test.each([
    ['a blank name', 'name,,login\n', 'column 2 has no name'],
    ['no name at all', ' , x ,,y\n', 'column 1 has no name; column 3 has no name'],
    ['__proto__', 'name,__proto__\n', 'column 2 has the name "__proto__"'],
    ['a NUL', 'name,lo\0gin\n', 'column 2 has a control character'],
    ['a line break', 'name,"lo\ngin"\n', 'column 2 has a control character'],
    ['a broken quote', 'na"me,login\n', 'the header at line 1 has a quote character'],
  ])('%s', async (_title, text, message) => {
    const error = await failureOf(read(`${text}A,b,c\n`));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ line: 1, message: expect.stringContaining(message) });
  });

  test('a first row of data is not repeated', async () => {
    const error = await failureOf(read('Example Client,client1,client1@example.com,Pa55-word!\n'));
    expect(error).toMatchObject({ line: 1 });
    expect(String(error)).not.toContain('Pa55');
  });

  test('too many columns', async () => {
    const names = Array.from({ length: 1_001 }, (_, index) => `c${index}`);
    expect(await failureOf(read(names.join(',')))).toBeInstanceOf(InputError);
  });

  test('a header line without end', async () => {
    const source = repeated('name,login', 'x'.repeat(65_536));
    expect(await failureOf(readAll(source, { format: 'csv' }))).toBeInstanceOf(InputError);
  });
});

describe('columns without a name at the end of the header', () => {
  test('are left out where all cells are blank', async () => {
    const { shape, items } = await read('a,b,, \n1,2,,\n3,4, ,\n');
    expect(shape.columns).toEqual(['a', 'b']);
    expect(items).toMatchObject([
      { kind: 'row', line: 2, cells: ['1', '2'] },
      { kind: 'row', line: 3, cells: ['3', '4'] },
    ]);
  });

  test('make a fault of a row that has text there, which is not repeated', async () => {
    const { items } = await read('a,b,,\n1,2,,secret\n3,4,,\n');
    expect(items).toMatchObject([
      { kind: 'fault', line: 2, message: 'has text in column 4, which has no name' },
      { kind: 'row', line: 3 },
    ]);
  });

  test('count: a row without their cells may lack another one', async () => {
    const { items } = await read('a,b,c,\n1,2,\n');
    expect(items).toMatchObject([
      { kind: 'fault', message: 'has 3 cells where the header has 4', cells: ['1', '2', '', ''] },
    ]);
  });
});

test('two columns of one name are the business of whoever uses them', async () => {
  const { shape, items } = await read('a,note,note\n1,2,3\n');
  expect(shape.columns).toEqual(['a', 'note', 'note']);
  expect(items).toMatchObject([{ kind: 'row', cells: ['1', '2', '3'] }]);
});

describe('rows that are faults', () => {
  test('too few and too many cells, with both counts', async () => {
    const { items } = await read('a,b,c\n1,2\n1,2,3\n1,2,3,4\n');
    expect(items).toEqual([
      {
        kind: 'fault',
        row: 1,
        line: 2,
        message: 'has 2 cells where the header has 3',
        cells: ['1', '2'],
      },
      { kind: 'row', row: 2, line: 3, cells: ['1', '2', '3'] },
      {
        kind: 'fault',
        row: 3,
        line: 4,
        message: 'has 4 cells where the header has 3',
        cells: ['1', '2', '3', '4'],
      },
    ]);
  });

  test("Blesta's own second sample row is short by one cell", async () => {
    const { rows, faults } = await read(
      [
        'username,first_name,last_name,email,address,city,state_code,postal_code,country_code,phone,company',
        'client1,Example,One,client1@example.com,1 Some Street,Town,CA,90001,US,555-0100,Example Company',
        'client2,Example,Two,client2@example.com,2 Some Street,Town,90001,CA,US,555-0101',
      ].join('\n'),
    );
    expect(places(rows)).toEqual([[1, 2]]);
    expect(faults).toMatchObject([
      { row: 2, line: 3, message: 'has 10 cells where the header has 11' },
    ]);
  });

  test("several addresses in one of WHM's cells stay one cell", async () => {
    const { rows } = await read(
      [
        'Domain,IP,User Name,Email,Start Date,Disk Partition,Quota,Disk Space Used,Package,Theme,Owner,Server,Unix Startdate,Disk Space Used (bytes),Quota (bytes),Is Suspended',
        'example.com,192.0.2.1,client1,"a@example.com, b@example.com",22 May 01 12:00,home,unlimited,1 MB,default,jupiter,root,host,1,1,0,0',
      ].join('\r\n'),
    );
    expect(rows[0]?.cells[3]).toBe('a@example.com, b@example.com');
    expect(rows[0]?.cells).toHaveLength(16);
  });

  test.each([
    ['NUL', 'a\0b', 'a NUL character'],
    ['ESC', 'a\x1bb', 'a control character (U+001B)'],
    ['DEL', 'a\x7fb', 'a control character (U+007F)'],
    ['C1', 'a\u0085b', 'a control character (U+0085)'],
    ['tab', 'a\tb', 'a tab'],
    ['line feed', '"a\nb"', 'a line break'],
    ['carriage return', '"a\r\nb"', 'a line break'],
    ['NUL behind a closing quote', '"a"\0b', 'a NUL character'],
  ])('%s in a column in use', async (_name, cell, what) => {
    const { items } = await read(`x,y\n1,2\n${cell},2\n3,4\n`);
    expect(items.map(({ kind }) => kind)).toEqual(['row', 'fault', 'row']);
    expect(items[1]).toMatchObject({ row: 2, line: 3, message: `column "x" holds ${what}` });
  });

  test.each([
    ['NUL', 'a\0b', true],
    ['ESC', 'a\x1bb', true],
    ['tab', 'a\tb', false],
    ['line break', '"a\nb"', false],
  ])('%s in a column that is not in use', async (_name, cell, isFault) => {
    const { faults } = await read(`x,y\n${cell},2\n`, { used: new Set(['y']) });
    expect(faults).toHaveLength(isFault ? 1 : 0);
  });

  test('all columns at fault are named, no cell is repeated', async () => {
    const { faults } = await read('x,y\nse\0cret,se\x1bcret\n');
    expect(faults[0]?.message).toBe(
      'column "x" holds a NUL character; column "y" holds a control character (U+001B)',
    );
  });

  test('rows without any text are left out and counted', async () => {
    const { rows, notes } = await read('a,b\n\n1,2\n,\n,\n3,4\n\n');
    expect(places(rows)).toEqual([
      [1, 3],
      [2, 6],
    ]);
    expect(notes).toEqual([
      { line: 4, message: '2 rows, the first here, without any text left out' },
    ]);
  });
});

describe('broken quotes', () => {
  test('one that is never closed is named by its opening line, and the rest is read', async () => {
    const { items } = await read('a,b\n1,2\n3,"4\n5,6\n7,8\n');
    expect(items).toMatchObject([
      { kind: 'row', line: 2 },
      {
        kind: 'fault',
        row: 2,
        line: 3,
        message: 'has a quote that is never closed',
        source: '3,"4\n',
      },
      { kind: 'row', row: 3, line: 4, cells: ['5', '6'] },
      { kind: 'row', row: 4, line: 5, cells: ['7', '8'] },
    ]);
  });

  test('one that runs into the next quoted cell is named by its opening line too', async () => {
    const { items } = await read('a,b\n1,"2\n3,4\n5,"6"\n7,8\n');
    expect(places(items)).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    expect(items.map(({ kind }) => kind)).toEqual(['fault', 'row', 'row', 'row']);
  });

  test('the opening line is that of the cell, not of the record', async () => {
    const { items } = await read('a,b,c\r\n1,"x\r\ny","z\r\n4,5,6\r\n', { used: new Set(['c']) });
    expect(items).toMatchObject([
      {
        kind: 'fault',
        line: 3,
        message: 'has a quote that is never closed, in the record that begins at line 2',
        source: '1,"x\r\ny","z\r\n',
      },
      { kind: 'row', line: 4, cells: ['4', '5', '6'] },
    ]);
  });

  test.each([
    ['within a cell that is not quoted', '1,5" disk'],
    ['single, within a quoted cell', '1,"a "b" c"'],
    ['text behind the closing quote', '1,"a"b'],
    ['at the end of a cell', '1,a"'],
    ['last on an unfinished line', '1,"'],
  ])('a quote %s', async (_title, line) => {
    const { items } = await read(`a,b\n1,2\n${line}\n3,4\n`);
    expect(items.map(({ kind }) => kind)).toEqual(['row', 'fault', 'row']);
    expect(items[1]).toMatchObject({ line: 3 });
    expect(items[2]).toMatchObject({ line: 4, cells: ['3', '4'] });
  });

  test('in every line', async () => {
    const { items } = await read(`a,b\n${'x"y,1\n'.repeat(500)}1,2`);
    expect(items).toHaveLength(501);
    expect(items.at(-1)).toMatchObject({ kind: 'row', row: 501, line: 502 });
  });

  test('in the last line, without a line end', async () => {
    for (const last of ['1,a"b', '1,"a', '1,"a"b']) {
      const { items } = await read(`a,b\n1,2\n${last}`);
      expect(items).toMatchObject([{ kind: 'row' }, { kind: 'fault', line: 3, source: last }]);
    }
  });

  test('at row 5, with far more than a record behind it', async () => {
    const row = '1,2\n';
    const source = repeated(`a,b\n${row.repeat(4)}1,"2\n`, row.repeat(50_000), 8);
    const { rows, faults } = await readAll(source, { format: 'csv' });
    expect(faults).toMatchObject([
      { line: 6, row: 5, message: `has a quote that is not closed within ${RECORD_MAXIMUM} bytes` },
    ]);
    expect(rows).toHaveLength(400_004);
    expect(rows.at(-1)).toMatchObject({ row: 400_005, line: 400_006 });
  });
});

describe('records above the maximum', () => {
  test.each([
    ['one endless line', 'x'.repeat(65_536), 'a,b\n1,2\n3,'],
    ['one endless quoted line', 'x'.repeat(65_536), 'a,b\n1,2\n3,"'],
    ['an endless row of cells', 'xxxxxxx,'.repeat(8_192), 'a,b\n1,2\n3,'],
    ['behind a broken quote', 'x'.repeat(65_536), 'a,b\n1,2\n3,a"'],
  ])('%s', async (_title, piece, start) => {
    const error = await failureOf(readAll(repeated(start, piece), { format: 'csv' }));
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ line: 3, message: expect.stringContaining('line 3') });
  });

  test('a record of the very maximum is read, whatever the chunks', async () => {
    const cell = 'x'.repeat(RECORD_MAXIMUM - 4);
    const text = `a,b\n1,${cell}\n3,4\n`;
    for (const cuts of [
      [],
      [4],
      [text.length - 5],
      [text.length - 4],
      [text.length - 2],
      [100_000, 900_000],
    ]) {
      const { rows } = await readAll(bytesSource(text, cuts), { format: 'csv' });
      expect(rows.map(({ cells }) => cells[1]?.length)).toEqual([RECORD_MAXIMUM - 4, 1]);
    }
    const longer = `a,b\n1,${cell}xx\n3,4\n`;
    for (const cuts of [[], [longer.length - 5], [100_000, 900_000]]) {
      const error = await failureOf(readAll(bytesSource(longer, cuts), { format: 'csv' }));
      expect(error).toMatchObject({ line: 2 });
    }
  });
});

describe('a header that changes between the passes', () => {
  test('is noticed', async () => {
    const texts = ['name,login\nA,b\n', 'login,name\nb,A\n'];
    const source = () => (bytesSource(texts.shift() ?? '') as () => AsyncIterable<Uint8Array>)();
    expect(await failureOf(readAll(source, { format: 'csv' }))).toMatchObject({
      message: 'the header changed while the file was being read',
    });
  });
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
/** The first bytes are held back until the encoding is known: cuts tell only behind them. */
const longName = 'a'.repeat(300);
const cutsBehindHead = fc.array(fc.integer({ min: 295, max: 400 }), { maxLength: 20 });

describe('whatever is written is read back', () => {
  test('in each delimiter and line end, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',' as const, ';' as const, '\t' as const),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat(2_000), { maxLength: 20 }),
        async (cells, delimiter, end, bom, eof, places_) => {
          const wellFormed = cells.map((row) => row.map((text) => text.replace(/\p{Cs}/gu, '')));
          const width = wellFormed[0]?.length ?? 1;
          const header = Array.from({ length: width }, (_, index) => `${index}${longName}`);
          const text = stringify([header, ...wellFormed], {
            delimiter,
            record_delimiter: end,
            quoted_match: /[\r\n"]/,
            bom,
            eof,
          });
          const reading = await readAll(bytesSource(text, places_), {
            format: 'csv',
            ...(width === 1 ? { delimiter } : {}),
            used: new Set(),
          });
          const expected = wellFormed.filter((row) => row.some((value) => value !== ''));
          const isSoft = (row: readonly string[]) =>
            !row.some((value) => /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(value));
          expect(reading.items.map((item) => item.cells)).toEqual(expected);
          expect(reading.items.map(({ kind }) => kind === 'row')).toEqual(expected.map(isSoft));
          expect(reading.items.map(({ line }) => line)).toEqual(linesOf(wellFormed));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('broken text gives the same, however it is cut', async () => {
    const soup = fc.string({
      unit: fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', 'a', 'é', '",', ',"', '"\n'),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(soup, cutsBehindHead, async (body, places_) => {
        const text = `${longName},b\n${body}`;
        const whole = await readAll(bytesSource(text), { format: 'csv' });
        const cut = await readAll(bytesSource(text, places_), { format: 'csv' });
        expect(cut).toEqual(whole);
        const lines = whole.items.map(({ line }) => line);
        expect(lines).toEqual([...lines].sort((one, other) => one - other));
        expect(whole.items.map(({ row }) => row)).toEqual(lines.map((_, index) => index + 1));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The lines at which the rows open that are not blank, below a header of one line. */
function linesOf(rows: readonly (readonly string[])[]): number[] {
  let line = 2;
  return rows.flatMap((row) => {
    const opened = line;
    line += 1;
    for (const value of row) line += value.match(/\r\n|\n|\r/g)?.length ?? 0;
    return row.some((value) => value !== '') ? [opened] : [];
  });
}
