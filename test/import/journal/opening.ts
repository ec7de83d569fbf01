import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Journal,
  type JournalOptions,
  type NewRecord,
  openJournal,
} from '../../../src/import/journal/journal.ts';
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

type NewIntent = Extract<NewRecord, { kind: 'intent' }>;
type NewOutcome = Extract<NewRecord, { kind: 'outcome' }>;

export function intent(login: string, changes: Partial<NewIntent> = {}): NewIntent {
  return { kind: 'intent', row: 1, login, attempt: 1, input: 'hash', ...changes };
}

export function outcome(
  login: string,
  status: OutcomeStatus = 'created',
  changes: Partial<NewOutcome> = {},
): NewOutcome {
  return { kind: 'outcome', login, attempt: 1, status, ...changes };
}

/** The password that the tests generate for a login. */
export function passwordOf(login: string): string {
  return `Pass-${login}-word`;
}
