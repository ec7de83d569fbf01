import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { stringifyJson } from '../output/json.ts';
import { DEFAULT_ORIGIN } from '../settings.ts';
import { warnOfOtherKey } from './account.ts';
import { countRows, findingText, formatCount } from './findings.ts';
import { badRowsError, findingsOf } from './input.ts';
import type { ReadJournal } from './journal/journal.ts';
import { viewJournal } from './journal/open.ts';
import type { Places } from './places.ts';
import { type Plan, planRows, type SendReason, type SkipReason } from './plan.ts';
import { readAnswers } from './report/unknown.ts';
import type { BadRow, CheckedFile } from './row.ts';
import type { ImportSettings } from './settings.ts';

/** Fields of a row of a dry run, in their order. */
export const PLAN_FIELDS = ['row', 'login', 'plan', 'reason'] as const;

interface PlanLine {
  readonly row: number;
  readonly login: string;
  readonly plan: 'create' | 'send_again' | 'skip' | 'leave_out' | 'invalid';
  /** Why, in a few words; null where nothing is known of the row yet. */
  readonly reason: string | null;
}

export interface DryRunOptions {
  readonly file: CheckedFile;
  readonly places: Places;
  readonly settings: ImportSettings;
}

/**
 * Says for each row what a run would do with it. Nothing is sent, locked or written.
 * @throws OxhostError for bad rows, unless they are to be left out.
 */
export async function dryRun(
  context: Context,
  { file, places, settings }: DryRunOptions,
): Promise<number> {
  const { output } = context;
  const view = await earlierRun(context, settings, places);
  if (view !== undefined) await warnOfOtherKey(context, view);
  const { states, hash } = view ?? NOTHING_KNOWN;
  const answers = await readAnswers(places.journal, states, context.system.platform);
  const plan = planRows(file.rows, { ...settings, states, hash, answers });
  for (const finding of findingsOf(file, plan.send)) {
    output.warning(finding.code, `${findingText(finding)}.`);
  }
  const lines = linesOf(plan, file.bad, settings);
  await show(context, lines);
  output.note('dry_run', countsText(lines));
  if (file.bad.length > 0 && !settings.skipInvalid) throw badRowsError(file);
  return 0;
}

const NOTHING_KNOWN: Pick<ReadJournal, 'states' | 'hash'> = { states: new Map(), hash: () => '' };

const SKIPPED: Readonly<Record<SkipReason, string>> = {
  created: 'created by an earlier run',
  settled: 'exists, by your answer in unknown.csv',
  already_exists: 'existed already in an earlier run',
  rejected: 'refused earlier and not edited since',
  unknown: 'unknown: look in the panel and answer in unknown.csv',
  other_password: 'unknown, and sent with another password than the file has now',
};

const SENT: Readonly<Record<SendReason, string | null>> = {
  new: null,
  not_sent: 'not sent by an earlier run',
  edited: 'refused earlier and edited since',
  refused: 'refused earlier',
  unknown: 'unknown after an earlier run',
};

function linesOf(
  { send, skip }: Plan,
  bad: readonly BadRow[],
  { skipInvalid }: ImportSettings,
): PlanLine[] {
  const lines: PlanLine[] = [
    ...send.map(({ row: { row, login }, password, reason }) => ({
      row,
      login,
      plan: reason === 'new' ? ('create' as const) : ('send_again' as const),
      reason:
        password === 'kept' ? `${SENT[reason]}, with the password kept from then` : SENT[reason],
    })),
    ...skip.map(({ row: { row, login }, reason, isEdited }) => ({
      row,
      login,
      plan: 'skip' as const,
      reason: isEdited ? `${SKIPPED[reason]}; what was edited is not sent` : SKIPPED[reason],
    })),
    ...bad.map(({ row, line, login, problems }) => ({
      row,
      login: login ?? '',
      plan: skipInvalid ? ('leave_out' as const) : ('invalid' as const),
      reason: `line ${line}: ${problems.join('; ')}`,
    })),
  ];
  return lines.sort((one, other) => one.row - other.row);
}

async function show({ output, settings }: Context, lines: readonly PlanLine[]): Promise<void> {
  if (!output.isJson) {
    await output.list(
      PLAN_FIELDS,
      lines.map((line) => ({ ...line })),
    );
    return;
  }
  const names = PLAN_FIELDS.filter((name) => settings.fields?.includes(name) ?? true);
  const chosen = lines.map((line) => Object.fromEntries(names.map((name) => [name, line[name]])));
  await output.write(chosen.map((line) => `${stringifyJson(line)}\n`).join(''));
}

function countsText(lines: readonly PlanLine[]): string {
  const count = (plan: PlanLine['plan']) =>
    formatCount(lines.filter((line) => line.plan === plan).length);
  const bad =
    count('invalid') === '0'
      ? `${count('leave_out')} left out`
      : `${count('invalid')} cannot be used`;
  return `Of ${countRows(lines.length)}, ${count('create')} would be created, ${count('send_again')} sent again, ${count('skip')} skipped and ${bad}; nothing was sent.`;
}

/** The journal as it is now; an embedded sandbox is another server each time. */
async function earlierRun(
  context: Context,
  { operand, journal }: ImportSettings,
  places: Places,
): Promise<ReadJournal | undefined> {
  if (context.settings.sandbox || (operand === '-' && journal === undefined)) return undefined;
  return viewJournal(places.journal, await originOf(context));
}

/** Of the API that is meant, even without a key. */
async function originOf(context: Context): Promise<string> {
  try {
    return (await context.access()).origin;
  } catch (error) {
    if (!(error instanceof OxhostError) || error.code !== 'no_api_key') throw error;
    return context.settings.apiUrl ?? DEFAULT_ORIGIN;
  }
}
