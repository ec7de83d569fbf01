import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundledChild, bundleChild } from '../../bundle-child.ts';
import { crash } from './crash-harness.ts';

let child: BundledChild;

beforeAll(async () => {
  child = await bundleChild(new URL('./engine.child.ts', import.meta.url));
});
afterAll(() => child.remove());

const anySeed = () => Math.floor(Math.random() * 2 ** 32);

test('killed again and again against a server that does anything: no row twice, none forgotten, no password lost', async () => {
  const seed = anySeed();
  const report = await crash({ child: child.path, seed, rows: 300, kills: 12 });
  const said = `seed ${seed}: ${JSON.stringify(report)}`;
  expect(report.duplicates, said).toEqual([]);
  expect(report.forgotten, said).toEqual([]);
  expect(report.lostPasswords, said).toEqual([]);
  expect(report.calledCreated, said).toEqual([]);
  expect(report.calledNotCreated, said).toEqual([]);
  expect(report.kills, said).toBeGreaterThanOrEqual(10);
  const { created = 0, already_exists = 0 } = report.states;
  expect(created + already_exists, said).toBeGreaterThan(150);
  expect(report.edited, said).toBeGreaterThan(0);
});

test.each([
  { variant: 'no-intents', shows: 'duplicates' },
  { variant: 'naive-retries', shows: 'duplicates' },
  { variant: 'unknown-as-not-sent', shows: 'duplicates' },
  { variant: 'passwords-in-memory', shows: 'lostPasswords' },
] as const)(
  'the same with $variant shows $shows, so that the test above means something',
  async ({ variant, shows }) => {
    const seed = anySeed();
    const report = await crash({ child: child.path, seed, rows: 120, kills: 6, variant });
    expect(report[shows], `seed ${seed}: ${JSON.stringify(report)}`).not.toEqual([]);
  },
  60_000,
);
