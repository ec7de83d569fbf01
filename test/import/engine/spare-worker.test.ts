import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { NewOutcome } from '../../../src/import/journal/journal.ts';
import { answer, createdClient, type Handler } from '../../support/server.ts';
import { loginOf } from './driving.ts';
import { functionsOf, type RunChanges, type Scene, startScene } from './scene.ts';

/** With so many requests at once there is one worker more, whose intent waits for room. */
const CONCURRENCY = 8;

/**
 * Answers the first request by itself, as soon as nine intents are on the disk, so that the ninth
 * is the one for which this answer makes room; the others of the first eight come a little later.
 */
function scenario(first: Handler, later: Handler = createdClient) {
  let intents = 0;
  const written: NewOutcome[] = [];
  const handler: Handler = async (request, response, index) => {
    if (index >= CONCURRENCY) return later(request, response, index);
    while (intents <= CONCURRENCY) await sleep(1);
    await sleep(index === 0 ? 20 : 100);
    return (index === 0 ? first : createdClient)(request, response, index);
  };
  const wrapJournal: NonNullable<RunChanges['wrapJournal']> = (journal) => ({
    ...functionsOf(journal),
    async intend(intent) {
      await journal.intend(intent);
      intents += 1;
    },
    async settle(outcome) {
      await journal.settle(outcome);
      written.push(outcome);
    },
  });
  /** What came of the row that was ready to be sent when the answer came. */
  const outcomesOf = (login: string) => written.filter((outcome) => outcome.login === login);
  return { handler, wrapJournal, outcomesOf };
}

/** The one of the first nine rows whose intent found no room. */
function heldBack(scene: Scene): string {
  const sent = scene.requested().slice(0, CONCURRENCY);
  const nine = Array.from({ length: CONCURRENCY + 1 }, (_, index) => loginOf(index + 1));
  return nine.find((login) => !sent.includes(login)) ?? '';
}

test('an intent that waits for room is not sent when the answer that makes it ends the run', async () => {
  const badKey = answer(401, { success: false, message: 'Invalid API key' });
  const { handler, wrapJournal, outcomesOf } = scenario(badKey);
  await using scene = await startScene(handler);
  const { result, reports, states } = await scene.run({
    count: 30,
    concurrency: CONCURRENCY,
    wrapJournal,
  });
  expect(result.stop).toMatchObject({ code: 'auth_failed' });
  expect(scene.requested()).toHaveLength(CONCURRENCY);
  const held = heldBack(scene);
  expect(outcomesOf(held)).toMatchObject([{ status: 'not_sent', error: { code: 'auth_failed' } }]);
  expect(reports.find(({ login }) => login === held)).toMatchObject({ status: 'not_sent' });
  expect(states.get(held)).toMatchObject({ status: 'not_sent' });
});

test('nor when the run was asked to stop meanwhile', async () => {
  const drain = new AbortController();
  const { handler, wrapJournal, outcomesOf } = scenario(async (...call) => {
    drain.abort('SIGINT');
    await createdClient(...call);
  });
  await using scene = await startScene(handler);
  const { result } = await scene.run({
    count: 30,
    concurrency: CONCURRENCY,
    wrapJournal,
    drain: drain.signal,
  });
  expect(result.stop).toBeNull();
  expect(scene.requested()).toHaveLength(CONCURRENCY);
  const held = heldBack(scene);
  expect(outcomesOf(held)).toMatchObject([{ status: 'not_sent', error: { code: 'cancelled' } }]);
});

test('nor in the pause that this answer asks for; it is sent after it, with the same password', async () => {
  let inPause = 0;
  let isOver = false;
  const wait = answer(429, '', { 'retry-after': '60' });
  const { handler, wrapJournal, outcomesOf } = scenario(wait, (...call) => {
    if (!isOver) inPause += 1;
    return createdClient(...call);
  });
  await using scene = await startScene(handler);
  const { result, reports } = await scene.run({
    count: 30,
    concurrency: CONCURRENCY,
    wrapJournal,
    // Sixty seconds of the engine's clock are 600 ms of this one.
    onPause: () => void setTimeout(() => (isOver = true), 500),
  });
  expect(result.stop).toBeNull();
  expect(inPause).toBe(0);
  const held = heldBack(scene);
  expect(outcomesOf(held).map(({ status }) => status)).toEqual(['not_sent', 'created']);
  expect(outcomesOf(held)[0]).toMatchObject({ error: { code: 'rate_limited' } });
  expect(scene.requested().filter((login) => login === held)).toHaveLength(1);
  expect(reports).toHaveLength(30);
});
