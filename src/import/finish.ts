import { replaceFile } from './batch-file.ts';
import type { RowReport } from './contract.ts';
import { MAY_EXIST } from './engine/meaning.ts';
import type { FinalState } from './journal/final-states.ts';
import type { JournalView } from './journal/view.ts';
import { removeOwn } from './own-file.ts';
import type { Places } from './places.ts';
import { type RejectedFile, writeRejected } from './rejected-file.ts';
import type { RejectedRow } from './rejected-lines.ts';
import { type ResultRow, resultLines, resultsHead } from './result-lines.ts';
import { inRowOrder } from './row-order.ts';
import { checkedRows, type RowPlan } from './row-source.ts';
import { SeenTexts } from './seen.ts';
import type { TemporaryNames } from './temporary-file.ts';

export interface FinishOptions extends RowPlan {
  readonly journal: Pick<JournalView, 'finalStates' | 'state'>;
  readonly places: Places;
  /** Where rows that have to be mended go. */
  readonly rejectedPath: string;
  readonly system: TemporaryNames;
  /** Known in this process, though the journal could not take them. */
  readonly unrecorded: readonly RowReport[];
  /** Whether some rows of the file are not in the journal, or were refused; then it is read again. */
  readonly hasOthers: boolean;
  /** Leaves the earlier file of rows to be mended in its place when there are no others to see. */
  readonly keepRejected: boolean;
}

/** What the files hold. */
export interface Outcome extends RejectedFile {
  /** Unknown rows of the journal, also of other files that it was used for. */
  readonly unknown: number;
  /** Why there is no file of the rows to be mended, though there are such; or null. */
  readonly mendFailure: unknown;
}

/**
 * Writes the results, and the rows to be mended, anew, and counts the unknown rows in all.
 * @throws JournalError or InputError for the results; those of an earlier run are as they were then.
 */
export async function writeOutcome(options: FinishOptions): Promise<Outcome> {
  const { shape, system, rejectedPath } = options;
  if (!options.hasOthers) {
    const unknown = await writeKnown(options);
    if (!options.keepRejected) await removeOwn(rejectedPath);
    return { rejected: 0, keptAs: null, unknown, mendFailure: null };
  }
  let unknown: number | undefined;
  let toMend = 0;
  const write = async (mend: (row: RejectedRow) => Promise<void>) => {
    const reasons = new Reasons();
    toMend = 0;
    const counted = async (row: RejectedRow) => {
      toMend += 1;
      await mend(row);
    };
    unknown = await writeResults(
      options,
      (add) => giveOthers(options, reasons, add, counted),
      reasons,
    );
    return unknown;
  };
  try {
    const file = await writeRejected(rejectedPath, shape, system, async (add) => {
      await write(add);
    });
    return { ...file, unknown: unknown ?? 0, mendFailure: null };
  } catch (error) {
    // The disk that took no more of the journal takes no such file either; the results may be on another.
    unknown ??= await write(async () => {});
    return { rejected: 0, keptAs: null, unknown, mendFailure: toMend > 0 ? error : null };
  }
}

/** The rows of the file that the journal does not have, and those that are to be mended. */
async function giveOthers(
  options: FinishOptions,
  reasons: Reasons,
  addResult: (row: ResultRow) => Promise<void>,
  addRejected: (row: RejectedRow) => Promise<void>,
): Promise<void> {
  const earlierLine = options.repeated.startPass();
  for await (const rows of checkedRows(options))
    for (const checked of rows) {
      if (checked.kind === 'bad') {
        const { record, login, problem } = checked;
        const isRepeat = earlierLine(record.row) !== undefined;
        // Of a row that was mended in another file, the login's own line says what became of it.
        if (isRepeat || options.journal.state(login) === undefined) {
          await addResult(invalidRow(record.row, login, problem));
        }
        await addRejected({ record, reason: problem });
        continue;
      }
      const { row, record } = checked;
      const status = options.journal.state(row.login)?.status;
      if (status === undefined) await addResult(notReached(row.row, row.login));
      if (status === 'rejected') await addRejected({ record, reason: reasons.of(row.login) });
    }
}

/**
 * Writes only what journal and run know, and counts the unknown rows.
 * @throws JournalError
 */
export function writeKnown(options: FinishOptions): Promise<number> {
  return writeResults(options, async () => {});
}

async function writeResults(
  { journal, places, system, unrecorded }: FinishOptions,
  others: (add: (row: ResultRow) => Promise<void>) => Promise<void>,
  reasons?: Reasons,
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
          if (state.status === 'rejected') reasons?.add(state.login, state.error?.message ?? '');
          const row = resultOf(state, later.get(state.login));
          if (row.status === 'unknown') unknown += 1;
          const line = resultLines([row], format);
          if (!order.take(row.row, line)) await order.add(row.row, line);
        }
      }
      await others(add);
    });
  });
  return unknown;
}

/** Why logins were refused: a number for each login, since most share a few texts. */
class Reasons {
  readonly #logins = new SeenTexts();
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  add(login: string, text: string): void {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      if (this.#texts.length >= MOST_REASONS) return;
      number = this.#texts.push(text);
      this.#numbers.set(text, number);
    }
    this.#logins.add(login, login, number);
  }

  of(login: string): string {
    const number = this.#logins.find(login);
    return (number && this.#texts[number - 1]) || 'refused by the server; see the results file';
  }
}

/** Servers that put the login into every text would fill the memory. */
const MOST_REASONS = 20_000;

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
