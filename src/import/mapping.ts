import { Chooser } from './mapping/chooser.ts';
import type { MapOverride } from './mapping/overrides.ts';
import type { Mapping } from './mapping/plan.ts';
import { activityColumns } from './mapping/recognition.ts';

export { describeMapping, mappingSources } from './mapping/description.ts';
export { type MappedRow, mapRow } from './mapping/map-row.ts';
export { MapOptionError, type MapOverride, parseMapOption } from './mapping/overrides.ts';
export type { Mapping, MappingProblem } from './mapping/plan.ts';
export type { MapField } from './mapping/recognition.ts';

/**
 * Finds the columns of the fields by their names; overrides stand above what is recognised, and
 * may give one column to two fields. A name is one column, else first and last name together,
 * else the company. A password is not required: what its absence means is for the caller.
 */
export function mapColumns(
  columns: readonly string[],
  overrides: readonly MapOverride[] = [],
): Mapping {
  const chooser = new Chooser(columns, overrides);
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
