import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactJson, stringifyJson, WrittenNumber } from '../../src/output/json.ts';

const value = { name: 'Größe 示例 🎉', nested: [1, null, { a: '\u001b[2J\u202e\u2028' }] };

describe('in a pipe', () => {
  test('one line, with its letters; in ASCII alone on Windows', () => {
    expect(stringifyJson(value)).toBe(
      '{"name":"Größe 示例 🎉","nested":[1,null,{"a":"\\u001b[2J\\u202e\\u2028"}]}',
    );
    expect(stringifyJson(value, { isAscii: true })).toBe(
      '{"name":"Gr\\u00f6\\u00dfe \\u793a\\u4f8b \\ud83c\\udf89","nested":[1,null,{"a":"\\u001b[2J\\u202e\\u2028"}]}',
    );
  });

  test('whatever the value: printable ASCII, and the same value when read', () => {
    void fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
        const text = stringifyJson(given, { isAscii: true });
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  test('lone surrogates come back', () => {
    expect(JSON.parse(stringifyJson({ a: '\ud800x' }))).toEqual({ a: '\ud800x' });
  });
});

test.each([
  ['in a pipe', false, undefined],
  ['on a terminal', true, 2],
])('%s: byte for byte what JSON.stringify gives', (_where, isIndented, indent) => {
  const property = fc.property(fc.jsonValue(), (given) => {
    const ascii = JSON.stringify(given, null, indent).replace(/[^\x20-\x7e\n]/g, '');
    expect(stringifyJson(given, { isIndented }).replace(/[^\x20-\x7e\n]/g, '')).toBe(ascii);
  });
  void fc.assert(property);
  const odd = { a: undefined, b: [undefined], c: new Date(0), d: [], e: {}, toJSON: 'text' };
  expect(stringifyJson(odd, { isIndented })).toBe(JSON.stringify(odd, null, indent));
});

test('a number as it was written, at any depth', () => {
  const written = (text: string) => new WrittenNumber(text);
  const given = {
    a: written('9.90'),
    b: [written('3e-8'), { c: written('12345678901234567890') }],
  };
  expect(stringifyJson(given)).toBe('{"a":9.90,"b":[3e-8,{"c":12345678901234567890}]}');
  expect(compactJson(given)).toBe(stringifyJson(given));
  const hostile = { a: '\0number 5', '\0number 6': ['\0number 7'] };
  expect(JSON.parse(stringifyJson(hostile))).toEqual({ a: 'number 5', '\0number 6': ['number 7'] });
  expect(JSON.parse(stringifyJson(hostile, { isIndented: true }))).toHaveProperty('a', 'number 5');
  expect(stringifyJson(written('1.0'), { isIndented: true })).toBe('1.0');
});

describe('on a terminal', () => {
  test('indented, letters kept, controls escaped', () => {
    expect(
      stringifyJson({ name: 'Größe 示例 🎉', bad: '\u001b\u009b\u202e' }, { isIndented: true }),
    ).toBe('{\n  "name": "Größe 示例 🎉",\n  "bad": "\\u001b\\u009b\\u202e"\n}');
  });

  test('whatever the value: nothing that acts on a terminal, and the same value when read', () => {
    void fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
        const text = stringifyJson(given, { isIndented: true });
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });
});
