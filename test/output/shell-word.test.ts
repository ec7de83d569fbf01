import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fileWord, shellWord } from '../../src/output/text.ts';

test.each([
  ['/home/user/.config/oxhost', '/home/user/.config/oxhost'],
  ['with space', "'with space'"],
  ["it's", "'it'\\''s'"],
  ['$(id) `id` "x" \\ * ~ ! #', null],
  ['', "''"],
  ['line\nbreak', null],
])('%j', (word, written) => {
  if (written !== null) expect(shellWord(word)).toBe(written);
  const echoed = execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
  expect(echoed).toBe(word);
});

test.each([
  ['clients.csv', 'clients.csv'],
  ['-dash.csv', './-dash.csv'],
  ['- my.csv', "'./- my.csv'"],
])('the file %j is no option', (path, written) => {
  expect(fileWord(path)).toBe(written);
});

test.each([
  ['C:\\Users\\me\\clients.csv', 'C:\\Users\\me\\clients.csv'],
  ['my clients.csv', '"my clients.csv"'],
  ["it's", `"it's"`],
  ['a,b', '"a,b"'],
  ['100% $x', "'100% $x'"],
  [`"it's"`, `'"it''s"'`],
  ['', "''"],
])('Windows: %j', (word, written) => {
  expect(shellWord(word, 'win32')).toBe(written);
});
