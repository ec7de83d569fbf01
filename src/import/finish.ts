import { replaceFile } from './batch-file.ts';
import type { RowReport } from './contract.ts';
import { MAY_EXIST } from './engine/meaning.ts';
import type { FinalState } from './journal/final-states.ts';
import type { JournalView } from './journal/view.ts';
import type { Places } from './places.ts';
import { type ResultRow, resultLines, resultsHead } from './result-lines.ts';
import type { CheckedFile } from './row.ts';
import { inRowOrder } from './row-order.ts';
import type { TemporaryNames } from './temporary-file.ts';

export interface FinishOptions {
  readonly file: CheckedFile;
  readonly journal: Pick<JournalView, 'finalStates' | 'state'>;
  readonly places: Places;
  readonly system: TemporaryNames;
  /** Known in this process, though the journal could not take them. */
  readonly unrecorded: readonly RowReport[];
}

/**
 * Writes the results anew.
 * @returns the unknown rows of the journal, also of other files that it was used for.
 * @throws JournalError; the results of an earlier run are as they were then.
 */
export function writeOutcome(options: FinishOptions): Promise<number> {
  const { file, journal } = options;
  return writeResults(options, async (add) => {
    for (const { row, login, problems } of file.bad) {
      // Of a row that was fixed since, the login's own line says what became of it.
      const isRepeat = problems.some((problem) => problem.startsWith('login is the same as'));
      if (isRepeat || login === null || journal.state(login) === undefined) {
        await add(invalidRow(row, login ?? '', problems.join('; ')));
      }
    }
    for (const { row, login } of file.rows) {
      if (journal.state(login) === undefined) await add(notReached(row, login));
    }
  });
}

/** Writes only what journal and run know, and counts the unknown rows. */
export function writeKnown(options: FinishOptions): Promise<number> {
  return writeResults(options, async () => {});
}

async function writeResults(
  { journal, places, system, unrecorded }: FinishOptions,
  others: (add: (row: ResultRow) => Promise<void>) => Promise<void>,
): Promise<number> {
  let unknown = 0;
  const format = places.resultsFormat;
  const later = new Map(unrecorded.map((report) => [report.login, report]));
  await replaceFile(places.results, system, async (file) => {
    await file.writeFile(resultsHead(format));
    await inRowOrder(places.results, system, file, async (order) => {
      const add = (row: ResultRow) => order.add(row.row, resultLines([row], format));
      for await (const states of journal.finalStates()) {
        for (const state of states) {
          const row = resultOf(state, later.get(state.login));
          if (row.status === 'unknown') unknown += 1;
          await add(row);
        }
      }
      await others(add);
    });
  });
  return unknown;
}

function resultOf(state: FinalState, later: RowReport | undefined): ResultRow {
  return {
    row: state.row,
    login: state.login,
    status: later?.status ?? state.status,
    id: later?.id ?? state.id ?? null,
    plesk_client_id: later?.plesk_client_id ?? state.plesk_client_id ?? null,
    generated_password: passwordOf(state, later?.status ?? state.status),
    error: later ? later.error : errorOf(state),
  };
}

/** Only of a client that is, or may be, there because of it: any other would be taken for valid. */
function passwordOf(state: FinalState, status: ResultRow['status']): string | null {
  const isOurs =
    status === 'created' ||
    status === 'unknown' ||
    (status === 'already_exists' && state.earlierUnknown);
  return isOurs ? (state.generated_password ?? null) : null;
}

function errorOf({ status, answered, error, echoed_login }: FinalState): ResultRow['error'] {
  if (status === 'unknown' && !answered) {
    const message = `the run ended before the answer came${MAY_EXIST}`;
    return { code: 'outcome_unknown', message };
  }
  if (echoed_login !== undefined) {
    return { code: 'login_changed', message: `the server made the login ${echoed_login} of it` };
  }
  return error ?? null;
}

function invalidRow(row: number, login: string, message: string): ResultRow {
  return {
    ...notReached(row, login),
    status: 'invalid',
    error: { code: 'invalid_input', message },
  };
}

function notReached(row: number, login: string): ResultRow {
  return {
    row,
    login,
    status: 'not_sent',
    id: null,
    plesk_client_id: null,
    generated_password: null,
    error: null,
  };
}
