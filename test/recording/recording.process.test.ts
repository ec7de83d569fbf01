import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { builtTool } from '../support/tool.ts';

const folder = import.meta.dirname;
const picture = await readFile(path.join(folder, 'oxhost.svg'), 'utf8');

test("README's picture is small, keeps its columns, and can stand still", async () => {
  expect(Buffer.byteLength(picture)).toBeLessThan(100_000);
  const texts = picture.match(/<text [^>]*>[^<]*/g) ?? [];
  expect(texts.length).toBeGreaterThan(50);
  for (const text of texts) {
    expect(text).toContain('textLength="');
    expect(text.replace(/^[^>]*>/, '')).not.toContain(' ');
  }
  expect(picture).toContain('@media(prefers-reduced-motion:reduce)');
  const readme = await readFile(path.join(folder, '../../README.md'), 'utf8');
  expect(readme).toContain('](test/recording/oxhost.svg)');
});

test('a run of today ends with the same screen', { timeout: 180_000 }, async () => {
  const args = [path.join(folder, 'record.js'), '--check'];
  const env = { OXHOST_RECORDED: builtTool() };
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, args, { env });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(Number.parseInt(stdout, 10)).toBeLessThan(100_000);
});
