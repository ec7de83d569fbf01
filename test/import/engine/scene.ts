import type { EngineOptions, EngineResult, RowReport } from '../../../src/import/contract.ts';
import { runEngine } from '../../../src/import/engine.ts';
import type { FinalState } from '../../../src/import/journal/final-states.ts';
import type { Journal } from '../../../src/import/journal/journal.ts';
import { type Handler, startServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { DEFAULTS, fastSystem, openClient, openEngineJournal, rowsUpTo } from './driving.ts';

export interface RunOutcome {
  readonly result: EngineResult;
  readonly reports: readonly RowReport[];
  /** Of the journal, by login, when the run was over. */
  readonly states: ReadonlyMap<string, FinalState>;
  /** Seconds and reasons. */
  readonly pauses: readonly (readonly [number, string])[];
}

export interface RunChanges extends Partial<EngineOptions> {
  /** Rows client1, client2, …, unless `rows` is given. */
  readonly count?: number;
  readonly timeoutSeconds?: number;
  readonly wrapJournal?: (journal: Journal) => EngineOptions['journal'];
}

/** A server, a journal beside it, and runs of the engine between the two. */
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
  { count = 3, timeoutSeconds = 5, wrapJournal, ...changes }: RunChanges = {},
): Promise<RunOutcome> {
  const concurrency = changes.concurrency ?? DEFAULTS.concurrency;
  const journal = await openEngineJournal(folder, url);
  const client = await openClient(url, { concurrency, timeoutSeconds });
  const reports: RowReport[] = [];
  const pauses: (readonly [number, string])[] = [];
  try {
    const result = await runEngine({
      ...DEFAULTS,
      rows: rowsUpTo(count),
      journal: wrapJournal?.(journal) ?? journal,
      client,
      drain: new AbortController().signal,
      system: fastSystem(SPEED),
      onPause: (seconds, reason) => pauses.push([seconds, reason]),
      ...changes,
      async onRow(report) {
        reports.push(report);
        await changes.onRow?.(report);
      },
    });
    const states = new Map<string, FinalState>();
    for await (const batch of journal.finalStates()) {
      for (const state of batch) states.set(state.login, state);
    }
    return { result, reports, states, pauses };
  } finally {
    client.close();
    await journal.close();
  }
}

/** Reports as `login status`, in the order of the rows. */
export function statuses(reports: readonly RowReport[]): string[] {
  return [...reports]
    .sort((one, other) => one.row - other.row)
    .map(({ login, status }) => `${login} ${status}`);
}
