import { expect, test } from 'vitest';
import { Waits } from '../../src/sandbox/waits.ts';

test.each([0, -5, Number.NaN])('%d milliseconds are over at once', async (milliseconds) => {
  expect(await new Waits().wait(milliseconds)).toBe(true);
});

test('a wait takes its time', async () => {
  const begin = performance.now();
  expect(await new Waits().wait(50)).toBe(true);
  expect(performance.now() - begin).toBeGreaterThan(45);
});

test('more than a timer can hold does not fire at once', async () => {
  const waits = new Waits();
  const long = waits.wait(Number.MAX_SAFE_INTEGER);
  expect(await Promise.race([long, new Waits().wait(30).then(() => 'still waiting')])).toBe(
    'still waiting',
  );
  waits.end();
  expect(await long).toBe(false);
});

test('the end cuts all waits short, and those that begin after it', async () => {
  const waits = new Waits();
  const both = [waits.wait(60_000), waits.wait(60_000)];
  waits.end();
  expect(await Promise.all([...both, waits.wait(60_000), waits.wait(0)])).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
