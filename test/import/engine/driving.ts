import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, createApiClient } from '../../../src/api/client.ts';
import type { ClientRow } from '../../../src/import/check.ts';
import type { EngineOptions } from '../../../src/import/engine/attempt.ts';
import type { Journal, ReadJournal } from '../../../src/import/journal/journal.ts';
import { openJournal } from '../../../src/import/journal/open.ts';
import { type Plan, planRows } from '../../../src/import/plan.ts';
import { createRedactor } from '../../../src/output/masking.ts';

/** A system on which time passes `speed` times as fast, so that pauses take little of it. */
export function fastSystem(speed: number): EngineOptions['system'] {
  return {
    now: () => new Date(),
    monotonic: () => performance.now() * speed,
    sleep: (milliseconds, signal) =>
      sleep(milliseconds / speed, undefined, signal === undefined ? {} : { signal }),
    random: Math.random,
    randomInteger: (maximum) => randomInt(maximum),
  };
}

export function openEngineJournal(folder: string, origin: string): Promise<Journal> {
  return openJournal({
    folder,
    origin,
    toolVersion: '1.2.3',
    mapping: {},
    userId: process.geteuid?.() ?? null,
    randomBytes,
    lock: {
      platform: process.platform,
      pid: process.pid,
      doing: 'testing the engine',
      clock: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
      random: Math.random,
    },
  });
}

export function openClient(
  origin: string,
  { concurrency = 4, timeoutSeconds = 5 } = {},
): Promise<ApiClient> {
  return createApiClient({
    origin,
    key: 'key-of-the-tests',
    userAgent: 'oxhost-test',
    timeoutSeconds,
    limits: { retries: 0, maxWaitSeconds: 0 },
    concurrency,
    trace: null,
    clock: fastSystem(1),
  });
}

/** Every second row has a password of its own; the others get a generated one. */
export function rowOf(row: number): ClientRow {
  const login = loginOf(row);
  return {
    row,
    line: row + 1,
    name: 'Example Client',
    login,
    email: `${login}@example.com`,
    password: row % 2 === 0 ? givenPassword(row) : null,
  };
}

export function loginOf(row: number): string {
  return `client${row}`;
}

export function givenPassword(row: number): string {
  return `Given_${row}_kQ7!wz`;
}

export function rowsUpTo(count: number): ClientRow[] {
  return Array.from({ length: count }, (_, index) => rowOf(index + 1));
}

/** What a person asks for on top. */
export interface Wishes {
  readonly retryUnknown?: boolean;
  readonly retryRejected?: boolean;
  readonly answers?: ReadonlyMap<string, 'yes' | 'no'>;
}

export function planFor(
  rows: readonly ClientRow[],
  { states, hash }: Pick<ReadJournal, 'states' | 'hash'>,
  { retryUnknown = false, retryRejected = false, answers = new Map() }: Wishes = {},
): Plan {
  return planRows(rows, { states, hash, answers, retryUnknown, retryRejected });
}

/** What a run is given unless a test says otherwise. */
export const DEFAULTS = {
  concurrency: 4,
  rate: null,
  maxWaitSeconds: 60,
  retries: 2,
  maxErrors: null,
  passwordLength: 20,
  onRow: () => {},
  onInFlight: () => {},
  onPause: () => {},
  redactor: createRedactor(),
} satisfies Partial<EngineOptions>;
