import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringifyJson } from '../../src/output/json.ts';

const value = { name: 'Größe 示例 🎉', nested: [1, null, { a: '\u001b[2J\u202e\u2028' }] };

describe('in a pipe', () => {
  test('one line of ASCII', () => {
    expect(stringifyJson(value)).toBe(
      '{"name":"Gr\\u00f6\\u00dfe \\u793a\\u4f8b \\ud83c\\udf89","nested":[1,null,{"a":"\\u001b[2J\\u202e\\u2028"}]}',
    );
  });

  test('whatever the value: printable ASCII, and the same value when read', () => {
    void fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
        const text = stringifyJson(given);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  test('lone surrogates come back', () => {
    expect(JSON.parse(stringifyJson({ a: '\ud800x' }))).toEqual({ a: '\ud800x' });
  });
});

describe('on a terminal', () => {
  test('indented, letters kept, controls escaped', () => {
    expect(
      stringifyJson({ name: 'Größe 示例 🎉', bad: '\u001b\u009b\u202e' }, { readable: true }),
    ).toBe('{\n  "name": "Größe 示例 🎉",\n  "bad": "\\u001b\\u009b\\u202e"\n}');
  });

  test('whatever the value: nothing that acts on a terminal, and the same value when read', () => {
    void fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
        const text = stringifyJson(given, { readable: true });
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });
});
