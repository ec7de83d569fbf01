import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactJson, findJson, parseJson, WrittenNumber } from '../../src/output/json.ts';

test.each<[string, unknown]>([
  ['null', null],
  [' {"a":[1,true,"x"]} ', { a: [1, true, 'x'] }],
  ['\ufeff{"a":1}', { a: 1 }],
  ['{"id":9007199254740991}', { id: 9007199254740991 }],
  ['{"price":9.99}', { price: 9.99 }],
  ['{"a":1,"a":1}', { a: 1 }],
  ['"\\ud83d\\ude00"', '\u{1f600}'],
])('%s', (text, value) => {
  expect(parseJson(text)).toEqual({ value });
});

test.each(['5', '-1.5', '0.1', '9007199254740991', '1e+21'])('%s is a plain number', (text) => {
  expect(parseJson(text)).toEqual({ value: Number(text) });
});

test.each(['9.90', '1e3', '0.00000003', '-0', '12345678901234567890', '1e400', '0.10'])(
  '%s keeps its text',
  (text) => {
    expect(parseJson(`[${text}]`)).toEqual({ value: [new WrittenNumber(text)] });
  },
);

test.each([
  '',
  ' ',
  '\ufeff',
  '\ufeff\ufeff{}',
  '{',
  '{}x',
  '{}{}',
  "{'a':1}",
  '{a:1}',
  '{"a":1,}',
  '[1,]',
  'NaN',
  'undefined',
  '01',
  '// {}',
  '{"id":1,"id":2}',
  '<html>',
])('%j is no JSON', (text) => {
  expect(parseJson(text)).toBeUndefined();
});

test('__proto__ is a name like any other', () => {
  const parsed = parseJson('{"__proto__":{"id":1},"constructor":2}')?.value as object;
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor']);
  expect((parsed as { id?: unknown }).id).toBeUndefined();
  expect(({} as { id?: unknown }).id).toBeUndefined();
});

test('nesting that could exhaust the stack is refused, and brackets in texts do not count', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  expect(parseJson(nested(200))).toBeDefined();
  expect(parseJson(nested(202))).toBeUndefined();
  expect(parseJson('['.repeat(1_000_000))).toBeUndefined();
  const text = '[{\\"\\\\'.repeat(10_000);
  expect(parseJson(`["${text}"]`)).toEqual({ value: ['[{"\\'.repeat(10_000)] });
  expect(parseJson(`[${'[],'.repeat(1_000)}[]]`)).toBeDefined();
});

test('a megabyte of escaped quotes without an end takes no time', () => {
  expect(parseJson(`"${'\\"'.repeat(500_000)}`)).toBeUndefined();
});

test('agrees with JSON.parse, but for numbers that keep their text', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const written = compactJson(parseJson(text)?.value);
      expect(JSON.stringify(JSON.parse(written))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
      parseJson(text);
    }),
  );
});

test.each<[string, string | undefined]>([
  ['{"a":1}', ''],
  ['\ufeff{"a":1}', '\ufeff'],
  ['<b>Warning</b>: {x} {"a":1}', '<b>Warning</b>: {x} '],
  ['Notice: {"b":2} {"a":1}', 'Notice: {"b":2} '],
  ['{"a":1', undefined],
  ['{"b":{"a":1}', undefined],
  ['[{"a":1}', undefined],
  ['x {"a":1} y', undefined],
  ['', undefined],
])('what stands before the JSON of %j: %j', (text, before) => {
  const value = { a: 1 };
  expect(findJson(text)).toEqual(before === undefined ? undefined : { value, before });
});
