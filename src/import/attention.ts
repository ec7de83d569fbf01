import type { ImportRow, RowReport, Skip } from './contract.ts';
import type { LoginState } from './journal/states.ts';

const SHOWN_LOGINS = 20;
/** Gathers what a person has to look at when the run is over. */
export class Attention {
  #unknown: { row: number; login: string }[] = [];
  #probablyOurs = 0;

  /** The first logins whose client may exist or not, by row. */
  get unknown(): readonly string[] {
    return this.#unknown.toSorted((one, other) => one.row - other.row).map(({ login }) => login);
  }

  /** Rows whose login exists, very likely through an earlier attempt that got no usable answer. */
  get probablyOurs(): number {
    return this.#probablyOurs;
  }

  /** A row that is passed over. */
  skip(
    { row, login }: Pick<ImportRow, 'row' | 'login'>,
    { because }: Skip,
    state: LoginState | undefined,
  ): void {
    this.see({ row, login, status: because }, state);
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
