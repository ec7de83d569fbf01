import type { ImportRow } from './contract.ts';
import { asOxhostError } from './failures.ts';
import { changed, type FileWatch, type Input } from './input.ts';
import type { Mapping } from './mapping.ts';
import { readBatches } from './reader/read.ts';
import type { InputShape, Row, RowFault } from './reader/row.ts';
import type { RepeatedLogins } from './repeated-logins.ts';
import { type CheckedRow, RowChecker } from './row-check.ts';

/** What every pass over the rows needs. */
export interface RowPlan {
  readonly input: Input;
  readonly shape: InputShape;
  readonly mapping: Mapping;
  readonly generatePasswords: boolean;
  /** As the first pass found them. */
  readonly repeated: RepeatedLogins;
}

export type BadRow = Extract<CheckedRow, { kind: 'bad' }>;

export interface RowSourceOptions extends RowPlan {
  /** Records that the first pass found. */
  readonly rows: number;
  readonly watch: FileWatch;
  onBadRow(row: BadRow): Promise<void>;
  /** Told once why there are no further rows; the last thing that happens. */
  onFailure(error: unknown): void;
}

/** All rows as the first pass saw them, many at a time; each is checked when it is asked for. */
export async function* checkedRows(
  plan: RowPlan,
): AsyncGenerator<Iterable<CheckedRow>, void, undefined> {
  const { input, shape, mapping, generatePasswords, repeated } = plan;
  const lineOf = repeated.startPass();
  const earlierLine = ({ row }: Row) => lineOf(row);
  const checker = new RowChecker({ mapping, generatePasswords, earlierLine });
  for await (const batch of readBatches(input.path, shape, { used: mapping.used })) {
    yield eachChecked(batch, checker);
  }
}

function* eachChecked(batch: Iterable<Row | RowFault>, checker: RowChecker): Generator<CheckedRow> {
  for (const record of batch) yield checker.check(record);
}

/**
 * The good rows for the engine. It ends early, having told why, as soon as the file is no longer
 * the one that was checked.
 */
export async function* rowsToSend(
  options: RowSourceOptions,
): AsyncGenerator<ImportRow, void, undefined> {
  const { input, watch } = options;
  let rows = 0;
  try {
    for await (const batch of checkedRows(options)) {
      for (const checked of batch) {
        await watch.check();
        rows += 1;
        if (checked.kind === 'bad') await options.onBadRow(checked);
        else yield checked.row;
      }
    }
    if (rows !== options.rows || (await input.hasChanged())) throw changed(input);
  } catch (error) {
    options.onFailure(asOxhostError(error));
  }
}
