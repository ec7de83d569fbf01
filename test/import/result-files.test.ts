import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputShape, Row, RowFault } from '../../src/import/reader/row.ts';
import { REASON_COLUMN, rejectedFormat } from '../../src/import/rejected-lines.ts';
import {
  isResultsBeginning,
  type ResultRow,
  resultLines,
  resultsHead,
} from '../../src/import/result-lines.ts';
import { bytesSource, readAll } from './reader/reading.ts';

const ROW: ResultRow = {
  row: 1,
  login: 'client1',
  status: 'created',
  id: 'a1',
  plesk_client_id: '1',
  generated_password: null,
  error: null,
};

describe('results', () => {
  test.each(['=HYPERLINK("http://x")', '+1', '-1', '@x', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])(
    'no cell is taken for a formula: %j',
    (text) => {
      const line = resultLines(
        [{ ...ROW, login: text, id: text, error: { code: 'rejected', message: text } }],
        'csv',
      );
      const cells = line.trimEnd().match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
      // White space of the server's words is a space.
      const own = /^\s/.test(text) ? 2 : 3;
      expect(cells.filter((cell) => /^"?'/.test(cell))).toHaveLength(own);
      expect(line).not.toMatch(/(?:^|,)"?[=+\-@\t\r＝＋－＠]/);
      const ndjson = resultLines([{ ...ROW, login: text }], 'ndjson');
      expect((JSON.parse(ndjson) as ResultRow).login).toBe(text);
    },
  );

  test.each(['a;=1+1', 'a\t@x', 'a;-1;+2'])('nor where cells end at semicolons: %j', (text) => {
    const line = resultLines([{ ...ROW, login: text }], 'csv');
    expect(line).not.toMatch(/[;\t][=+\-@]/);
    expect(line.replaceAll("'", '')).toContain(text);
  });

  test('are recognised by how they begin', () => {
    expect(isResultsBeginning(resultsHead('csv'))).toBe(true);
    expect(isResultsBeginning(resultLines([ROW], 'ndjson'))).toBe(true);
    expect(isResultsBeginning('row,login\n')).toBe(false);
    expect(isResultsBeginning('{"login":"client1"}')).toBe(false);
  });
});

describe('rows to be mended', () => {
  const shape = (
    format: InputShape['format'],
    columns: string[],
    delimiter?: ',' | ';' | '\t',
  ): InputShape => ({
    format,
    columns,
    delimiter,
  });
  const row = (cells: string[], source?: string): Row => ({
    kind: 'row',
    row: 1,
    line: 2,
    cells,
    ...(source !== undefined && { source }),
  });
  const fault = (more: Partial<RowFault>): RowFault => ({
    kind: 'fault',
    row: 1,
    line: 2,
    message: 'x',
    ...more,
  });

  test('come back with the same delimiter and the same cells, formulas and passwords too', () => {
    const format = rejectedFormat(shape('csv', ['login', 'password'], ';'));
    expect(format.head).toBe('login;password;oxhost_error\n');
    const rows = [
      { record: row(['=x', '-p;"w']), reason: '=HYPERLINK(1)' },
      { record: fault({ cells: ['short'] }), reason: 'has 1 cell' },
      { record: fault({ cells: ['a', 'b', 'c'] }), reason: 'has 3 cells' },
      { record: fault({ source: '"open' }), reason: 'quote' },
    ];
    expect(format.lines(rows, true)).toBe(
      `=x;"-p;""w";'=HYPERLINK(1)\nshort;has 1 cell\na;b;c;has 3 cells\n"""open";quote\n`,
    );
  });

  test('are the same rows when they are read, whatever is in headers and cells', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', ' ', '"', ',', ';', '\t', '\n', '\r', '=', '|', "'"),
      maxLength: 12,
    });
    const name = text.map((cell) => cell.replace(/[\t\n\r]/g, '').trim());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(',' as const, ';' as const, '\t' as const),
        fc.uniqueArray(
          name.filter((cell) => cell !== '' && !cell.includes('@')),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.array(fc.array(text, { minLength: 4, maxLength: 4 }), { maxLength: 4 }),
        async (delimiter, columns, cells) => {
          const format = rejectedFormat(shape('csv', columns, delimiter));
          const rows = cells.map((all) => row(all.slice(0, columns.length)));
          const file =
            format.head +
            format.lines(
              rows.map((record) => ({ record, reason: 'why' })),
              true,
            );
          const reading = await readAll(bytesSource(file), { format: 'csv', used: new Set() });
          expect(reading.shape).toMatchObject({ delimiter, columns: [...columns, REASON_COLUMN] });
          expect(reading.items).toMatchObject(
            rows.map(({ cells: own }) => ({ kind: 'row', cells: [...own, 'why'] })),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a second time the reason takes the place of the first', () => {
    const format = rejectedFormat(shape('csv', ['login', 'email', 'oxhost_error'], ','));
    expect(format.head).toBe('login,email,oxhost_error\n');
    const rows = [
      { record: row(['client1', 'a@example.com', 'old']), reason: 'new' },
      { record: fault({ cells: ['client1', 'old'] }), reason: 'has 2 cells' },
    ];
    expect(format.lines(rows, true)).toBe('client1,a@example.com,new\nclient1,has 2 cells\n');
  });

  test('JSON keeps numbers as they are written, and says what it could not read', () => {
    const format = rejectedFormat(shape('ndjson', ['login', 'n']));
    const rows = [
      {
        record: row(
          [],
          '{ "login": "a\\u0301", "n": 12345678901234567890, "oxhost_error": "old", "o": {"x":\n1} }',
        ),
        reason: 'no "good"',
      },
      { record: fault({ source: '{"login":' }), reason: 'is not valid JSON' },
      { record: fault({}), reason: 'is too large' },
    ];
    expect(format.lines(rows, true).split('\n')).toEqual([
      '{"login":"a\u0301","n":12345678901234567890,"o":{"x": 1},"oxhost_error":"no \\"good\\""}',
      '{"oxhost_line":2,"oxhost_source":"{\\"login\\":","oxhost_error":"is not valid JSON"}',
      '{"oxhost_line":2,"oxhost_error":"is too large"}',
      '',
    ]);
  });

  test('an array stays an array', () => {
    const format = rejectedFormat(shape('json', ['login']));
    const one = { record: row([], '{"login":"a"}'), reason: 'r' };
    const text =
      format.head + format.lines([one, one], true) + format.lines([one], false) + format.end;
    expect(JSON.parse(text)).toEqual(Array(3).fill({ login: 'a', oxhost_error: 'r' }));
    expect(JSON.parse(format.head + format.end)).toEqual([]);
  });
});
