import { expect, test } from 'vitest';
import type { ImportRow } from '../../../src/import/contract.ts';
import { decide, inputHash, passwordHash } from '../../../src/import/engine/decision.ts';
import type { OutcomeStatus } from '../../../src/import/journal/record.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { openEngineJournal } from './driving.ts';

const row: ImportRow = {
  row: 1,
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: null,
};
const given = { ...row, password: 'Given_kQ7!wz' };

interface Case {
  /** Ends of the attempts before; null for one that was never answered. */
  readonly before: readonly (OutcomeStatus | null)[];
  readonly retry?: 'unknown' | 'rejected';
  /** As it was when it was sent, and as it is now. */
  readonly was?: ImportRow;
  readonly now?: ImportRow;
  /** Which password is sent, or why the row is skipped. */
  readonly does: 'new' | 'kept' | 'given' | 'other_password' | `skip ${string}`;
  readonly earlierUnknown?: true;
}

const cases: Case[] = [
  { before: [], does: 'new' },
  { before: [], now: given, does: 'given' },
  { before: ['created'], retry: 'unknown', does: 'skip created' },
  { before: ['created'], retry: 'rejected', does: 'skip created' },
  { before: ['already_exists'], does: 'skip already_exists' },
  { before: ['already_exists'], retry: 'unknown', does: 'skip already_exists' },
  { before: ['already_exists'], retry: 'rejected', does: 'new' },
  {
    before: ['already_exists'],
    now: { ...row, name: 'Another Name' },
    does: 'skip already_exists',
  },
  {
    before: ['unknown', 'already_exists'],
    now: { ...row, name: 'Another Name' },
    does: 'skip already_exists',
  },
  { before: ['unknown', 'already_exists'], retry: 'rejected', does: 'skip already_exists' },
  { before: ['rejected'], does: 'skip rejected' },
  { before: ['rejected'], retry: 'unknown', does: 'skip rejected' },
  { before: ['rejected'], retry: 'rejected', does: 'new' },
  { before: ['rejected'], now: { ...row, name: 'Another Name' }, does: 'new' },
  { before: ['rejected'], now: given, does: 'given' },
  { before: ['rejected'], now: { ...row, row: 9 }, does: 'skip rejected' },
  { before: ['not_sent'], does: 'kept' },
  { before: ['not_sent'], now: given, does: 'given' },
  { before: ['not_sent'], was: given, does: 'new' },
  { before: ['unknown'], does: 'skip unknown' },
  { before: [null], does: 'skip unknown' },
  { before: [null], retry: 'rejected', does: 'skip unknown' },
  { before: [null], now: { ...row, name: 'Another Name' }, does: 'skip unknown' },
  { before: [null], retry: 'unknown', does: 'kept', earlierUnknown: true },
  { before: ['unknown'], retry: 'unknown', does: 'kept', earlierUnknown: true },
  { before: ['unknown'], retry: 'unknown', now: given, does: 'kept', earlierUnknown: true },
  {
    before: ['unknown'],
    retry: 'unknown',
    was: given,
    now: given,
    does: 'given',
    earlierUnknown: true,
  },
  {
    before: ['unknown'],
    retry: 'unknown',
    was: given,
    now: { ...given, name: 'Another Name', company: 'Another Company' },
    does: 'given',
    earlierUnknown: true,
  },
  {
    before: ['unknown'],
    retry: 'unknown',
    was: given,
    now: { ...given, password: 'Other_kQ7!wz' },
    does: 'other_password',
  },
  { before: [null], retry: 'unknown', was: given, does: 'other_password' },
  { before: ['unknown', 'not_sent'], does: 'skip unknown' },
  { before: ['unknown', 'rejected'], retry: 'rejected', does: 'skip unknown' },
  { before: ['unknown', 'rejected'], retry: 'unknown', does: 'kept', earlierUnknown: true },
];

test.each(cases)('$before, retry $retry: $does', async (test) => {
  const { before, retry, was = row, now = row, does, earlierUnknown = false } = test;
  await using folder = await temporaryFolder();
  const journal = await openEngineJournal(folder.path, 'https://api.example.com');
  for (const [index, status] of before.entries()) {
    const attempt = index + 1;
    await journal.append({
      kind: 'intent',
      row: 1,
      login: 'client1',
      attempt,
      input: inputHash(was, journal),
      ...(was.password === null
        ? { generated_password: 'kept' }
        : { given_password: passwordHash(was.password, journal) }),
    });
    if (status === null) break;
    await journal.append({ kind: 'outcome', login: 'client1', attempt, status });
  }
  const decision = await decide(now, journal, {
    retryUnknown: retry === 'unknown',
    retryRejected: retry === 'rejected',
  });
  await journal.close();
  if (does === 'other_password') {
    expect(decision).toEqual({ kind: does });
  } else if (does.startsWith('skip ')) {
    expect(decision).toEqual({ kind: 'skip', because: does.slice('skip '.length) });
  } else {
    expect(decision).toEqual({
      kind: 'send',
      attempts: before.length,
      earlierUnknown,
      password: { new: null, kept: 'kept', given: given.password }[does as string],
      generated: does !== 'given',
    });
  }
});
