import { Chooser, type MappingProblem } from './chooser.ts';
import { activityColumns, findColumn, isKnownName, type MapOverride } from './fields.ts';

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
  /** All of them at once; rows must not be mapped while there is any. */
  readonly problems: readonly MappingProblem[];
}

/**
 * Finds the columns of the fields by their names; overrides stand above what is recognised, and
 * may give one column to two fields. A name is one column, else first and last name together,
 * else the company. A password is not required: what its absence means is for the caller.
 * @param hasHeader false where keys of JSON are names in any case; a first line may be a row of a
 * file without a header.
 */
export function mapColumns(
  columns: readonly string[],
  overrides: readonly MapOverride[],
  hasHeader: boolean,
): Mapping {
  const isHeader = !hasHeader || looksLikeHeader(columns, overrides);
  const chooser = new Chooser(columns, overrides, isHeader);
  const name = chooser.chooseName();
  const login = chooser.choose('login');
  const email = chooser.choose('email');
  const password = chooser.choose('password');
  const company = chooser.choose('company');
  if (name.length === 0 && company.column === undefined) chooser.miss('name');
  if (login.column === undefined) chooser.miss('login');
  if (email.column === undefined) chooser.miss('email');
  const fields = {
    name,
    login: login.column,
    email: email.column,
    password: password.column,
    company: company.column,
  };
  const used = usedBy(fields);
  return {
    columns,
    isHeader,
    ...fields,
    isLoginDoubtful: login.isSecondChoice,
    activity: activityColumns(columns).filter((index) => !used.has(index)),
    problems: chooser.problems,
  };
}

type Fields = Pick<Mapping, 'name' | 'login' | 'email' | 'password' | 'company'>;

function usedBy({ name, login, email, password, company }: Fields): Set<number> {
  const single = [login, email, password, company].filter((index) => index !== undefined);
  return new Set([...name, ...single]);
}

/** One known name may be the cell of a row by chance, such as the login "user". */
const KNOWN_NAMES_OF_HEADER = 2;

function looksLikeHeader(columns: readonly string[], overrides: readonly MapOverride[]): boolean {
  const given = new Set(overrides.map(({ column }) => findColumn(columns, column)));
  const known = columns.filter((column, index) => given.has(index) || isKnownName(column));
  return new Set(known).size >= KNOWN_NAMES_OF_HEADER;
}

/** The names of the columns by field: `First Name + Last Name`. */
export function mappingSources(mapping: Mapping): Record<string, string> {
  const title = (index: number) => mapping.columns[index] ?? '';
  const sources: Record<string, string> = {};
  if (mapping.name.length > 0) sources['name'] = mapping.name.map(title).join(' + ');
  for (const field of ['login', 'email', 'password', 'company'] as const) {
    const index = mapping[field];
    if (index !== undefined) sources[field] = title(index);
  }
  return sources;
}

/** What was found, a line for each field and one for the rest: `login ← Username`. */
export function describeMapping(mapping: Mapping): string[] {
  const { columns, company, activity } = mapping;
  const standIn = company === undefined ? {} : { name: `${columns[company]} (there is no name)` };
  const sources: Record<string, string> = { ...standIn, ...mappingSources(mapping) };
  const used = new Set([...usedBy(mapping), ...activity]);
  const ignored = columns.filter((column, index) => column !== '' && !used.has(index));
  return [
    ...['name', 'login', 'email', 'password', 'company'].map(
      (field) => `${field} ← ${sources[field] ?? 'no column'}`,
    ),
    ...(activity.length > 0
      ? [`active or not ← ${activity.map((index) => columns[index]).join(', ')}`]
      : []),
    ...(ignored.length > 0 ? [`ignored: ${ignored.join(', ')}`] : []),
  ];
}
