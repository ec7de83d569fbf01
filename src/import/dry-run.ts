import type { Context } from '../context.ts';
import type { BadRow } from './check.ts';
import { countRows, formatCount } from './findings.ts';
import type { Plan, SendReason, SkipReason } from './plan.ts';

export const PLAN_FIELDS = ['row', 'login', 'plan', 'reason'] as const;

interface PlanLine {
  readonly row: number;
  readonly login: string;
  readonly plan: 'create' | 'send_again' | 'skip' | 'leave_out' | 'invalid';
  readonly reason: string | null;
}

/**
 * Says for each row what a run would do with it.
 * @param skipInvalid whether bad rows are left out, and do not stop it.
 */
export async function showPlan(
  context: Context,
  plan: Plan,
  bad: readonly BadRow[],
  skipInvalid: boolean,
): Promise<void> {
  const { output, settings } = context;
  const lines = linesOf(plan, bad, skipInvalid ? 'leave_out' : 'invalid');
  const names = PLAN_FIELDS.filter((name) => settings.fields?.includes(name) ?? true);
  const rows = lines.map((line) => Object.fromEntries(names.map((name) => [name, line[name]])));
  await (output.isJson ? output.jsonLines(rows) : output.list(names, rows));
  output.note('dry_run', countsText(lines));
}

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
  planOfBad: 'leave_out' | 'invalid',
): PlanLine[] {
  const lines: PlanLine[] = [
    ...send.map(({ row: { row, login }, password, reason }): PlanLine => {
      const kept = password === 'kept' ? ', with the password kept from then' : '';
      const why = SENT[reason] === null ? null : `${SENT[reason]}${kept}`;
      return { row, login, plan: reason === 'new' ? 'create' : 'send_again', reason: why };
    }),
    ...skip.map(({ row: { row, login }, reason, isEdited }): PlanLine => {
      const edited = isEdited ? '; what was edited is not sent' : '';
      return { row, login, plan: 'skip', reason: `${SKIPPED[reason]}${edited}` };
    }),
    ...bad.map(({ row, line, login, problems }): PlanLine => {
      const reason = `line ${line}: ${problems.join('; ')}`;
      return { row, login: login ?? '', plan: planOfBad, reason };
    }),
  ];
  return lines.sort((one, other) => one.row - other.row);
}

function countsText(lines: readonly PlanLine[]): string {
  const count = (plan: PlanLine['plan']) =>
    formatCount(lines.filter((line) => line.plan === plan).length);
  const isRefused = lines.some(({ plan }) => plan === 'invalid');
  const bad = isRefused ? `${count('invalid')} cannot be used` : `${count('leave_out')} left out`;
  return `Of ${countRows(lines.length)}, ${count('create')} would be created, ${count('send_again')} sent again, ${count('skip')} skipped and ${bad}; nothing was sent.`;
}
