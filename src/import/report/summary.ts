import { countRows, formatCount } from '../findings.ts';
import type { FinalRow, Summary } from './rows.ts';

const SHOWN_LINES = 10;

/** The end of a run for a person: how many rows came to what, a line each. Pure. */
export function summaryLines(
  summary: Summary,
  { input, generatesPasswords }: { readonly input: string; readonly generatesPasswords: boolean },
): string[] {
  const all: (readonly [string, number])[] = [
    ['created', summary.created],
    ['created earlier', summary.already_created],
    ['exist already', summary.already_exists],
    ['refused', summary.rejected],
    ['unknown', summary.unknown],
    ['not sent', summary.not_sent],
    ['invalid', summary.invalid],
  ];
  const shown = all.filter(([label, count]) => count > 0 || label === 'created');
  const width = Math.max(...shown.map(([label]) => label.length));
  const numberWidth = Math.max(...shown.map(([, count]) => formatCount(count).length));
  const counts = shown.map(
    ([label, count]) => `  ${label.padEnd(width)}  ${formatCount(count).padStart(numberWidth)}`,
  );
  const secret = generatesPasswords ? ', with the generated passwords' : '';
  return [
    `${input}: ${countRows(summary.rows)}, ${duration(summary.seconds)}`,
    ...counts,
    ...(summary.results === null ? [] : [`Every row's state${secret}: ${summary.results}`]),
  ];
}

export interface NextStepsOptions {
  /** What was imported, in a person's words. */
  readonly input: string;
  readonly results: string | null;
  readonly unknownFile: string;
  /** Unknown rows of the journal, also such that the file does not have. */
  readonly unknown: number;
  readonly isStopped: boolean;
}

/** What a person has to do, in the order in which it is to be done; the command comes after it. Pure. */
export function nextSteps(
  rows: readonly FinalRow[],
  { input, results, unknownFile, unknown, isStopped }: NextStepsOptions,
): string[] {
  const steps: string[] = [];
  if (unknown > 0) {
    const [clients, are] =
      unknown === 1 ? ['client', 'is'] : [`${formatCount(unknown)} clients`, 'are'];
    steps.push(
      `Look in the panel whether the ${clients} in ${unknownFile} ${are} there, and write yes or no under exists.`,
    );
  }
  const toFix = TO_FIX.flatMap(([status, what]) => {
    const found = rows.filter((row) => row.status === status);
    return found.length === 0 ? [] : [`${countRows(found.length)} ${what} (${linesOf(found)})`];
  });
  if (toFix.length > 0) {
    const why = results === null ? '' : `; ${results} says why`;
    steps.push(`Fix in ${input}: ${toFix.join(', ')}${why}.`);
  }
  // The error has its own hint, and stands below.
  if (isStopped) steps.push('Clear up what stopped the import: see the error below.');
  return steps;
}

const TO_FIX: readonly (readonly [FinalRow['status'], string])[] = [
  ['rejected', 'refused'],
  ['invalid', 'invalid'],
  ['already_exists', 'with a login that exists already'],
];

function linesOf(rows: readonly FinalRow[]): string {
  const lines = rows.slice(0, SHOWN_LINES).map(({ line }) => line);
  const rest = rows.length > lines.length ? ' …' : '';
  return `${rows.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${rest}`;
}

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
