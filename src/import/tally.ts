import type { EngineResult, RowReport, RowStatus } from './contract.ts';

/** The `summary` object of `--json`: rows of the file by their state at the end of the run. */
export interface Summary {
  readonly rows: number;
  readonly created: number;
  /** By an earlier run. */
  readonly already_created: number;
  readonly already_exists: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly not_sent: number;
  readonly invalid: number;
  readonly seconds: number;
  /** Paths, or null where there was nothing to keep. */
  readonly journal: string | null;
  readonly results: string | null;
}

export type Counts = Record<RowStatus, number>;

export function noRows(): Counts {
  return { created: 0, already_exists: 0, rejected: 0, unknown: 0, not_sent: 0, invalid: 0 };
}

export function countReports(reports: Iterable<RowReport>, counts: Counts): void {
  for (const { status } of reports) counts[status] += 1;
}

/**
 * Sums the run up; every row of the file is in exactly one number, and what the run did not come
 * to is not sent. Pure.
 * @param invalid bad rows of the whole file, whether the run came to them or not.
 */
export function summarise(
  rows: number,
  invalid: number,
  counts: Counts,
  { alreadyCreated, skipped }: Pick<EngineResult, 'alreadyCreated' | 'skipped'>,
  rest: Pick<Summary, 'seconds' | 'journal' | 'results'>,
): Summary {
  const known = {
    created: counts.created,
    already_created: alreadyCreated,
    already_exists: counts.already_exists + skipped.already_exists,
    rejected: counts.rejected + skipped.rejected,
    unknown: counts.unknown + skipped.unknown,
  };
  const handled = Object.values(known).reduce((total, count) => total + count, invalid);
  return { rows, ...known, not_sent: Math.max(0, rows - handled), invalid, ...rest };
}

/** 8 as long as any row is unknown, else 3 as long as any was not created, else 0. Pure. */
export function exitCodeOf(summary: Summary): number {
  if (summary.unknown > 0) return 8;
  const { already_exists, rejected, not_sent, invalid } = summary;
  return already_exists + rejected + not_sent + invalid > 0 ? 3 : 0;
}
