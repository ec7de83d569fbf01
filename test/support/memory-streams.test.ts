import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { InputStream, OutputStream } from '../../src/system.ts';
import { MemoryInput, MemoryOutput } from './memory-streams.ts';

test('output keeps all that is written, also a character cut in two', () => {
  const output = new MemoryOutput();
  output.write('one\nt');
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  output.write(first);
  output.write(second);
  output.write('\n');
  expect(output.text).toBe('one\nté\n');
  expect(output.lines).toEqual(['one', 'té']);
});

test('output is a terminal only when asked to be', () => {
  expect(new MemoryOutput().isTTY).toBe(false);
  const terminal = new MemoryOutput({ isTTY: true, columns: 40 });
  let resized = 0;
  terminal.on('resize', () => {
    resized += 1;
  });
  terminal.resize(60);
  expect([terminal.isTTY, terminal.columns, terminal.getWindowSize(), resized]).toEqual([
    true,
    60,
    [60, 24],
    1,
  ]);
  terminal.cursorTo(0);
  terminal.clearLine(0);
  expect(terminal.text).toBe('\x1b[1G\x1b[2K');
});

test('input with a text ends after it', async () => {
  expect(await text(new MemoryInput('é\n'))).toBe('é\n');
  expect(await text(new MemoryInput(''))).toBe('');
});

test('input without a text stays open until it is finished', async () => {
  const input = new MemoryInput(undefined, { isTTY: true });
  const lines: string[] = [];
  const reader = createInterface({ input, output: new MemoryOutput() });
  const closed = new Promise<string>((resolve) => reader.on('close', () => resolve('closed')));
  reader.on('line', (line) => lines.push(line));
  input.feed('one\ntw');
  const early = await Promise.race([closed, new Promise((r) => setTimeout(r, 30, 'open'))]);
  expect([early, lines]).toEqual(['open', ['one']]);
  input.feed('o\n');
  input.finish();
  expect([await closed, lines]).toEqual(['closed', ['one', 'two']]);
});

test('raw mode is remembered', () => {
  const input = new MemoryInput('', { isTTY: true });
  expect(input.isRaw).toBe(false);
  input.setRawMode(true);
  expect(input.isRaw).toBe(true);
});

test('both fit where the program takes its streams', () => {
  const input: InputStream = new MemoryInput('');
  const output: OutputStream = new MemoryOutput();
  expect([input.isTTY, output.columns]).toEqual([false, 80]);
});
