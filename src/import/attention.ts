import type { ImportRow, RowReport, Skip } from './contract.ts';
import { type Finding, Findings } from './findings.ts';
import type { LoginState } from './journal/states.ts';

const SHOWN_LOGINS = 20;
const EDITED =
  'client is created already and was sent with other values than the file has now; what was edited is not sent';

/** Gathers what a person has to look at when the run is over. */
export class Attention {
  #unknown: { row: number; login: string }[] = [];
  #probablyOurs = 0;
  readonly #edited = new Findings();

  /** The first logins whose client may exist or not, by row. */
  get unknown(): readonly string[] {
    return this.#unknown.toSorted((one, other) => one.row - other.row).map(({ login }) => login);
  }

  /** Rows whose login exists, very likely through an earlier attempt that got no usable answer. */
  get probablyOurs(): number {
    return this.#probablyOurs;
  }

  /** Rows of the file that are not as their clients were created; none, or one finding. */
  get edited(): readonly Finding[] {
    return this.#edited.all;
  }

  /** A row that is passed over. */
  skip(
    { row, login, line = row }: Pick<ImportRow, 'row' | 'login' | 'line'>,
    { because, edited }: Skip,
    state: LoginState | undefined,
  ): void {
    this.see({ row, login, status: because }, state);
    if (edited) this.#edited.add('created_row_edited', EDITED, line);
  }

  /** A row that settled in this run, or one that an earlier run left so. */
  see(
    { row, login, status }: Pick<RowReport, 'row' | 'login'> & { readonly status: string },
    state: Pick<LoginState, 'earlierUnknown'> | undefined,
  ): void {
    if (status === 'unknown' && this.#unknown.length < SHOWN_LOGINS) {
      this.#unknown.push({ row, login });
    }
    if (status === 'already_exists' && state?.earlierUnknown) this.#probablyOurs += 1;
  }
}
