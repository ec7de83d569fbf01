import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenTexts } from '../../src/import/seen.ts';

test('finds the same text, and else one that folds to the same', () => {
  const seen = new SeenTexts();
  expect(seen.add('client1', 'client1', 2)).toEqual({});
  expect(seen.add('Client1', 'client1', 3)).toEqual({ alike: 2 });
  expect(seen.add('client1', 'client1', 4)).toEqual({ same: 2 });
  expect(seen.add('Client1', 'client1', 5)).toEqual({ same: 3 });
  expect(seen.add('CLIENT1', 'client1', 6)).toEqual({ alike: 2 });
  expect(seen.find('client1')).toBe(2);
  expect(seen.find('client2')).toBeUndefined();
});

test('behaves as a map does, for any texts', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (texts) => {
      const seen = new SeenTexts();
      const lines = new Map<string, number>();
      texts.forEach((text, index) => {
        const line = index + 1;
        expect(seen.add(text, text, line).same).toBe(lines.get(text));
        if (!lines.has(text)) lines.set(text, line);
      });
      for (const [text, line] of lines) expect(seen.find(text)).toBe(line);
    }),
  );
});

test('keeps a hundred thousand apart', () => {
  const seen = new SeenTexts();
  for (let line = 1; line <= 100_000; line += 1) {
    expect(seen.add(`client${line}`, `client${line}`, line)).toEqual({});
  }
  for (let line = 1; line <= 100_000; line += 1) expect(seen.find(`client${line}`)).toBe(line);
});

test.each([
  ['as it is', (line: number) => line / 100_000],
  ['as less than it is, so that there is too much room', () => 0.001],
  ['as more than it is, so that there is too little', () => 1],
])('the same whether its progress is told %s', (_title, share) => {
  let line = 0;
  const seen = new SeenTexts(() => share(line));
  for (line = 1; line <= 100_000; line += 1) {
    expect(seen.add(`Client${line}`, `client${line}`, line)).toEqual({});
  }
  for (line = 1; line <= 100_000; line += 997) {
    expect(seen.add(`Client${line}`, `client${line}`, 1)).toEqual({ same: line });
    expect(seen.add(`CLIENT${line}`, `client${line}`, 1)).toEqual({ alike: line });
  }
});
