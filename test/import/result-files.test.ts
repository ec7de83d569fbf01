import { describe, expect, test } from 'vitest';
import {
  isResultsBeginning,
  type ResultRow,
  resultLines,
  resultsHead,
} from '../../src/import/result-lines.ts';

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
