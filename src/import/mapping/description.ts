import type { Mapping } from './plan.ts';

/** What was found, a line for each field and one for the rest: `name ← First Name + Last Name`. */
export function describeMapping(mapping: Mapping): string[] {
  const { columns, name, company, activity, ignored } = mapping;
  const title = (index: number) => columns[index] ?? '';
  const one = (index: number | undefined) => (index === undefined ? 'no column' : title(index));
  const nameSource =
    name.length > 0 ? name.map(title).join(' + ') : `${one(company)} (there is no name)`;
  const lines = [
    `name ← ${name.length === 0 && company === undefined ? 'no column' : nameSource}`,
    `login ← ${one(mapping.login)}`,
    `email ← ${one(mapping.email)}`,
    `password ← ${one(mapping.password)}`,
    `company ← ${one(company)}`,
  ];
  if (activity.length > 0) lines.push(`active or not ← ${activity.map(title).join(', ')}`);
  if (ignored.length > 0) lines.push(`ignored: ${ignored.join(', ')}`);
  return lines;
}

/** The names of the columns by field, as a journal keeps them. */
export function mappingSources(mapping: Mapping): Record<string, string | readonly string[]> {
  const title = (index: number) => mapping.columns[index] ?? '';
  const sources: Record<string, string | readonly string[]> = {};
  const [first, second] = mapping.name;
  if (first !== undefined) {
    sources['name'] = second === undefined ? title(first) : mapping.name.map(title);
  }
  for (const field of ['login', 'email', 'password', 'company'] as const) {
    const index = mapping[field];
    if (index !== undefined) sources[field] = title(index);
  }
  return sources;
}
