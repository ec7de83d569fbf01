import { OxhostError } from '../../errors.ts';

const NAMES = ['name', 'first_name', 'last_name'] as const;
export const MAP_FIELDS = [...NAMES, 'login', 'email', 'password', 'company'] as const;

export type MapField = (typeof MAP_FIELDS)[number];

type Names = Readonly<Partial<Record<MapField, string>>>;

/** Normalised column names of the systems that clients are moved from. */
const RECOGNISED: Names = {
  name: 'name fullname contactname clientname customername pname contact displayname',
  first_name: 'firstname fname givenname',
  last_name: 'lastname lname surname familyname',
  login: 'login loginname username user pleskuser pleskusername',
  email: 'email emailaddress mail contactemail',
  password: 'password passwd pass pwd',
  company: 'company companyname cname organization organisation org business',
};

/** Names that count only when the field has no better column. */
const SECOND_CHOICE: Names = {
  login: 'userid account',
  password: 'password2',
};

const ACTIVITY = 'status clientstatus suspended issuspended';

export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The indexes of the columns whose name says so; a second choice is to be used with care. */
export function recognise(field: MapField, columns: readonly string[]) {
  const first = indexesOf(RECOGNISED[field], columns);
  if (first.length > 0) return { columns: first, isSecondChoice: false };
  const second = indexesOf(SECOND_CHOICE[field], columns);
  return { columns: second, isSecondChoice: second.length > 0 };
}

export function isKnownName(column: string): boolean {
  const name = normaliseName(column);
  return [...Object.values(RECOGNISED), ...Object.values(SECOND_CHOICE), ACTIVITY].some((names) =>
    names.split(' ').includes(name),
  );
}

export function activityColumns(columns: readonly string[]): number[] {
  return indexesOf(ACTIVITY, columns);
}

function indexesOf(names = '', columns: readonly string[]): number[] {
  const all = names.split(' ');
  return columns.flatMap((column, index) => {
    const name = normaliseName(column);
    return name !== '' && all.includes(name) ? [index] : [];
  });
}

export interface MapOverride {
  readonly field: MapField;
  readonly column: string;
}

/**
 * Reads `email=Contact Mail`. Everything behind the first `=` is the column's name, as it is.
 * @throws OxhostError `usage`
 */
export function parseMapOption(option: string): MapOverride {
  const [, given = '', column = ''] = /^([^=]*)=(.*\S.*)$/s.exec(option) ?? [];
  if (column === '') {
    throw new OxhostError('usage', `--map needs field=Column, not "${option}".`);
  }
  const field = MAP_FIELDS.find((name) => normaliseName(name) === normaliseName(given));
  if (field !== undefined) return { field, column };
  const known = MAP_FIELDS.join(', ');
  throw new OxhostError('usage', `--map knows no field "${given}"; it can be ${known}.`);
}

/** The column that is meant: by exact name in Unicode form C, else by the only one that is the same when normalised. */
export function findColumn(columns: readonly string[], wanted: string): number | undefined {
  const form = wanted.normalize('NFC');
  const exact = columns.findIndex((column) => column.normalize('NFC') === form);
  if (exact !== -1) return exact;
  const normalised = normaliseName(wanted);
  if (normalised === '') return undefined;
  const alike = columns.flatMap((column, index) =>
    normaliseName(column) === normalised ? [index] : [],
  );
  return alike.length === 1 ? alike[0] : undefined;
}
