import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/output/masking.ts';
import { Output } from '../../src/output/output.ts';
import { columnsOf, wrap } from '../../src/output/wrap.ts';
import { MemoryOutput } from '../support/memory-streams.ts';

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

describe('messages', () => {
  const TEXT = 'one two three four five';
  const report = {
    ...({ code: 'usage', exit_code: 2, outcome: null, retry: 'no', attempts: 0 } as const),
    ...{
      message: TEXT,
      hint: TEXT,
      fields: [{ name: 'name', message: TEXT }],
      http: null,
      answer: null,
    },
  };
  function written(isTTY: boolean, json = false): string {
    const [stdout, stderr] = [{ isTTY }, { isTTY }].map((look) =>
      Object.assign(new MemoryOutput(), { ...look, columns: 20 }),
    ) as [MemoryOutput, MemoryOutput];
    const settings = { json, fields: null, quiet: false, debug: false, color: 'never' } as const;
    const redactor = createRedactor();
    const output = new Output({ system: { stdout, stderr, env: {} }, settings, redactor });
    output.note('code', TEXT);
    output.warning('code', TEXT);
    output.error(report);
    return stderr.text;
  }

  test('but a command to be copied is not, and data has none', () => {
    const stderr = Object.assign(new MemoryOutput(), { isTTY: true, columns: 20 });
    const system = { stdout: new MemoryOutput(), stderr, env: {} };
    for (const json of [false, true]) {
      const settings = { json, fields: null, quiet: false, debug: false, color: 'never' } as const;
      new Output({ system, settings, redactor: createRedactor() }).command(`  ${TEXT}`);
    }
    expect(stderr.text).toBe(`  ${TEXT}\n`);
  });

  test('are wrapped on a terminal', () => {
    expect(written(true)).toBe(
      [
        'note: one two three\n  four five',
        'warning: one two\n  three four five',
        'error: one two three\n  four five',
        '  --name: one two\n    three four five',
        'hint: one two three\n  four five\n',
      ].join('\n'),
    );
  });

  test.each([
    ['in a pipe', false, false, 5],
    ['as JSON', true, true, 3],
  ])('are left as they are %s', (_where, isTTY, json, lines) => {
    expect(written(isTTY, json).trimEnd().split('\n')).toHaveLength(lines);
  });
});
