import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import type { LoginState } from '../journal/states.ts';
import type { BadRow } from '../row.ts';
import type { RowStatus } from './rows.ts';

/** One row handled in this run, as it settles: a line of `--json`. */
export interface RowReport {
  readonly row: number;
  /** The one that exists at the server, or would. */
  readonly login: string;
  readonly status: RowStatus;
  readonly id: string | null;
  readonly plesk_client_id: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Where the server changed it. */
  readonly sent_login?: string;
}

/** Fields of a row under `--json`, in their order. */
export const ROW_FIELDS = [
  'row',
  'login',
  'status',
  'id',
  'plesk_client_id',
  'error',
  'sent_login',
] as const satisfies readonly (keyof RowReport)[];

/** @throws OxhostError `usage` before anything is sent, for a field that no row has. */
export function checkRowFields(fields: readonly string[] | null, known: readonly string[]): void {
  const unknown = (fields ?? []).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new OxhostError(
    'usage',
    `--fields: there is no ${unknown.join(', ')}; there are ${known.join(', ')}.`,
  );
}

/** @param row where it stands in the file now. */
export function reportOf(state: LoginState, row = state.row): RowReport {
  const { login, status, id, plesk_client_id, echoed_login, error } = state;
  const settled = error && status === 'unknown' ? { ...error, code: 'outcome_unknown' } : error;
  return {
    row,
    login: echoed_login ?? login,
    status,
    id: id ?? null,
    plesk_client_id: plesk_client_id ?? null,
    error: settled ?? null,
    ...(echoed_login !== undefined && { sent_login: login }),
  };
}

export function reportOfBad({ row, login, problems }: BadRow): RowReport {
  const error = { code: 'invalid_input', message: problems.join('; ') };
  return { row, login: login ?? '', status: 'invalid', id: null, plesk_client_id: null, error };
}

/**
 * With `--json`, writes the rows as they settle; resolves when one is written, so that a slow reader
 * slows the run down.
 * @param onLost called once when standard output takes no more.
 */
export function rowWriter(
  { output, settings: { fields } }: Pick<Context, 'output' | 'settings'>,
  onLost: (error: unknown) => void,
): (report: RowReport) => Promise<void> {
  // One after the other, or each of many waiting writes would listen for the stream's failure.
  let last = Promise.resolve();
  let isLost = !output.isJson;
  return async (report) => {
    const names = ROW_FIELDS.filter((name) => name in report && (fields?.includes(name) ?? true));
    const chosen = Object.fromEntries(names.map((name) => [name, report[name]]));
    last = last
      .then(() => (isLost ? undefined : output.jsonLines([chosen])))
      .catch((error: unknown) => {
        isLost = true;
        onLost(error);
      });
    await last;
  };
}
