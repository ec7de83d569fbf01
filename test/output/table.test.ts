import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { renderPairs, renderRows } from '../../src/output/table.ts';
import { sanitizeLine } from '../../src/output/text.ts';

const plain = (width: number) => ({ width, heading: (text: string) => text });
const linesOf = (text: string) => text.replace(/\n$/, '').split('\n');

/** Column of the screen at which a text begins in its line. */
function columnOf(rendered: string, text: string): number {
  const line = linesOf(rendered).find((candidate) => candidate.includes(text));
  if (line === undefined) throw new Error(`${text} is not in\n${rendered}`);
  return stringWidth(line.slice(0, line.indexOf(text)));
}

describe('pairs', () => {
  test('values stand in one column', () => {
    const pairs = [
      ['id', '1'],
      ['plesk_client_id', '2'],
    ] as const;
    expect(renderPairs(pairs, plain(80))).toBe('id               1\nplesk_client_id  2\n');
  });

  test('an empty value leaves no trailing space', () => {
    expect(renderPairs([['company', '']], plain(80))).toBe('company\n');
  });

  test('a long value folds under itself, at spaces', () => {
    expect(renderPairs([['name', 'one two three four five']], plain(20))).toBe(
      'name  one two three\n      four five\n',
    );
  });

  test('a value without spaces is broken at the width', () => {
    expect(renderPairs([['id', '0123456789abcdefghij']], plain(14))).toBe(
      'id  0123456789\n    abcdefghij\n',
    );
  });

  test('where two columns do not fit, the value stands below its name', () => {
    expect(renderPairs([['generated_password', 'abcdefghijkl']], plain(20))).toBe(
      'generated_password\n  abcdefghijkl\n',
    );
  });

  test('headings are styled, not counted', () => {
    const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
    const rendered = renderPairs([['id', '1']], { width: 80, heading: bold });
    expect(rendered).toBe('\u001b[1mid\u001b[22m  1\n');
  });
});

describe('rows', () => {
  test.each([
    ['Latin', 'Example'],
    ['Chinese', '示例客户'],
    ['Japanese with half-width signs', '例ﾃｽﾄ'],
    ['emoji', '🎉🎉'],
    ['emoji of a flag and a skin colour', '🇩🇪👍🏽'],
    ['combining marks', 'e\u0301e\u0301'],
  ])('what comes after %s lines up', (_what, name) => {
    const rendered = renderRows(
      ['name', 'login'],
      [
        [name, 'first'],
        ['a far longer name', 'second'],
      ],
      plain(80),
    );
    const columns = ['login', 'first', 'second'].map((text) => columnOf(rendered, text));
    expect(new Set(columns).size).toBe(1);
  });

  test('the widest column shrinks and its cells fold', () => {
    const rendered = renderRows(
      ['profile', 'origin'],
      [['default', 'https://panel.example.com']],
      plain(24),
    );
    expect(rendered).toBe('profile  origin\ndefault  https://panel.e\n         xample.com\n');
  });

  test('what cannot stand side by side is shown row by row', () => {
    const rendered = renderRows(
      ['first', 'second', 'third'],
      [
        ['a'.repeat(9), 'b'.repeat(9), 'c'.repeat(9)],
        ['d', 'e', 'f'],
      ],
      plain(20),
    );
    expect(rendered).toBe(
      'first   aaaaaaaaa\nsecond  bbbbbbbbb\nthird   ccccccccc\n\nfirst   d\nsecond  e\nthird   f\n',
    );
  });

  test('no rows: the heading alone', () => {
    expect(renderRows(['profile', 'origin'], [], plain(80))).toBe('profile  origin\n');
  });
});

describe('whatever the values, no line is longer than the terminal', () => {
  const wide = fc.constantFrom('示', '🎉', '한', 'e\u0301', 'a', 'W', ' ', '-', '👍🏽', '🇩🇪');
  const cell = fc
    .oneof(
      fc.string({ unit: wide, maxLength: 120 }),
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.string({ unit: 'binary', maxLength: 120 }),
    )
    .map(sanitizeLine);
  const width = fc.integer({ min: 12, max: 200 });
  const overlong = (rendered: string, columns: number) =>
    linesOf(rendered).filter((line) => stringWidth(line) > columns);

  test('of pairs', () => {
    const name = fc.constantFrom('id', 'plesk_client_id', 'generated_password', '名前');
    void fc.assert(
      fc.property(fc.array(fc.tuple(name, cell), { maxLength: 8 }), width, (pairs, columns) => {
        expect(overlong(renderPairs(pairs, plain(columns)), columns)).toEqual([]);
      }),
    );
  });

  test('of rows', () => {
    const row = fc.array(cell, { minLength: 4, maxLength: 4 });
    void fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), width, (rows, columns) => {
        const rendered = renderRows(['profile', 'origin', 'key', 'user'], rows, plain(columns));
        expect(overlong(rendered, columns)).toEqual([]);
      }),
    );
  });

  test('and nothing but white space is lost', () => {
    // Folding writes characters in their composed form.
    const bare = (text: string) => text.replace(/\s/gu, '').normalize();
    void fc.assert(
      fc.property(cell, width, (value, columns) => {
        expect(bare(renderPairs([['id', value]], plain(columns)))).toBe(`id${bare(value)}`);
      }),
    );
  });
});
