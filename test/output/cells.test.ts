import { expect, test } from 'vitest';
import { cellText, flatten } from '../../src/output/json.ts';

test('nested objects and lists of objects are rows of their own, other lists are not', () => {
  const record = {
    ...{ a: 1, b: { c: 'x', d: null, empty: {} }, list: ['a', 'b'], none: [], empty: {} },
    ...{ orders: [{ id: 1 }, { id: 2 }], mixed: [{}, 1] },
  };
  expect(flatten(record)).toEqual([
    ...[
      ['a', 1],
      ['b.c', 'x'],
      ['b.d', null],
      ['b.empty', {}],
      ['list', ['a', 'b']],
    ],
    ...[
      ['none', []],
      ['empty', {}],
      ['orders.0.id', 1],
      ['orders.1.id', 2],
    ],
    ...[
      ['mixed.0', {}],
      ['mixed.1', 1],
    ],
  ]);
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
