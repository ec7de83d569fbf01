import type { ClientRow } from '../../../src/import/check.ts';
import type {
  EngineJournal,
  EngineOptions,
  EngineResult,
} from '../../../src/import/engine/attempt.ts';
import { runEngine } from '../../../src/import/engine/engine.ts';
import type { Journal } from '../../../src/import/journal/journal.ts';
import type { States } from '../../../src/import/journal/record.ts';
import type { SkipReason } from '../../../src/import/plan.ts';
import { type RowReport, reportOf } from '../../../src/import/report/results.ts';
import { type Handler, startServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import {
  DEFAULTS,
  fastSystem,
  openClient,
  openEngineJournal,
  planFor,
  rowsUpTo,
  type Wishes,
} from './driving.ts';

export interface RunOutcome {
  readonly result: EngineResult;
  readonly reports: readonly RowReport[];
  /** Codes of what rows that were created are warned of. */
  readonly warnings: readonly string[];
  /** Why rows were not to be sent. */
  readonly skipped: readonly SkipReason[];
  /** Of the journal, by login, when the run was over. */
  readonly states: States;
  /** Seconds and reasons. */
  readonly pauses: readonly (readonly [number, string])[];
}

export interface RunChanges extends Partial<Omit<EngineOptions, 'rows' | 'onRow'>>, Wishes {
  /** Rows client1, client2, …, unless `rows` is given. */
  readonly count?: number;
  readonly rows?: readonly ClientRow[];
  readonly timeoutSeconds?: number;
  readonly wrapJournal?: (journal: Journal) => EngineJournal;
  readonly onRow?: (report: RowReport) => void | Promise<void>;
}

/** A server, a journal, and runs of the engine between the two. */
export interface Scene extends AsyncDisposable {
  readonly server: TestServer;
  readonly folder: string;
  /** How the server answers from now on. */
  answerWith(handler: Handler): void;
  /** Logins of all requests that came, in their order. */
  requested(): string[];
  run(changes?: RunChanges): Promise<RunOutcome>;
}

/** Pauses pass this many times as fast. */
const SPEED = 100;

export async function startScene(first: Handler): Promise<Scene> {
  let handler = first;
  const server = await startServer((...call) => handler(...call));
  const folder = await temporaryFolder();
  return {
    server,
    folder: folder.path,
    answerWith(next) {
      handler = next;
    },
    requested: () => server.requests.map(({ json }) => (json as { login: string }).login),
    run: (changes) => run(folder.path, server.url, changes),
    async [Symbol.asyncDispose]() {
      await server.close();
      await folder.close();
    },
  };
}

export async function run(
  folder: string,
  url: string,
  { count = 3, rows = rowsUpTo(count), timeoutSeconds = 5, ...more }: RunChanges = {},
): Promise<RunOutcome> {
  const { wrapJournal, onRow, retryUnknown, retryRejected, answers, ...changes } = more;
  const concurrency = changes.concurrency ?? DEFAULTS.concurrency;
  const journal = await openEngineJournal(folder, url);
  const client = await openClient(url, { concurrency, timeoutSeconds });
  const reports: RowReport[] = [];
  const warnings: string[] = [];
  const pauses: (readonly [number, string])[] = [];
  const wishes = {
    ...(retryUnknown !== undefined && { retryUnknown }),
    ...(retryRejected !== undefined && { retryRejected }),
    ...(answers !== undefined && { answers }),
  };
  try {
    const plan = planFor(rows, journal, wishes);
    const result = await runEngine({
      ...DEFAULTS,
      rows: plan.send,
      journal: wrapJournal?.(journal) ?? journal,
      client,
      drain: new AbortController().signal,
      system: fastSystem(SPEED),
      onPause: (seconds, reason) => pauses.push([seconds, reason]),
      ...changes,
      async onRow(state, all) {
        warnings.push(...all.map(({ code }) => code));
        const report = reportOf(state);
        reports.push(report);
        await onRow?.(report);
      },
    });
    const skipped = plan.skip.map(({ reason }) => reason);
    return { result, reports, warnings, skipped, states: journal.states, pauses };
  } finally {
    client.close();
    await journal.close();
  }
}

/** The journal's own functions, for a wrapper that changes some of them. */
export function functionsOf(journal: Journal): EngineJournal {
  return {
    states: journal.states,
    get failure() {
      return journal.failure;
    },
    hash: journal.hash,
    check: () => journal.check(),
    intend: (intent) => journal.intend(intent),
    settle: (outcome) => journal.settle(outcome),
  };
}

/** Reports as `login status`, in the order of the rows. */
export function statuses(reports: readonly RowReport[]): string[] {
  return [...reports]
    .sort((one, other) => one.row - other.row)
    .map(({ login, status }) => `${login} ${status}`);
}
