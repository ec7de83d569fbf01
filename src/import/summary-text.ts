import { countRows, formatCount } from './findings.ts';
import type { Summary } from './tally.ts';

export interface SummaryPlaces {
  /** What was imported, in a person's words. */
  readonly input: string;
  /** The file of rows to be mended, or null. */
  readonly rejected: string | null;
  /** Whether the run ended before its last row. */
  readonly stopped: boolean;
  /** Whether the results hold passwords that were made for these rows. */
  readonly generatesPasswords: boolean;
}

/** The end of a run for a person, a line each. Pure. */
export function summaryText(summary: Summary, places: SummaryPlaces): string[] {
  const { journal, results } = summary;
  const lines = [
    `${places.input}: ${countRows(summary.rows)}, ${duration(summary.seconds)}`,
    ...counts(summary),
  ];
  if (results !== null) {
    const secret = places.generatesPasswords ? ', with the generated passwords' : '';
    lines.push(`Every row's state${secret}: ${results}`);
  }
  if (places.rejected !== null) {
    lines.push(
      `Rows to mend, with the reason beside each: ${places.rejected}`,
      `  Mend them there, then: oxhost plesk client import ${quote(places.rejected)} --journal ${quote(journal ?? '')}`,
    );
  }
  if (summary.unknown > 0) {
    lines.push(
      'Unknown: the request left, but no usable answer came, so the client may exist or not.',
      '  Look for these logins in the panel. They are not sent again, unless you add',
      '  --retry-unknown; do that only when none of them is there.',
    );
  }
  if (places.stopped) lines.push('To continue, run the same command again.');
  return lines;
}

function counts(summary: Summary): string[] {
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
  const numbers = shown.map(([, count]) => formatCount(count));
  const numberWidth = Math.max(...numbers.map((text) => text.length));
  return shown.map(
    ([label], index) => `  ${label.padEnd(width)}  ${(numbers[index] ?? '').padStart(numberWidth)}`,
  );
}

/** `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60)
    return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** As a shell takes it. */
function quote(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
