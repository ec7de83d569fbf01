import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { importKilling, type Judgement } from './killing.ts';

const ROWS = 200;
const anySeed = () => Math.floor(Math.random() * 2 ** 32);

const failuresOf = ({ states: _, ...failures }: Judgement) =>
  Object.entries(failures).filter(([, logins]) => logins.length > 0);

test('the built tool, killed again and again while the list is edited: no client twice, no row forgotten, no password lost', async () => {
  const seed = anySeed();
  const report = await importKilling({ seed, rows: ROWS, kills: 12, retryKills: 4 });
  const { kills, plain, retried, otherPasswords, requestsOfLastRun } = report;
  const all = `seed ${seed}: ${JSON.stringify(report)}`;
  expect([failuresOf(plain), failuresOf(retried)], all).toEqual([[], []]);
  expect([otherPasswords, requestsOfLastRun], all).toEqual([[], 0]);
  expect(kills, all).toBeGreaterThanOrEqual(10);
  expect(plain.states['created'], all).toBeGreaterThan(0.3 * ROWS);
  expect(plain.states['unknown'], all).toBeGreaterThan(0);
  expect(plain.states['not_sent'], all).toBeUndefined();
});

test('the same with the journal deleted after a kill shows duplicates, so that the test above means something', async () => {
  const seed = anySeed();
  const spoil = (journal: string) => rm(journal, { recursive: true, force: true });
  const { plain } = await importKilling({ seed, rows: 80, kills: 2, retryKills: 0, spoil });
  expect(plain.duplicates, `seed ${seed}`).not.toEqual([]);
});
