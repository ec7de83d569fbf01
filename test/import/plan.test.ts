import { describe, expect, test } from 'vitest';
import type { ClientRow } from '../../src/import/check.ts';
import {
  fingerprintOf,
  type KnownLogin,
  type PlanOptions,
  passwordFingerprintOf,
  planRows,
} from '../../src/import/plan.ts';

const hash = (fields: object) => JSON.stringify(Object.entries(fields).sort());
const own: ClientRow = {
  row: 1,
  line: 2,
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: 'Vt7!qLm2#x',
};
const none: ClientRow = { ...own, password: null };
const edited: ClientRow = { ...own, name: 'Other Client' };
const otherPassword: ClientRow = { ...own, password: 'Vt7!qLm2#y' };

/** The journal after the row was sent as it is. */
function known(row: ClientRow, status: KnownLogin['status'], earlierUnknown = false): KnownLogin {
  return {
    status,
    earlierUnknown,
    input: fingerprintOf(row, hash),
    ...(row.password === null
      ? { generated_password: 'Generated1!' }
      : { given_password: passwordFingerprintOf(row.password, hash) }),
  };
}

function plan(row: ClientRow, state: KnownLogin | undefined, wishes: Partial<PlanOptions> = {}) {
  const { send, skip } = planRows([row], {
    states: new Map(state === undefined ? [] : [['client1', state]]),
    hash,
    answers: new Map(),
    retryUnknown: false,
    retryRejected: false,
    ...wishes,
  });
  const [sent] = send;
  const [skipped] = skip;
  if (sent !== undefined) return `send ${sent.reason} ${sent.password}`;
  return `skip ${skipped?.reason}${skipped?.isEdited ? ' edited' : ''}`;
}

const retry = { retryRejected: true };
const again = { retryUnknown: true };
const yes = { answers: new Map([['client1', 'yes' as const]]) };
const no = { answers: new Map([['client1', 'no' as const]]) };

describe('the plan of a row', () => {
  test.each<[string, ClientRow, KnownLogin | undefined, Partial<PlanOptions>, string]>([
    ['is new', own, undefined, {}, 'send new own'],
    ['is new, without a password', none, undefined, {}, 'send new new'],
    ['is created', own, known(own, 'created'), { ...retry, ...again }, 'skip created'],
    ['is created and was edited', edited, known(own, 'created'), {}, 'skip created edited'],
    ['exists already', own, known(own, 'already_exists'), {}, 'skip already_exists'],
    ['exists already, edited', edited, known(own, 'already_exists'), {}, 'skip already_exists'],
    ['exists, to be retried', own, known(own, 'already_exists'), retry, 'send refused own'],
    ['may be ours', own, known(own, 'already_exists', true), retry, 'skip already_exists'],
    ['was refused', own, known(own, 'rejected'), again, 'skip rejected'],
    ['was refused and edited', edited, known(own, 'rejected'), {}, 'send edited own'],
    ['was refused, to be retried', own, known(own, 'rejected'), retry, 'send refused own'],
    [
      'was refused with a generated password',
      none,
      known(none, 'rejected'),
      retry,
      'send refused new',
    ],
    ['was not sent', own, known(own, 'not_sent'), {}, 'send not_sent own'],
    ['was not sent, edited', edited, known(own, 'not_sent'), {}, 'send not_sent own'],
    ['was not sent, password generated', none, known(none, 'not_sent'), {}, 'send not_sent kept'],
    ['was not sent, now with a password', own, known(none, 'not_sent'), {}, 'send not_sent own'],
    ['is unknown', own, known(own, 'unknown'), retry, 'skip unknown'],
    ['is unknown, to be retried', own, known(own, 'unknown'), again, 'send unknown own'],
    ['is unknown, answered no', edited, known(own, 'unknown'), no, 'send unknown own'],
    ['is unknown, answered yes', own, known(own, 'unknown'), { ...yes, ...again }, 'skip settled'],
    ['is unknown, password generated', none, known(none, 'unknown'), no, 'send unknown kept'],
    ['is unknown, then given a password', own, known(none, 'unknown'), no, 'send unknown kept'],
    [
      'is unknown, password changed',
      otherPassword,
      known(own, 'unknown'),
      no,
      'skip other_password',
    ],
    ['is unknown, password taken out', none, known(own, 'unknown'), again, 'skip other_password'],
  ])('that %s', (_title, row, state, wishes, expected) => {
    expect(plan(row, state, wishes)).toBe(expected);
  });
});

test('every row is in it once, in the order of the file', () => {
  const rows = ['a', 'b', 'c', 'd'].map((login, index) => ({ ...own, login, row: index + 1 }));
  const { send, skip } = planRows(rows, {
    states: new Map([['b', known(own, 'created')]]),
    hash,
    answers: new Map(),
    ...{ retryUnknown: false, retryRejected: false },
  });
  expect(send.map(({ row }) => row.login)).toEqual(['a', 'c', 'd']);
  expect(skip.map(({ row }) => row.login)).toEqual(['b']);
});
