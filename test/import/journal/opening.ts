import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Journal, NewIntent, NewOutcome } from '../../../src/import/journal/journal.ts';
import { type JournalOptions, openJournal } from '../../../src/import/journal/open.ts';
import type { OutcomeStatus } from '../../../src/import/journal/record.ts';

export const ORIGIN = 'https://api.example.com';

export function open(folder: string, changes: Partial<JournalOptions> = {}): Promise<Journal> {
  return openJournal({
    folder,
    origin: ORIGIN,
    toolVersion: '1.2.3',
    mapping: { login: 'username', name: ['first', 'last'] },
    userId: process.geteuid?.() ?? null,
    randomBytes,
    lock: {
      platform: process.platform,
      pid: process.pid,
      doing: 'testing',
      clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
      random: Math.random,
    },
    ...changes,
  });
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'oxhost-journal-'));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

type Intent = NewIntent & { readonly kind: 'intent' };
type Outcome = NewOutcome & { readonly kind: 'outcome' };

export function intent(login: string, changes: Partial<NewIntent> = {}): Intent {
  return { kind: 'intent', row: 1, login, attempt: 1, input: 'hash', ...changes };
}

export function outcome(
  login: string,
  status: OutcomeStatus = 'created',
  changes: Partial<NewOutcome> = {},
): Outcome {
  return { kind: 'outcome', login, attempt: 1, status, ...changes };
}

export function append(journal: Pick<Journal, 'intend' | 'settle'>, record: Intent | Outcome) {
  if (record.kind === 'intent') {
    const { kind: _kind, ...intent } = record;
    return journal.intend(intent);
  }
  const { kind: _kind, ...outcome } = record;
  return journal.settle(outcome);
}

/** How many logins are in each state; none where it is left out. */
export function countsOf({ states }: Pick<Journal, 'states'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of states.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The password that the tests generate for a login. */
export function passwordOf(login: string): string {
  return `Pass-${login}-word`;
}
