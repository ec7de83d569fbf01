import { expect, test } from 'vitest';
import { cellText, flatten } from '../../src/output/cells.ts';

test.each<[object, [string, unknown][]]>([
  [
    { a: 1, b: { c: 'x', d: null } },
    [
      ['a', 1],
      ['b.c', 'x'],
      ['b.d', null],
    ],
  ],
  [{ list: ['a', 'b'] }, [['list', ['a', 'b']]]],
  [
    { orders: [{ id: 1 }, { id: 2 }] },
    [
      ['orders.0.id', 1],
      ['orders.1.id', 2],
    ],
  ],
  [
    { empty: {}, none: [] },
    [
      ['empty', {}],
      ['none', []],
    ],
  ],
  [
    { a: { empty: {} }, mixed: [{}, 1] },
    [
      ['a.empty', {}],
      ['mixed.0', {}],
      ['mixed.1', 1],
    ],
  ],
])('%j', (record, rows) => {
  expect(flatten(record)).toEqual(rows);
});

test.each([
  [null, ''],
  [undefined, ''],
  [{}, '{}'],
  [[], '[]'],
  ['a\nb', 'a b'],
  [0, '0'],
])('the text of %j', (value, text) => {
  expect(cellText(value)).toBe(text);
});
