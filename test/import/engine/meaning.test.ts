import { describe, expect, test } from 'vitest';
import type { Settled } from '../../../src/api/client.ts';
import type { Failure } from '../../../src/api/connection.ts';
import { createClient } from '../../../src/api/operations/clients.ts';
import { classify } from '../../../src/api/outcome.ts';
import { interpret, type SentRow, Stops } from '../../../src/import/engine/meaning.ts';
import { createRedactor } from '../../../src/output/masking.ts';
import { created, createdWith, reply, sent } from '../../api/replies.ts';

const PASSWORD = 'not-a-real-secret';
const redactor = createRedactor();
redactor.add(PASSWORD);

const row: SentRow = {
  row: 7,
  login: 'client1',
  mayReplacePassword: true,
  earlierUnknown: false,
  origin: 'https://api.example.com',
  mask: (text) => redactor.apply(text),
};

function settle(attempt: ReturnType<typeof reply> | Failure): Settled {
  const outcome = classify(attempt, createClient, sent);
  return { outcome, attempts: 1, retryAfterSeconds: null };
}

/** @param hasWorked whether another row was created before. */
function meaningOf(
  attempt: ReturnType<typeof reply> | Failure,
  { hasWorked = true, ...more }: Partial<SentRow> & { hasWorked?: boolean } = {},
) {
  const stops = new Stops(null);
  if (hasWorked) {
    const before = settle(reply(201, created));
    stops.see(before, interpret(before, row, false), row);
  }
  const settled = settle(attempt);
  const sentRow = { ...row, ...more };
  const meaning = interpret(settled, sentRow, stops.hasWorked);
  return { ...meaning, stop: stops.see(settled, meaning, sentRow) };
}

function failure(sent: boolean, reason: Failure['reason']): Failure {
  return { kind: 'failure', sent, reason, code: null, message: 'it failed' };
}

const says = (message: string, more = {}) => ({ success: false, message, ...more });

describe('what an answer means', () => {
  test.each([
    ['success', reply(201, created), 'created', 'end', undefined],
    ['a refusal', reply(422, says('No')), 'rejected', 'end', undefined],
    ['a refusal with 200', reply(200, says('No')), 'rejected', 'end', undefined],
    ['a duplicate', reply(409), 'already_exists', 'end', undefined],
    [
      'a duplicate by text',
      reply(400, says('already in use', { code: 1019 })),
      'already_exists',
      'end',
      undefined,
    ],
    ['429', reply(429), 'not_sent', 'after_pause', undefined],
    ['503', reply(503), 'unknown', 'end', undefined],
    [
      'a success without an id',
      reply(200, { success: true, data: {} }),
      'unknown',
      'end',
      undefined,
    ],
    ['a reset after sending', failure(true, 'network'), 'unknown', 'end', undefined],
    ['no answer in time', failure(true, 'timeout'), 'unknown', 'end', undefined],
    ['no connection', failure(false, 'network'), 'not_sent', 'after_failure', undefined],
    ['no connection in time', failure(false, 'timeout'), 'not_sent', 'after_failure', undefined],
    ['a bad certificate', failure(false, 'certificate'), 'not_sent', 'end', 'tls_failed'],
    ['a refused tunnel', failure(false, 'proxy'), 'not_sent', 'end', 'unreachable'],
    ['401', reply(401), 'not_sent', 'end', 'auth_failed'],
    ['a bad key with 400', reply(400, says('Invalid API key')), 'not_sent', 'end', 'auth_failed'],
    ['402', reply(402), 'not_sent', 'end', 'rejected'],
    ['no credit', reply(400, says('Insufficient credit')), 'not_sent', 'end', 'rejected'],
    ['a licence limit', reply(400, says('No', { code: 1030 })), 'not_sent', 'end', 'rejected'],
    ['308', reply(308), 'not_sent', 'end', 'redirect_refused'],
    ['301', reply(301), 'unknown', 'end', 'redirect_refused'],
    ['another login', reply(201, createdWith({ login: 'someone' })), 'unknown', 'end', undefined],
    ['a changed login', reply(201, createdWith({ login: 'Client1' })), 'created', 'end', undefined],
    [
      'a weak password',
      reply(400, says('Your password is not complex enough')),
      'not_sent',
      'with_new_password',
      undefined,
    ],
  ] as const)('%s', (_name, attempt, status, next, stop) => {
    const meaning = meaningOf(attempt);
    expect([meaning.outcome.status, meaning.next, meaning.stop?.code]).toEqual([
      status,
      next,
      stop,
    ]);
    expect(meaning.outcome.error === undefined).toBe(status === 'created');
    if (stop !== undefined) expect(meaning.stop?.message).toMatch(/row 7 \(client1\)/i);
  });

  test('404 is about the row only where the address has proven right', () => {
    expect(meaningOf(reply(404)).outcome.status).toBe('rejected');
    const { outcome, stop } = meaningOf(reply(404), { hasWorked: false });
    expect(outcome.status).toBe('not_sent');
    expect(stop?.code).toBe('rejected');
  });

  test('a weak password that must not be replaced is a refusal', () => {
    const weak = reply(400, says('Your password is not complex enough'));
    const { outcome, next } = meaningOf(weak, { mayReplacePassword: false });
    expect([outcome.status, next]).toEqual(['rejected', 'end']);
  });
});

describe('texts that would not fit into a line of the journal', () => {
  const long = (length: number) => 'x'.repeat(length);

  test('what just fits stays whole', () => {
    const { outcome, warnings } = meaningOf(reply(201, createdWith({ id: long(1_000) })));
    expect(outcome.id).toBe(long(1_000));
    expect(warnings).toEqual([]);
  });

  test('an error is cut after 2,000 characters in all, its password masked before', () => {
    const errors = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`field${index}`, long(2_000)]),
    );
    const { outcome } = meaningOf(reply(422, says('No', { errors })));
    expect(outcome.error?.message).toMatch(
      /^the server refused it \(status 422\) and says "No"; field0: x+…/,
    );
    expect(outcome.error?.message.length).toBeLessThanOrEqual(2_000);
    for (let before = 930; before < 1_010; before += 1) {
      const cut = meaningOf(reply(422, says(`${long(before)}${PASSWORD}${long(99)}`)));
      expect(cut.outcome.error?.message).not.toMatch(/xnot-a/);
    }
  });
});

test('words of the server keep neither the password nor their length', () => {
  const { outcome, stop } = meaningOf(reply(401, says(`no: not-a-real-secret ${'x'.repeat(1e5)}`)));
  const said = JSON.stringify([outcome, stop?.message, stop?.details]);
  expect(said).not.toContain('not-a-real-secret');
  expect(said.length).toBeLessThan(20_000);
});

describe('the reasons to stop that take more than one answer', () => {
  const REPLIES = {
    created: reply(201, created),
    refused: reply(422, says('No')),
    'not found': reply(404),
    page: reply(403, '<html><title>Blocked</title></html>'),
    wait: reply(429),
    'not sent': failure(false, 'network'),
    unknown: failure(true, 'network'),
  };
  type Answer = keyof typeof REPLIES;

  /** The code of the reason to stop after all these, or null; the runs before the last are to have none. */
  function reasonAfter(maxErrors: number | null, ...runs: [Answer, number][]) {
    const stops = new Stops(maxErrors);
    let said: string | null = null;
    for (const [name, times] of runs) {
      for (let time = 0; time < times; time += 1) {
        expect(said).toBeNull();
        const settled = settle(REPLIES[name]);
        said = stops.see(settled, interpret(settled, row, stops.hasWorked), row)?.code ?? null;
      }
    }
    return said;
  }

  test.each<[string | null, ...[Answer, number][]]>([
    [null, ['unknown', 49]],
    ['outcome_unknown', ['unknown', 50]],
    [null, ['unknown', 49], ['created', 1], ['unknown', 49]],
    [null, ['unknown', 49], ['refused', 1], ['unknown', 49]],
    ['outcome_unknown', ['unknown', 49], ['not sent', 3], ['wait', 3], ['unknown', 1]],
    ['rejected', ['not found', 1]],
    ['rejected', ['unknown', 1], ['not found', 1]],
    [null, ['created', 1], ['not found', 20]],
    [null, ['page', 4]],
    ['rejected', ['page', 5]],
    [null, ['page', 4], ['created', 1], ['page', 4]],
    ['rejected', ['page', 4], ['wait', 2], ['page', 1]],
    // A page says nothing of the address.
    ['rejected', ['page', 1], ['not found', 1]],
    [null, ['refused', 1], ['not found', 20]],
  ])('%s after %j %j %j %j', (code, ...runs) => {
    expect(reasonAfter(null, ...runs)).toBe(code);
  });

  test.each<[string | null, ...[Answer, number][]]>([
    [null, ['refused', 1], ['created', 9], ['unknown', 1]],
    ['rejected', ['refused', 2], ['unknown', 1]],
    ['rejected', ['unknown', 3]],
    [null, ['wait', 9], ['not sent', 9], ['refused', 2]],
  ])('with three failures allowed: %s after %j %j %j', (code, ...runs) => {
    expect(reasonAfter(3, ...runs)).toBe(code);
  });
});
