import { Terminal as Emulator } from '@xterm/headless';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ProgressBar, startProgressBar } from '../../src/output/progress.ts';
import { MemoryOutput } from '../support/memory-streams.ts';

let stream: MemoryOutput;
let time: number;
let text: string;
let bar: ProgressBar;

beforeEach(() => {
  stream = new MemoryOutput({ isTTY: true, columns: 20 });
  time = 0;
  text = 'first';
  bar = startProgressBar({ stream, monotonic: () => time, line: () => text });
});
afterEach(() => bar.stop());

/** What a terminal shows after all that was written. */
async function screen(columns = 20): Promise<string[]> {
  const emulator = new Emulator({ cols: columns, rows: 6, allowProposedApi: true });
  await new Promise<void>((resolve) => emulator.write(stream.text, resolve));
  const { active } = emulator.buffer;
  const lines = Array.from(
    { length: 6 },
    (_, index) => active.getLine(index)?.translateToString(true) ?? '',
  );
  emulator.dispose();
  return lines.join('\n').trimEnd().split('\n');
}

test('a frame replaces the one before, ten times a second at most', async () => {
  const frames = () => stream.text.split('\u001b[?25l').length - 1;
  expect(frames()).toBe(1);
  for (; time < 1000; time += 10) bar.refresh();
  expect(frames()).toBeLessThanOrEqual(11);
  text = 'a';
  time += 1000;
  bar.refresh();
  expect(await screen()).toEqual(['a']);
});

test('a line takes its place, and the next frame comes below', async () => {
  bar.clear();
  stream.write('x\r\n');
  bar.refresh();
  expect(await screen()).toEqual(['x', 'first']);
  bar.stop();
  expect(await screen()).toEqual(['x']);
});

test('nothing is drawn after the end, and the resize is not listened for', () => {
  bar.stop();
  const { length } = stream.text;
  time = 5000;
  bar.refresh();
  stream.resize(10);
  expect(stream.text).toHaveLength(length);
  expect(stream.listenerCount('resize')).toBe(0);
});

test('each frame leaves the cursor visible and the wrapping on', () => {
  for (const frame of stream.text.split('\u001b[?25l').slice(1)) {
    expect(frame).toMatch(/\u001b\[\?7h\u001b\[\?25h$/);
  }
});

test('a frame for more columns than there are is cut off, and clears whole', async () => {
  text = 'x'.repeat(50);
  stream.resize(60);
  expect(await screen(20)).toEqual(['x'.repeat(20)]);
  bar.stop();
  expect(await screen(20)).toEqual(['']);
});
