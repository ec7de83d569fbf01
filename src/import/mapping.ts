import { Chooser } from './mapping/chooser.ts';
import { findColumn, type MapOverride } from './mapping/overrides.ts';
import type { Mapping } from './mapping/plan.ts';
import { activityColumns, isKnownName } from './mapping/recognition.ts';

export { describeMapping, mappingSources } from './mapping/description.ts';
export { type MappedRow, mapRow } from './mapping/map-row.ts';
export { MapOptionError, type MapOverride, parseMapOption } from './mapping/overrides.ts';
export type { Mapping, MappingProblem } from './mapping/plan.ts';
export type { MapField } from './mapping/recognition.ts';

/**
 * Finds the columns of the fields by their names; overrides stand above what is recognised, and
 * may give one column to two fields. A name is one column, else first and last name together,
 * else the company. A password is not required: what its absence means is for the caller.
 * @param source keys are names in any case; a first line may be a row of a file without a header.
 */
export function mapColumns(
  columns: readonly string[],
  overrides: readonly MapOverride[] = [],
  source: 'keys' | 'header' = 'header',
): Mapping {
  const isHeader = source === 'keys' || looksLikeHeader(columns, overrides);
  const chooser = new Chooser(columns, overrides, isHeader);
  const name = chooser.chooseName();
  const login = chooser.choose('login');
  const email = chooser.choose('email');
  const password = chooser.choose('password');
  const company = chooser.choose('company');
  if (name.length === 0 && company.column === undefined) chooser.miss('name');
  if (login.column === undefined) chooser.miss('login');
  if (email.column === undefined) chooser.miss('email');

  const taken = [
    ...name,
    ...[login, email, password, company].flatMap(({ column }) => column ?? []),
  ];
  const activity = activityColumns(columns).filter((index) => !taken.includes(index));
  return {
    columns,
    isHeader,
    name,
    login: login.column,
    isLoginDoubtful: login.isSecondChoice,
    email: email.column,
    password: password.column,
    company: company.column,
    activity,
    used: new Set(columns.filter((_, index) => taken.includes(index))),
    ignored: columns.filter((_, index) => !taken.includes(index) && !activity.includes(index)),
    problems: chooser.problems,
  };
}

/** One known name may be the cell of a row by chance, such as the login "user". */
const KNOWN_NAMES_OF_HEADER = 2;

function looksLikeHeader(columns: readonly string[], overrides: readonly MapOverride[]): boolean {
  const given = new Set(overrides.map(({ column }) => findColumn(columns, column)));
  const known = columns.filter((column, index) => given.has(index) || isKnownName(column));
  return new Set(known).size >= KNOWN_NAMES_OF_HEADER;
}
