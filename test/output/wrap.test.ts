import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf, wrap } from '../../src/output/text.ts';

describe('wrap', () => {
  test.each([
    ['what fits', 'note: a b', 9, 'note: a b'],
    ['nothing', '', 9, ''],
    ['between words', 'note: one two three', 12, 'note: one\n  two three'],
    ['exactly the width', 'one two three', 7, 'one two\n  three'],
    ['an indented line, further in', '  --a: one two', 10, '  --a: one\n    two'],
    ['a long word alone', 'in /a/very/long/path now', 8, 'in\n  /a/very/long/path\n  now'],
    ['several spaces inside a line stay', 'a  b c', 4, 'a  b\n  c'],
    ['wide letters as two', '示例 示例', 8, '示例\n  示例'],
    ['colour as nothing', '\u001b[31merror:\u001b[39m ab', 9, '\u001b[31merror:\u001b[39m ab'],
    ['combining marks as nothing', 'e\u0301e\u0301 ab', 5, 'e\u0301e\u0301 ab'],
  ])('%s', (_what, line, width, wrapped) => {
    expect(wrap(line, width)).toBe(wrapped);
  });

  test('below a margin, unless half of the width is lost to it', () => {
    expect(wrap('note: one two three', 14, 6)).toBe('note: one two\n      three');
    expect(wrap('note: one two', 11, 6)).toBe('note: one\n  two');
  });

  test('no line is wider unless it is one word, and every word stays', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'é', '示', '🎉', '/', '.'),
      maxLength: 12,
    });
    void fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 1, max: 40 }), (words, width) => {
        const line = words.join(' ');
        const wrapped = wrap(line, width);
        for (const part of wrapped.split('\n')) {
          if (columnsOf(part) > width) expect(part.trim()).not.toContain(' ');
        }
        expect(wrapped.split(/\s+/).filter(Boolean)).toEqual(line.split(' ').filter(Boolean));
      }),
    );
  });
});
