import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { builtTool } from '../support/tool.ts';
import { importKilling, type Judgement } from './killing.ts';

const launcher = builtTool();

const ROWS = 200;
const anySeed = () => Math.floor(Math.random() * 2 ** 32);

function failuresOf({ states, ...failures }: Judgement): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(failures).filter(([, logins]) => logins.length > 0));
}

test('the built tool, killed again and again while the list is edited: no client twice, no row forgotten, no password lost', async () => {
  const seed = anySeed();
  console.info(`seed ${seed}`);
  const plan = { launcher, seed, rows: ROWS, kills: 12, retryKills: 4 };
  const report = await importKilling(plan);
  const { kills, plain, retried, otherPasswords, requestsOfLastRun } = report;
  const told = `seed ${seed}: ${JSON.stringify(report)}`;
  expect(kills, told).toBeGreaterThanOrEqual(10);
  expect(failuresOf(plain), told).toEqual({});
  expect(plain.states['created'], told).toBeGreaterThan(0.3 * ROWS);
  expect(plain.states['unknown'], told).toBeGreaterThan(0);
  expect(plain.states['not_sent'], told).toBeUndefined();
  expect(failuresOf(retried), told).toEqual({});
  expect(otherPasswords, told).toEqual([]);
  expect(requestsOfLastRun, told).toBe(0);
});

test('the same with the journal deleted after a kill shows duplicates, so that the test above means something', async () => {
  const seed = anySeed();
  const spoil = (journal: string) => rm(journal, { recursive: true, force: true });
  const plan = { launcher, seed, rows: 80, kills: 2, retryKills: 0, spoil };
  const { plain } = await importKilling(plan);
  expect(plain.duplicates, `seed ${seed}`).not.toEqual([]);
});
