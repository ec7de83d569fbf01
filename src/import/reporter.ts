import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { stringifyJson } from '../output/json.ts';
import type { RowReport } from './contract.ts';
import { type Counts, countReports, noRows } from './tally.ts';

/** Fields of a row under `--json`, in their order. */
export const ROW_FIELDS = ['row', 'login', 'status', 'id', 'plesk_client_id', 'error'] as const;

/** @throws OxhostError `usage` before anything is sent, for a field that no row has. */
export function checkRowFields(fields: readonly string[] | null, known: readonly string[]): void {
  const unknown = (fields ?? []).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new OxhostError(
    'usage',
    `--fields: there is no ${unknown.join(', ')}; there are ${known.join(', ')}.`,
  );
}

/** Takes the rows as they settle: counts them and, with `--json`, writes them. */
export class Reporter {
  readonly counts: Counts = noRows();
  readonly #context: Pick<Context, 'output' | 'settings'>;
  readonly #onLost: (error: unknown) => void;
  #lastWrite: Promise<void> = Promise.resolve();
  #isLost = false;

  /** @param onLost told once when standard output takes no more. */
  constructor(context: Pick<Context, 'output' | 'settings'>, onLost: (error: unknown) => void) {
    this.#context = context;
    this.#onLost = onLost;
  }

  /** Resolves when the row is written: a slow reader slows the run down. */
  async report(report: RowReport): Promise<void> {
    countReports([report], this.counts);
    const { output } = this.#context;
    for (const { code, message } of report.warnings ?? []) output.warning(code, message);
    if (!output.isJson) return;
    const line = `${stringifyJson(choose(report, this.#context.settings.fields))}\n`;
    // One after the other, or each of many waiting writes would listen for the stream's failure.
    this.#lastWrite = this.#lastWrite.then(() => this.#write(line));
    await this.#lastWrite;
  }

  async #write(line: string): Promise<void> {
    if (this.#isLost) return;
    try {
      await this.#context.output.write(line);
    } catch (error) {
      this.#isLost = true;
      this.#onLost(error);
    }
  }
}

function choose(report: RowReport, fields: readonly string[] | null): object {
  const names = ROW_FIELDS.filter((name) => fields?.includes(name) ?? true);
  return Object.fromEntries(names.map((name) => [name, report[name]]));
}
