import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { stringifyJson } from '../output/json.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { DEFAULT_ORIGIN } from '../settings.ts';
import type { ImportRow } from './contract.ts';
import { decide, OTHER_PASSWORD } from './engine/decision.ts';
import { countRows, formatCount } from './findings.ts';
import { cancelled } from './first-pass.ts';
import { type JournalView, viewJournal } from './journal/view.ts';
import { checkedRows, type RowPlan } from './row-source.ts';

/** Fields of a row of a dry run, in their order. */
export const PLAN_FIELDS = ['row', 'login', 'plan', 'reason'] as const;

/** What a run would do with a row. */
export type Plan = 'create' | 'send_again' | 'skip' | 'leave_out' | 'invalid';

type Counts = Record<Plan, number>;

interface PlannedRow {
  readonly row: number;
  readonly login: string;
  readonly plan: Plan;
  /** Why, in a few words; null where nothing is known of the row yet. */
  readonly reason: string | null;
}

export interface DryRunOptions extends RowPlan {
  /** The journal's folder, or null when there is none to look at. */
  readonly journal: string | null;
  readonly retryUnknown: boolean;
  readonly retryRejected: boolean;
  /** Whether bad rows are left out; else they keep a run from its first request. */
  readonly skipInvalid: boolean;
}

const TABLE_ROWS = 500;

/** Says for each row what a run would do with it. Nothing is sent, locked or written. */
export async function dryRun(context: Context, options: DryRunOptions): Promise<void> {
  const view =
    options.journal === null
      ? undefined
      : await viewJournal(options.journal, await originOf(context));
  try {
    const counts: Counts = { create: 0, send_again: 0, skip: 0, leave_out: 0, invalid: 0 };
    const table = new PlanTable(context);
    for await (const batch of checkedRows(options))
      for (const checked of batch) {
        if (context.signal.aborted) throw cancelled(context.signal);
        const row: PlannedRow =
          checked.kind === 'bad'
            ? {
                row: checked.record.row,
                login: checked.login,
                plan: options.skipInvalid ? 'leave_out' : 'invalid',
                reason: `line ${checked.record.line}: ${checked.problem}`,
              }
            : {
                row: checked.row.row,
                login: checked.row.login,
                ...(await planOf(checked.row, view, options)),
              };
        counts[row.plan] += 1;
        await table.add(row);
      }
    await table.finish();
    context.output.note('dry_run', planText(counts));
  } finally {
    await view?.close();
  }
}

function planText(counts: Counts): string {
  const { create, send_again, skip, leave_out, invalid } = counts;
  const total = create + send_again + skip + leave_out + invalid;
  const last =
    invalid > 0
      ? `and ${formatCount(invalid)} cannot be used`
      : `and ${formatCount(leave_out)} left out`;
  return `Of ${countRows(total)}, ${formatCount(create)} would be created, ${formatCount(send_again)} sent again, ${formatCount(skip)} skipped ${last}; nothing was sent.`;
}

/** Of the API that is meant, even without a key. */
export async function originOf(context: Context): Promise<string> {
  try {
    return (await context.access()).origin;
  } catch (error) {
    if (!(error instanceof OxhostError) || error.code !== 'no_api_key') throw error;
    return context.settings.apiUrl ?? DEFAULT_ORIGIN;
  }
}

const REASONS = {
  created: 'created by an earlier run',
  unknown: 'unknown: look in the panel, then --retry-unknown',
  rejected: 'refused earlier and not edited since',
  already_exists: 'existed already in an earlier run',
} as const;

const AGAIN = {
  created: null,
  unknown: 'unknown after an earlier run; --retry-unknown',
  rejected: 'refused earlier',
  already_exists: null,
  not_sent: 'not sent by an earlier run',
} as const;

async function planOf(
  row: ImportRow,
  view: JournalView | undefined,
  wishes: Pick<DryRunOptions, 'retryUnknown' | 'retryRejected'>,
): Promise<Pick<PlannedRow, 'plan' | 'reason'>> {
  const state = view?.state(row.login);
  if (view === undefined || state === undefined) return { plan: 'create', reason: null };
  const decision = await decide(row, view, wishes);
  if (decision.kind === 'other_password') return { plan: 'skip', reason: OTHER_PASSWORD };
  return decision.kind === 'skip'
    ? { plan: 'skip', reason: REASONS[decision.because] }
    : { plan: 'send_again', reason: AGAIN[state.status] };
}

/** A table on a terminal, tab-separated lines in a pipe, or JSON lines; never all rows at once. */
class PlanTable {
  readonly #context: Context;
  #waiting: PlannedRow[] = [];
  #isBegun = false;

  constructor(context: Context) {
    this.#context = context;
  }

  async add(row: PlannedRow): Promise<void> {
    this.#waiting.push(row);
    if (this.#waiting.length >= TABLE_ROWS) await this.#write();
  }

  async finish(): Promise<void> {
    if (this.#waiting.length > 0) await this.#write();
  }

  async #write(): Promise<void> {
    const { output, settings, system } = this.#context;
    const rows = this.#waiting;
    this.#waiting = [];
    if (output.isJson) {
      const names = PLAN_FIELDS.filter((name) => settings.fields?.includes(name) ?? true);
      const chosen = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
      return output.write(chosen.map((row) => `${stringifyJson(row)}\n`).join(''));
    }
    if (system.stdout.isTTY === true)
      return output.list(
        PLAN_FIELDS,
        rows.map((row) => ({ ...row })),
      );
    const lines = rows.map((row) =>
      PLAN_FIELDS.map((name) => sanitizeLine(String(row[name] ?? ''))),
    );
    const all = this.#isBegun ? lines : [[...PLAN_FIELDS], ...lines];
    this.#isBegun = true;
    return output.write(all.map((cells) => `${cells.join('\t')}\n`).join(''));
  }
}
