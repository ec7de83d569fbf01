import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeNonAscii, escapeUnsafe, sanitizeLine, shorten } from '../../src/output/text.ts';

describe('sanitizeLine', () => {
  test.each([
    ['nothing to do', 'Example Client, größer 示例 🎉', 'Example Client, größer 示例 🎉'],
    ['colour', 'a\u001b[31mred\u001b[0mb', 'aredb'],
    ['cursor and screen', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['an OSC 8 link', '\u001b]8;;http://evil.example\u0007text\u001b]8;;\u0007', 'text'],
    [
      'an OSC 8 link ended by ST',
      '\u001b]8;;http://evil.example\u001b\\text\u001b]8;;\u001b\\',
      'text',
    ],
    ['OSC 52, which fills the clipboard', 'a\u001b]52;c;cm0gLXJm\u0007b', 'ab'],
    ['OSC 0, which sets the title', 'a\u001b]0;title\u0007b', 'ab'],
    [
      'DCS, SOS, PM and APC',
      'a\u001bP1\u001b\\b\u001bX2\u001b\\c\u001b^3\u001b\\d\u001b_4\u001b\\e',
      'abcde',
    ],
    ['a sequence of its own', 'a\u001bcb\u001b(0c', 'abc'],
    ['an ESC alone at the end', 'a\u001b', 'a'],
    ['an unfinished sequence', 'a\u001b[31', 'a31'],
    ['an unfinished string', 'a\u001b]0;title', 'a'],
    ['BEL and backspace', 'a\u0007b\u0008c', 'abc'],
    ['CR, which lets text overwrite text', 'right\rwrong', 'right wrong'],
    ['lines and tabs', 'a\r\nb\n\nc\td', 'a b c d'],
    ['line separators of Unicode', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['C1 CSI and OSC', 'a\u009b31mb\u009d0;title\u009cc', 'abc'],
    ['other C1', 'a\u0084b\u008dc', 'abc'],
    ['DEL and NUL', 'a\u007fb\u0000c', 'abc'],
    ['overrides of direction', 'a\u202eb\u2066c\u2069d\u200fe', 'abcde'],
    ['zero-width characters', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg', 'abcdefg'],
    ['tag characters', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
  ])('%s', (_what, text, clean) => {
    expect(sanitizeLine(text)).toBe(clean);
  });

  test('whatever comes in, nothing that acts or hides comes out', () => {
    const hostile = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '0',
      ';',
      'm',
      '\u0007',
      '\u009b',
      '\u009d',
      '\u009c',
      '\\',
      '\u202e',
      '\r',
      '\n',
      '\ud800',
      'x',
      '示',
    );
    const text = fc.oneof(fc.string({ unit: hostile }), fc.string({ unit: 'binary' }));
    void fc.assert(
      fc.property(text, (given) => {
        expect(sanitizeLine(given)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  test.each([
    ['unfinished CSI', '\u001b['],
    ['unfinished CSI with digits', '\u001b[0000'],
    ['unfinished OSC', '\u001b]'],
    ['C1 OSC', '\u009d'],
    ['ESC and spaces', '\u001b   '],
    ['line breaks', '\r\n'],
    ['one CSI of digits', '0'],
    ['zero-width', '\u200b'],
  ])('a megabyte of %s takes no longer than a moment', (_what, unit) => {
    const text = `\u001b[${unit.repeat(Math.ceil(1_000_000 / unit.length))}`;
    const began = performance.now();
    sanitizeLine(text);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('shorten', () => {
  test.each([
    ['shorter', 'abc', 5, 'abc'],
    ['just as long', 'abcde', 5, 'abcde'],
    ['longer', 'abcdef', 5, 'abcd…'],
    ['a pair of surrogates at the cut', 'abc🎉🎉', 5, 'abc…'],
  ])('%s', (_what, text, maximum, short) => {
    expect(shorten(text, maximum)).toBe(short);
  });

  test('never longer than allowed, never half a character', () => {
    void fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 2, max: 40 }),
        (text, most) => {
          const short = shorten(text, most);
          expect(short.length).toBeLessThanOrEqual(most);
          expect(short).not.toMatch(/\p{Cs}/u);
        },
      ),
    );
  });
});

describe('escapes in JSON', () => {
  test('escapeNonAscii', () => {
    expect(escapeNonAscii('"ü🎉\u007f"')).toBe('"\\u00fc\\ud83c\\udf89\\u007f"');
  });

  test('escapeUnsafe keeps letters and escapes what acts', () => {
    expect(escapeUnsafe('"ü示🎉\u009b\u202e\u{e0041}"\n')).toBe(
      '"ü示🎉\\u009b\\u202e\\udb40\\udc41"\n',
    );
  });
});
