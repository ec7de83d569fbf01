import type { MapField } from './recognition.ts';

/** A reason why rows cannot be read with this mapping. */
export interface MappingProblem {
  readonly field: MapField;
  /** A whole sentence without the full stop. */
  readonly message: string;
  readonly hint: string;
}

/** Which column holds which field. Plain data: numbers are indexes into `columns`. */
export interface Mapping {
  readonly columns: readonly string[];
  /** Whether they are surely names, and not the cells of a first row, which nobody should see. */
  readonly isHeader: boolean;
  /** One column, or first and last name in this order; empty when there is none. */
  readonly name: readonly number[];
  readonly login: number | undefined;
  /** Whether the login's column often holds a number, which is then an id and no login. */
  readonly isLoginDoubtful: boolean;
  readonly email: number | undefined;
  readonly password: number | undefined;
  readonly company: number | undefined;
  /** Columns such as status, which tell whether a client is still active. */
  readonly activity: readonly number[];
  /** Names of the columns whose values end up in a client. */
  readonly used: ReadonlySet<string>;
  /** Names of the columns that nothing looks at, in the order of the file. */
  readonly ignored: readonly string[];
  /** All of them at once; rows must not be mapped while there is any. */
  readonly problems: readonly MappingProblem[];
}
