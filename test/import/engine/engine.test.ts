import { appendFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { toReport } from '../../../src/errors.ts';
import { createRedactor } from '../../../src/output/masking.ts';
import {
  answer,
  closedPort,
  createdClient,
  type Handler,
  redirect,
  resetAfterReading,
  sequence,
} from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { givenPassword, rowOf, rowsUpTo } from './driving.ts';
import { functionsOf, run, startScene, statuses } from './scene.ts';

const weak = answer(400, { success: false, message: 'Your password is not complex enough.' });
const refused = answer(422, { success: false, message: 'No such country.' });
const badKey = answer(401, { success: false, message: 'Invalid API key' });

function passwords(requests: readonly { json: unknown }[]): string[] {
  return requests.map(({ json }) => (json as { password: string }).password);
}

/** Answers a login in its own way, and all others as documented. */
function only(login: string, handler: Handler): Handler {
  return (request, response, index) =>
    (request.json as { login: string }).login === login
      ? handler(request, response, index)
      : createdClient(request, response, index);
}

describe('rows', () => {
  test('are sent once each with the documented fields, and reported when the journal has them', async () => {
    await using scene = await startScene(createdClient);
    const known: (string | undefined)[] = [];
    let journalOf: (login: string) => string | undefined = () => undefined;
    const { result, reports, states } = await scene.run({
      wrapJournal(journal) {
        journalOf = (login) => journal.states.get(login)?.status;
        return journal;
      },
      onRow: ({ login }) => void known.push(journalOf(login)),
    });
    expect(statuses(reports)).toEqual(['client1 created', 'client2 created', 'client3 created']);
    expect(known).toEqual(['created', 'created', 'created']);
    expect(result).toEqual({ unrecorded: [], attempts: 3, stop: null });
    expect(reports[0]).toEqual({
      row: expect.any(Number),
      login: expect.stringMatching(/^client\d$/),
      status: 'created',
      id: 'client123-4567-8901-2345-678901234567',
      plesk_client_id: '123',
      error: null,
    });
    const bodies = scene.server.requests.map(({ json }) => json as Record<string, string>);
    expect(Object.keys(bodies[0] ?? {})).toEqual(['name', 'login', 'email', 'password']);
    for (const { login = '', password } of bodies) {
      const given = rowOf(Number(login.slice('client'.length))).password;
      expect(password).toBe(given ?? states.get(login)?.generated_password);
    }
    expect(states.get('client2')?.generated_password).toBeUndefined();
  });

  test('that were refused are sent again when edited or asked for, else skipped', async () => {
    await using scene = await startScene(refused);
    const { reports } = await scene.run({ count: 2 });
    expect(reports[0]?.error).toEqual({
      code: 'rejected',
      message: 'the server refused it (status 422) and says "No such country"',
    });
    scene.answerWith(createdClient);
    const untouched = await scene.run({ count: 2 });
    expect(untouched.skipped).toEqual(['rejected', 'rejected']);
    expect(scene.server.requests).toHaveLength(2);
    const edited = [{ ...rowOf(1), company: 'Example Company' }, rowOf(2)];
    const second = await scene.run({ rows: edited });
    expect(statuses(second.reports)).toEqual(['client1 created']);
    const third = await scene.run({ count: 2, retryRejected: true });
    expect(statuses(third.reports)).toEqual(['client2 created']);
    expect(third.skipped).toEqual(['created']);
  });

  test('are not more at once, nor more a second, than allowed', async () => {
    let out = 0;
    let most = 0;
    await using scene = await startScene(async (...call) => {
      out += 1;
      most = Math.max(most, out);
      await sleep(5);
      out -= 1;
      return createdClient(...call);
    });
    await scene.run({ count: 30, concurrency: 12 });
    expect(most).toBeGreaterThan(6);
    expect(most).toBeLessThanOrEqual(12);
    const began = performance.now();
    // The engine's clock runs a hundred times as fast as this one.
    await scene.run({ rows: rowsUpTo(60).slice(30), concurrency: 12, rate: 1 });
    expect(performance.now() - began).toBeGreaterThan(29 * 10 - 1);
  });
});

describe('what is unknown', () => {
  test('stays so when its repeat is refused, and its password is never replaced', async () => {
    await using scene = await startScene(resetAfterReading);
    await scene.run({ count: 1 });
    scene.answerWith(weak);
    const { reports } = await scene.run({ count: 1, retryUnknown: true });
    expect(reports).toMatchObject([{ status: 'unknown', error: { code: 'outcome_unknown' } }]);
    expect(reports[0]?.error?.message).toContain('not complex enough');
    expect(scene.server.requests).toHaveLength(2);
  });

  test('keeps its generated password even when the row has one by now', async () => {
    await using scene = await startScene(resetAfterReading);
    await scene.run({ count: 1 });
    scene.answerWith(createdClient);
    const edited = [{ ...rowOf(1), password: givenPassword(1) }];
    await scene.run({ rows: edited, retryUnknown: true });
    const [first, second] = passwords(scene.server.requests);
    expect(second).toBe(first);
  });

  test('fifty times in a row ends the run', async () => {
    await using scene = await startScene(answer(500, { success: false }));
    const { result } = await scene.run({ count: 200 });
    expect(result.stop).toMatchObject({ code: 'outcome_unknown' });
    expect(scene.server.requests.length).toBeGreaterThanOrEqual(50);
    expect(scene.server.requests.length).toBeLessThanOrEqual(54);
  });
});

describe('passwords', () => {
  test('that were generated and are too weak are replaced once', async () => {
    await using scene = await startScene(sequence(weak, createdClient));
    const { reports, states } = await scene.run({ count: 1 });
    expect(statuses(reports)).toEqual(['client1 created']);
    const [first, second, ...more] = passwords(scene.server.requests);
    expect(more).toEqual([]);
    expect(second).not.toBe(first);
    expect(states.get('client1')).toMatchObject({ attempt: 2, generated_password: second });
  });

  test('that are too weak a second time, or were given, are refused', async () => {
    await using scene = await startScene(weak);
    const { reports } = await scene.run({ count: 2 });
    expect(statuses(reports)).toEqual(['client1 rejected', 'client2 rejected']);
    expect(scene.requested().sort()).toEqual(['client1', 'client1', 'client2']);
  });

  test('and secrets of the run are masked in what the server says', async () => {
    await using scene = await startScene((request, response, index) => {
      const { password } = request.json as { password: string };
      const message = `${password} and the-key are no good`;
      return answer(422, { success: false, message })(request, response, index);
    });
    const redactor = createRedactor();
    redactor.add('the-key');
    const { reports, states } = await scene.run({ count: 1, redactor });
    const [password = ''] = passwords(scene.server.requests);
    expect(redactor.apply(password)).toBe(password);
    const message =
      'the server refused it (status 422) and says "******** and ******** are no good"';
    expect(reports[0]?.error?.message).toBe(message);
    expect(states.get('client1')?.error?.message).toBe(message);
  });
});

describe('waits', () => {
  const slowDown = (seconds: string) => answer(429, '', { 'retry-after': seconds });

  test('that the server asks for hold all workers, and no further row is taken meanwhile', async () => {
    const times: number[] = [];
    await using scene = await startScene(async (request, response, index) => {
      times.push(performance.now());
      while (times.length < 16) await sleep(1);
      return (index < 16 ? slowDown('600') : createdClient)(request, response, index);
    });
    const { result, reports, pauses, states } = await scene.run({
      count: 60,
      concurrency: 16,
      maxWaitSeconds: 1_000,
    });
    expect(result.stop).toBeNull();
    expect(reports).toHaveLength(60);
    expect(pauses[0]).toEqual([expect.closeTo(600, 6), 'the server asks for a pause']);
    // Ten minutes of the engine's clock: all sixteen answers come before their end on a slow machine, too.
    expect((times[16] ?? 0) - (times[15] ?? 0)).toBeGreaterThan(5_000);
    const logins = scene.requested();
    // Two more were taken by then, whose intents waited for room; no row behind them was.
    const taken = [...new Set([...logins.slice(0, 16), 'client17', 'client18'])];
    expect(taken).toHaveLength(18);
    expect(taken).toContain(logins[16]);
    expect(logins.slice(0, 16).filter((login) => logins.lastIndexOf(login) < 16)).toEqual([]);
    expect(states.get('client1')?.attempt).toBe(2);
    expect(passwords(scene.server.requests)).toContain(states.get('client1')?.generated_password);
  });

  test('longer than allowed, all together, end the run; the rows are sent by the next', async () => {
    await using scene = await startScene(slowDown('30'));
    const { result, reports, states } = await scene.run({ count: 9, concurrency: 1 });
    expect(result.stop).toMatchObject({ code: 'rate_limited' });
    // Two pauses of 30 seconds are the 60 that are allowed.
    expect(scene.requested()).toEqual(['client1', 'client1', 'client1']);
    expect(statuses(reports)).toEqual(['client1 not_sent']);
    expect(reports[0]?.error?.code).toBe('rate_limited');
    expect(states.get('client1')?.status).toBe('not_sent');
    const [before] = passwords(scene.server.requests);
    scene.answerWith(createdClient);
    const next = await scene.run({ count: 9 });
    expect(next.reports).toHaveLength(9);
    expect(next.states.get('client1')?.generated_password).toBe(before);
  });

  test.each([408, 421, 425])('status %i is waited for in the same way', async (status) => {
    await using scene = await startScene(sequence(answer(status), createdClient));
    const { result, reports } = await scene.run({ count: 3 });
    expect(result.stop).toBeNull();
    expect(statuses(reports)).toEqual(['client1 created', 'client2 created', 'client3 created']);
    expect(scene.server.requests).toHaveLength(4);
  });

  test('for a server that cannot be reached end after the repeats; nothing is unknown', async () => {
    await using folder = await temporaryFolder();
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { result, reports, pauses, states } = await run(folder.path, url, { count: 20 });
    expect(result.stop).toMatchObject({ code: 'unreachable' });
    expect(pauses.map(([, reason]) => reason)).toEqual(Array(2).fill('nothing could be sent'));
    expect(reports.length).toBeGreaterThanOrEqual(1);
    expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(['not_sent']));
    expect([...states.values()].filter(({ status }) => status !== 'not_sent')).toEqual([]);
  });
});

describe('what concerns all rows ends the run, and leaves the row to the next', () => {
  test.each([
    ['a bad key', badKey, 'auth_failed', 'not_sent'],
    ['403', answer(403, {}), 'auth_failed', 'not_sent'],
    ['no balance', answer(402), 'rejected', 'not_sent'],
    ['307', redirect(307, 'http://127.0.0.1:1/'), 'redirect_refused', 'not_sent'],
    ['302', redirect(302, 'http://127.0.0.1:1/'), 'redirect_refused', 'unknown'],
    ['404 at once', answer(404), 'rejected', 'not_sent'],
  ])('%s', async (_name, handler, code, status) => {
    await using scene = await startScene(handler);
    const { result, reports, states } = await scene.run({ count: 9, concurrency: 1 });
    expect(result.stop).toMatchObject({
      code,
      details: { hint: expect.stringContaining('run the same command again') },
    });
    expect(statuses(reports)).toEqual([`client1 ${status}`]);
    expect(scene.server.requests).toHaveLength(1);
    expect(states.size).toBe(1);
    scene.answerWith(createdClient);
    const next = await scene.run({ count: 9 });
    expect(next.reports).toHaveLength(status === 'unknown' ? 8 : 9);
  });

  const page = answer(403, '<html><title>Access denied</title></html>');

  test("a firewall's page is about its row; five in a row are not, and all five are sent again", async () => {
    await using scene = await startScene(only('client2', page));
    const { result, reports } = await scene.run({ concurrency: 1 });
    expect(result.stop).toBeNull();
    expect(statuses(reports)).toEqual(['client1 created', 'client2 rejected', 'client3 created']);
    expect(reports[1]?.error?.message).toContain('Access denied');
    scene.answerWith(page);
    const later = await scene.run({ count: 40, concurrency: 2 });
    expect(later.result.stop).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('firewall'),
    });
    expect(new Set(later.reports.map(({ status }) => status))).toEqual(new Set(['not_sent']));
    const refused = later.reports.map(({ login }) => login);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(new Set(refused).size).toBe(refused.length);
    scene.answerWith(createdClient);
    const last = await scene.run({ count: 40 });
    expect(last.skipped.filter((reason) => reason !== 'created')).toEqual(['rejected']);
    expect(last.reports.map(({ login }) => login)).toEqual(expect.arrayContaining(refused));
  });

  test('a page after an unknown attempt leaves the row unknown, also as the fifth', async () => {
    await using scene = await startScene(resetAfterReading);
    await scene.run({ count: 5 });
    scene.answerWith(page);
    const { result, states } = await scene.run({ count: 5, concurrency: 1, retryUnknown: true });
    expect(result).toMatchObject({ stop: { code: 'rejected' }, unrecorded: [] });
    expect([...states.values()].map(({ status }) => status)).toEqual(Array(5).fill('unknown'));
  });

  test('a request id that is shown afterwards does not have the password', async () => {
    await using scene = await startScene((request, response, index) => {
      const { password } = request.json as { password: string };
      const headers = { 'x-request-id': `r-${password}` };
      return answer(401, { message: `not ${password}` }, headers)(request, response, index);
    });
    const { result } = await scene.run({ count: 1 });
    const { http } = toReport(result.stop);
    expect(http).toMatchObject({ request_id: 'r-********', body: '{"message":"not ********"}' });
  });

  test('as many failures as allowed', async () => {
    await using scene = await startScene(refused);
    const { result, reports } = await scene.run({ count: 9, concurrency: 1, maxErrors: 2 });
    expect(result.stop).toMatchObject({ code: 'rejected', details: { exitCode: 3 } });
    expect(reports).toHaveLength(2);
  });

  test('with others in flight: they are waited for and recorded', async () => {
    await using scene = await startScene(async (request, response, index) => {
      if ((request.json as { login: string }).login === 'client1') {
        return badKey(request, response, index);
      }
      await sleep(60);
      return createdClient(request, response, index);
    });
    const { result, reports } = await scene.run({ count: 9 });
    expect(result.stop).toMatchObject({ code: 'auth_failed' });
    const sent = scene.requested().sort();
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(statuses(reports).filter((line) => line.endsWith(' created'))).toEqual(
      sent.slice(1).map((login) => `${login} created`),
    );
  });
});

test('a login that the server changed is created, kept and warned of', async () => {
  await using scene = await startScene(
    answer(201, { success: true, data: { id: 7, plesk_client_id: 8, login: 'acme_client1' } }),
  );
  const { reports, states, warnings } = await scene.run({ count: 1 });
  expect(reports).toMatchObject([
    {
      status: 'created',
      id: '7',
      plesk_client_id: '8',
      login: 'acme_client1',
      sent_login: 'client1',
    },
  ]);
  expect(warnings).toEqual(['login_changed']);
  expect(states.get('client1')?.echoed_login).toBe('acme_client1');
});

test('a drain sends nothing more, waits for answers and records them', async () => {
  const drain = new AbortController();
  await using scene = await startScene(async (request, response, index) => {
    if (index === 2) drain.abort('SIGINT');
    await sleep(50);
    return createdClient(request, response, index);
  });
  const { result, reports, states } = await scene.run({ count: 50, drain: drain.signal });
  expect(result.stop).toBeNull();
  expect(scene.server.requests.length).toBeLessThanOrEqual(4);
  const created = reports.filter(({ status }) => status === 'created').map(({ login }) => login);
  expect(created.sort()).toEqual(scene.requested().sort());
  expect([...states.values()].filter(({ status }) => status === 'unknown')).toEqual([]);
});

test('a drain ends a pause at once', async () => {
  const drain = new AbortController();
  await using scene = await startScene(answer(429, '', { 'retry-after': '3000' }));
  const began = performance.now();
  const { result, reports } = await scene.run({
    drain: drain.signal,
    maxWaitSeconds: 10_000,
    onPause: () => void setTimeout(() => drain.abort('SIGTERM'), 20),
  });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(result.stop).toBeNull();
  expect(statuses(reports)).toEqual(['client1 not_sent', 'client2 not_sent', 'client3 not_sent']);
});

test('a journal that somebody else writes to ends the run; what was in flight is reported', async () => {
  await using scene = await startScene(async (request, response, index) => {
    if (index === 0) await appendFile(join(scene.folder, 'journal.ndjson'), 'x');
    await sleep(30);
    return createdClient(request, response, index);
  });
  const reports: string[] = [];
  let result: unknown;
  await run(scene.folder, scene.server.url, {
    count: 30,
    onRow: ({ login }) => void reports.push(login),
    wrapJournal: (journal) => journal,
  }).then((outcome) => {
    result = outcome.result;
  });
  expect(result).toMatchObject({
    stop: { code: 'config_error', message: expect.stringContaining('changed by another program') },
  });
  const { unrecorded } = result as { unrecorded: readonly string[] };
  expect(unrecorded.length).toBeGreaterThan(0);
  expect(reports).toEqual(expect.arrayContaining([...unrecorded]));
  expect(reports).toEqual(expect.arrayContaining(scene.requested()));
  expect(scene.server.requests.length).toBeLessThanOrEqual(4);
});

describe('trouble elsewhere', () => {
  test('another error is returned when all that was in flight is recorded', async () => {
    await using scene = await startScene(async (...call) => {
      await sleep(20);
      return createdClient(...call);
    });
    const error = new TypeError('no such thing');
    const first = await scene.run({
      rows: rowsUpTo(30),
      onRow: () => {
        throw error;
      },
    });
    expect(first.result.stop).toBe(error);
    const sent = scene.server.requests.length;
    expect(first.result.attempts).toBe(sent);
    expect(sent).toBeLessThan(10);
    const { skipped } = await scene.run({ count: 30 });
    expect(skipped).toEqual(Array(sent).fill('created'));
  });

  test('an outcome that the journal does not take ends the run; what is known stays known', async () => {
    await using scene = await startScene(createdClient);
    await scene.run({ count: 1 });
    const error = new RangeError('the record is too long for the journal');
    const { result, reports } = await scene.run({
      count: 30,
      wrapJournal: (journal) => ({
        ...functionsOf(journal),
        async settle(outcome) {
          if (outcome.login === 'client2') throw error;
          await journal.settle(outcome);
        },
      }),
    });
    const sent = scene.server.requests.length - 1;
    expect(sent).toBeLessThan(29);
    expect(result).toMatchObject({ stop: error, attempts: sent, unrecorded: ['client2'] });
    const created = reports.filter(({ status }) => status === 'created');
    expect(created).toHaveLength(sent - 1);
  });

  test('a run that wakes up to find its journal moved away sends nothing more', async () => {
    await using scene = await startScene(createdClient);
    const { result, reports } = await scene.run({
      count: 5,
      concurrency: 1,
      wrapJournal: (journal) => ({
        ...functionsOf(journal),
        async intend(intent) {
          await journal.intend(intent);
          // As if it had been stopped here, between the intent and the request.
          if (intent.login === 'client3') await rename(journal.path, `${journal.path}-moved`);
        },
      }),
    });
    expect(scene.requested()).toEqual(['client1', 'client2']);
    expect(statuses(reports)).toEqual(['client1 created', 'client2 created', 'client3 not_sent']);
    expect(result.stop).toMatchObject({ message: expect.stringContaining('was moved') });
    expect(result.unrecorded).toEqual(['client3']);
  });
});
