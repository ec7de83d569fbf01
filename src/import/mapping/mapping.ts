import { shorten } from '../../output/text.ts';
import {
  activityColumns,
  findColumn,
  isKnownName,
  type MapField,
  type MapOverride,
  recognise,
} from './fields.ts';

/** Columns of the fields, as indexes; a name is one column, or first and last name in this order. */
interface Fields {
  readonly name: readonly number[];
  readonly login: number | undefined;
  readonly email: number | undefined;
  readonly password: number | undefined;
  readonly company: number | undefined;
}

export interface Mapping extends Fields {
  readonly columns: readonly string[];
  /** Whether they are surely names, and not the cells of a first row, which nobody should see. */
  readonly isHeader: boolean;
  /** Whether the login's column often holds a number, which is then an id and no login. */
  readonly isLoginDoubtful: boolean;
  /** Columns such as status, which tell whether a client is still active. */
  readonly activity: readonly number[];
  /** All of them at once; rows must not be mapped while there is any. */
  readonly problems: readonly MappingProblem[];
}

export interface MappingProblem {
  readonly field: MapField;
  /** What is wrong and what to do, without the last full stop. */
  readonly message: string;
}

const LONGEST_LIST = 600;
const OWN_NAMES = 'Give each column a name of its own.';

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
  const problems: MappingProblem[] = [];
  const refuse = (field: MapField, message: string) => {
    problems.push({ field, message });
  };
  const titles = (indexes: readonly number[]) => indexes.map((index) => `"${columns[index]}"`);
  const withName = (index: number) =>
    columns.flatMap((name, other) => (name === columns[index] ? [other] : []));
  const all = shorten(
    columns
      .filter(Boolean)
      .map((name) => `"${name}"`)
      .join(', '),
    LONGEST_LIST,
  );
  const given = overrides.map((one) => ({ ...one, index: findColumn(columns, one.column) }));

  function choose(field: MapField): number | undefined {
    const own = given.filter((one) => one.field === field);
    const [first] = own;
    if (first === undefined) return chooseRecognised(field);
    const { column, index } = first;
    if (own.length > 1) {
      const names = own.map((one) => `"${one.column}"`).join(' and ');
      const message = `--map gives ${titleOf(field)} more than one column: ${names}`;
      refuse(field, `${message}. Keep one --map ${field}=Column.`);
    }
    if (index === undefined) {
      const others = isHeader ? `it has ${all}. Name one of those.` : 'look at the first line.';
      refuse(
        field,
        `--map ${field}=${column} names a column that the file does not have; ${others}`,
      );
    } else if (withName(index).length > 1) {
      // A name that two columns have says nothing; it matters only where it is used.
      const places = withName(index).map((place) => place + 1);
      const message = `columns ${places.join(' and ')} are both named "${columns[index]}"`;
      refuse(field, `${message}. ${OWN_NAMES}`);
    }
    return index;
  }

  function chooseRecognised(field: MapField): number | undefined {
    const found = recognise(field, columns).columns;
    const free = found.filter((index) => !given.some((one) => one.index === index));
    // A column that is given to another field still serves this one when it is the only one.
    const candidates = free.length > 0 ? free : found;
    if (candidates.length > 1) {
      const single = candidates.find((index) => withName(index).length === 1);
      const hint =
        single === undefined ? OWN_NAMES : `Say which one: --map "${field}=${columns[single]}"`;
      const names = titles(candidates).join(' and ');
      refuse(field, `more than one column could hold the ${titleOf(field)}: ${names}. ${hint}`);
    }
    return candidates[0];
  }

  const part = overrides.find(({ field }) => field === 'first_name' || field === 'last_name');
  const whole = part === undefined ? choose('name') : undefined;
  const name = whole === undefined ? [choose('first_name'), choose('last_name')] : [whole];
  const fields = {
    name: name.filter((index) => index !== undefined),
    login: choose('login'),
    email: choose('email'),
    password: choose('password'),
    company: choose('company'),
  };
  if (part !== undefined && overrides.some(({ field }) => field === 'name')) {
    const message = `--map gives both name and ${part.field} a column`;
    refuse('name', `${message}. Keep either name, or first_name and last_name.`);
  }
  const isMissing = {
    name: fields.name.length === 0 && fields.company === undefined,
    login: fields.login === undefined,
    email: fields.email === undefined,
  };
  for (const field of ['name', 'login', 'email'] as const) {
    if (!isMissing[field] || problems.some((known) => known.field.endsWith(field))) continue;
    const others = isHeader ? `; the file has ${all}` : '';
    refuse(field, `no column holds the ${field}${others}. Name the column: --map ${field}=Column`);
  }
  const used = usedBy(fields);
  return {
    columns,
    isHeader,
    ...fields,
    isLoginDoubtful:
      recognise('login', columns).isSecondChoice && !given.some(({ field }) => field === 'login'),
    activity: activityColumns(columns).filter((index) => !used.includes(index)),
    problems,
  };
}

function usedBy({ name, login, email, password, company }: Fields): (number | undefined)[] {
  return [...name, login, email, password, company];
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
  const used = [...usedBy(mapping), ...activity];
  const ignored = columns.filter((column, index) => column !== '' && !used.includes(index));
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

function titleOf(field: MapField): string {
  return field.replace('_', ' ');
}
