import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/import/reader/input-error.ts';
import { conversionHint, firstInvalid, validUtf8 } from '../../../src/import/reader/utf8.ts';
import { bytesSource, failureOf, readAll } from './reading.ts';

async function decode(bytes: Uint8Array, cuts: readonly number[] = []): Promise<Buffer> {
  const source = bytesSource(bytes, cuts);
  if (typeof source === 'string') throw new Error('not a path');
  const parts: Buffer[] = [];
  for await (const chunk of validUtf8(source())) parts.push(chunk);
  return Buffer.concat(parts);
}

const filler = 'name,login\n'.repeat(100);
/** Cut behind 299 bytes, a CRLF is torn. */
const fillerWithReturns = 'name,login\r\n'.repeat(100);

describe('what is not UTF-8 is refused with its offset', () => {
  test.each([
    ['Latin-1', [0xfc, 0x6e], 'looks like Latin-1 (ISO 8859-1) or Windows-1252'],
    ['Windows-1252', [0x93, 0x61], 'looks like Windows-1252'],
    ['Latin-1 at the very end', [0xe9], 'looks like Latin-1'],
    ['an overlong slash', [0xc0, 0xaf], 'is not UTF-8'],
    ['a longer overlong', [0xe0, 0x80, 0xaf], 'is not UTF-8'],
    ['an encoded surrogate', [0xed, 0xa0, 0x80], 'is not UTF-8'],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80], 'is not UTF-8'],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80], 'is not UTF-8'],
    ['a lone continuation', [0x80, 0x80], 'is not UTF-8'],
    ['0xFF', [0xff, 0x80], 'is not UTF-8'],
    ['a cut character', [0xe2, 0x82], 'is not UTF-8'],
    ['a cut character, then ASCII', [0xe2, 0x82, 0x41], 'is not UTF-8'],
  ])('%s', async (_name, bad, message) => {
    for (const start of [
      '',
      'é€😀\r\n\r\n',
      filler,
      fillerWithReturns,
      `\uFEFF${filler}`,
      'x'.repeat(254),
    ]) {
      const before = Buffer.from(start);
      const bytes = Buffer.concat([before, Buffer.from(bad)]);
      const line = start.split(/\r\n|\n/).length;
      for (const cuts of [[], [1], [before.length], [before.length + 1], [3, 299, 300, 301, 302]]) {
        const error = await failureOf(decode(bytes, cuts));
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({
          offset: before.length,
          line,
          message: expect.stringContaining(message),
        });
        expect(error).toMatchObject({
          message: expect.stringContaining(`offset ${before.length} (line ${line})`),
        });
      }
    }
  });

  test.each([
    ['UTF-16 little endian', '\uFEFFname,login\nA,a\n', false, 'UTF-16 (little endian)'],
    ['UTF-16 big endian', '\uFEFFname,login\nA,a\n', true, 'UTF-16 (big endian)'],
    ['UTF-16LE without a mark', 'name,login\nA,a\n', false, 'UTF-16LE'],
    ['UTF-16BE without a mark', 'name,login\nA,a\n', true, 'UTF-16BE'],
    ['UTF-16LE, long', `\uFEFF${filler}`, false, 'UTF-16 (little endian)'],
  ])('%s', async (_name, text, isBig, message) => {
    const bytes = Buffer.from(text, 'utf16le');
    const error = await failureOf(decode(isBig ? bytes.swap16() : bytes, [1, 2, 3]));
    expect(error).toMatchObject({ offset: 0, message: expect.stringContaining(message) });
  });

  test('UTF-32', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]);
    expect(await failureOf(decode(bytes))).toMatchObject({
      message: expect.stringContaining('UTF-32'),
    });
  });

  test.each(['csv', 'tsv', 'ndjson', 'json'] as const)(
    'in %s, deep in the file',
    async (format) => {
      const start = Buffer.from(
        { csv: 'a,b\n1,', tsv: 'a\tb\n1\t', ndjson: '{"a":"', json: '[{"a":"' }[format],
      );
      const bytes = Buffer.concat([start, Buffer.alloc(200_000, 0x61), Buffer.from([0xe4, 0x0a])]);
      const work = readAll(bytesSource(bytes, [65_536, 131_072]), { format });
      const error = await failureOf(work);
      expect(error).toMatchObject({ offset: start.length + 200_000 });
    },
  );

  test('a NUL or two is no UTF-16', async () => {
    expect(await decode(Buffer.from('a,b\n\0,c\n'))).toHaveLength(8);
  });
});

describe('the way to UTF-8', () => {
  test.each([
    ['clients.csv', 'clients.csv > clients-utf8.csv'],
    ['-dash.csv', './-dash.csv > ./-dash-utf8.csv'],
    ["in/it's mine", "'in/it'\\''s mine' > 'in/it'\\''s mine-utf8'"],
  ])('names %s so that a shell takes it', (file, words) => {
    expect(conversionHint('UTF-16LE', file)).toBe(
      `Save the file as UTF-8: iconv -f UTF-16LE -t UTF-8 ${words}`,
    );
  });

  test.each([
    ['Latin-1', Buffer.from('a,b\nM\u00fcl,x', 'latin1'), 'WINDOWS-1252'],
    ['UTF-16', Buffer.from('\uFEFFname,login', 'utf16le'), 'UTF-16'],
    ['what nobody can tell', Buffer.from([0x80, 0x80, 0x61]), undefined],
  ])('%s', async (_name, bytes, encoding) => {
    const error = await failureOf(decode(bytes));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).encoding).toBe(encoding);
  });
});

describe('what is no list at all is said to be what it looks like', () => {
  test.each([
    ['xlsx', Buffer.from('PK\x03\x04\x14\0\x06\0'), 'an Excel workbook (.xlsx)'],
    ['xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'an old Excel workbook (.xls)'],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'a file packed by gzip'],
    ['HTML', Buffer.from('<!DOCTYPE html>\n<html>'), 'an HTML page'],
    ['HTML, oddly written', Buffer.from('\uFEFF\r\n <!doctype  HTML PUBLIC>'), 'an HTML page'],
    ['HTML without a type', Buffer.from('<HTML lang="en">'), 'an HTML page'],
  ])('%s', async (_name, start, kind) => {
    for (const length of [0, 1_000]) {
      const bytes = Buffer.concat([start, Buffer.alloc(length, 0xc3)]);
      expect(await failureOf(decode(bytes, [1, 5]))).toMatchObject({
        name: 'InputError',
        message: `the file looks like ${kind}${KINDS_ALIKE[kind] ?? ''}; export the list as CSV in UTF-8`,
      });
    }
  });

  test.each(['PK,login\n', '<htmlname>,b\n', 'a,<html>\n'])('%j is a header', async (text) => {
    expect(await decode(Buffer.from(text))).toHaveLength(text.length);
  });
});

const KINDS_ALIKE: Readonly<Record<string, string>> = {
  'an Excel workbook (.xlsx)': ' or another ZIP archive',
  'an old Excel workbook (.xls)': ' or another Office document',
};

describe('whatever the bytes and the cuts', () => {
  const cuts = fc.array(fc.nat(700), { maxLength: 20 });

  test('text comes through unchanged, less one byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        cuts,
        async (text, places) => {
          const bytes = Buffer.from(`é€${text}`);
          expect((await decode(bytes, places)).equals(bytes)).toBe(true);
          const marked = Buffer.concat([Buffer.from('\uFEFF'), bytes]);
          expect((await decode(marked, places)).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('only a mark at the very beginning is left out', async () => {
    const bytes = Buffer.from(`${'x'.repeat(300)}\uFEFFy`);
    expect((await decode(bytes, [300])).equals(bytes)).toBe(true);
  });

  test('no chunk ends between CR and LF', async () => {
    const source = bytesSource(fillerWithReturns, [299, 300, 311]);
    if (typeof source === 'string') throw new Error('not a path');
    for await (const chunk of validUtf8(source())) expect(chunk.at(-1)).not.toBe(0x0d);
  });

  test('the first bad byte is where the longest valid text ends', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 6 }))
        .map(([text, rest]) => Buffer.concat([Buffer.from(text), rest])),
    );
    fc.assert(
      fc.property(bytes, (content) => {
        const at = firstInvalid(content);
        expect(isUtf8(content.subarray(0, at))).toBe(true);
        if (at === content.length) return;
        for (let length = 1; length <= 4 && at + length <= content.length; length += 1) {
          expect(isUtf8(content.subarray(at, at + length))).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('random bytes are read or refused, never answered with U+FFFD or another error', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc
        .string({
          unit: fc.constantFrom(
            '"',
            ',',
            '\n',
            '\r',
            '{',
            '}',
            '[',
            ']',
            ':',
            '\\',
            'a',
            '\0',
            'é',
          ),
          maxLength: 300,
        })
        .map((text) => Uint8Array.from(Buffer.from(text))),
    );
    const format = fc.constantFrom(
      undefined,
      'csv' as const,
      'tsv' as const,
      'ndjson' as const,
      'json' as const,
    );
    await fc.assert(
      fc.asyncProperty(bytes, format, cuts, async (content, kind, places) => {
        const source = bytesSource(content, places);
        try {
          const { items } = await readAll(source, kind === undefined ? {} : { format: kind });
          if (Buffer.from(content).includes('\uFFFD')) return;
          const cells = items.flatMap((item) => item.cells ?? []);
          expect(cells.filter((cell) => cell.includes('\uFFFD'))).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
