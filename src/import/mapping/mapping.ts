import { shorten } from '../../output/sanitize.ts';
import {
  activityColumns,
  findColumn,
  isKnownName,
  type MapField,
  type MapOverride,
  normaliseName,
  recognise,
} from './fields.ts';

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

/** A reason why rows cannot be read with a mapping. */
export interface MappingProblem {
  readonly field: MapField;
  /** A whole sentence without the full stop. */
  readonly message: string;
  readonly hint: string;
}

/** The column of one field. */
interface Choice {
  readonly column: number | undefined;
  readonly isSecondChoice: boolean;
}

const LONGEST_LIST = 600;
const OWN_NAMES = 'Give each column a name of its own.';

/** Chooses one column after the other and collects what is wrong on the way. */
class Chooser {
  readonly problems: MappingProblem[] = [];
  readonly #columns: readonly string[];
  readonly #overrides: readonly MapOverride[];
  readonly #mayShow: boolean;

  /** @param mayShow whether the columns are surely names, and no cells. */
  constructor(columns: readonly string[], overrides: readonly MapOverride[], mayShow: boolean) {
    this.#columns = columns;
    this.#overrides = overrides;
    this.#mayShow = mayShow;
  }

  chooseName(): number[] {
    const part = this.#overrides.find(({ field }) => /^(?:first|last)_name$/.test(field));
    const isGiven = this.#givenTo('name').length > 0;
    if (part !== undefined && isGiven) {
      this.#refuse(
        'name',
        `--map gives both name and ${part.field} a column`,
        'Keep either name, or first_name and last_name.',
      );
    }
    const whole = part === undefined ? this.choose('name').column : undefined;
    // ISPConfig: contact_name is a last name where there is a contact_firstname.
    const isLastName =
      !isGiven &&
      normaliseName(this.#columns[whole ?? -1] ?? '') === 'contactname' &&
      recognise('first_name', this.#columns).isSecondChoice;
    const found =
      whole !== undefined && !isLastName
        ? [whole]
        : [this.choose('first_name').column, whole ?? this.choose('last_name').column];
    return found.filter((column) => column !== undefined);
  }

  choose(field: MapField): Choice {
    const given = this.#givenTo(field);
    return given.length > 0 ? this.#chooseGiven(field, given) : this.#chooseRecognised(field);
  }

  /** Says that a field has no column, unless something else is known to be wrong with it. */
  miss(field: 'name' | 'login' | 'email'): void {
    if (this.problems.some((problem) => problem.field.endsWith(field))) return;
    const message = `no column holds the ${field}${this.#listed('; the file has')}`;
    this.#refuse(field, message, `Name the column: --map ${field}=Column`);
  }

  #givenTo(field: MapField): string[] {
    return this.#overrides.flatMap((one) => (one.field === field ? [one.column] : []));
  }

  #chooseGiven(field: MapField, given: readonly string[]): Choice {
    if (given.length > 1) {
      const names = given.map((name) => `"${name}"`).join(' and ');
      const message = `--map gives ${titleOf(field)} more than one column: ${names}`;
      this.#refuse(field, message, `Keep one --map ${field}=Column.`);
    }
    const [wanted = ''] = given;
    const column = findColumn(this.#columns, wanted);
    if (column === undefined) {
      this.#refuse(
        field,
        `--map ${field}=${wanted} names a column that the file does not have${this.#listed('; it has')}`,
        this.#mayShow ? 'Name one of those.' : 'Look at the first line.',
      );
    } else {
      const places = this.#sameName(column).map((index) => index + 1);
      const message = `columns ${places.join(' and ')} are both named "${this.#columns[column]}"`;
      // A name that two columns have says nothing; it matters only where it is used.
      if (places.length > 1) this.#refuse(field, message, OWN_NAMES);
    }
    return { column, isSecondChoice: false };
  }

  #chooseRecognised(field: MapField): Choice {
    const { columns, isSecondChoice } = recognise(field, this.#columns);
    const given = this.#overrides.map(({ column }) => findColumn(this.#columns, column));
    const free = columns.filter((index) => !given.includes(index));
    // A column that is given to another field still serves this one when it is the only one.
    const candidates = free.length > 0 ? free : columns;
    if (candidates.length > 1) {
      const names = candidates.map((index) => `"${this.#columns[index]}"`).join(' and ');
      const single = candidates.find((index) => this.#sameName(index).length === 1);
      this.#refuse(
        field,
        `more than one column could hold the ${titleOf(field)}: ${names}`,
        single === undefined
          ? OWN_NAMES
          : `Say which one: --map "${field}=${this.#columns[single]}"`,
      );
    }
    return { column: candidates[0], isSecondChoice };
  }

  #sameName(column: number): number[] {
    return this.#columns.flatMap((name, index) => (name === this.#columns[column] ? [index] : []));
  }

  #listed(words: string): string {
    if (!this.#mayShow) return '';
    const names = this.#columns.filter((name) => name !== '').map((name) => `"${name}"`);
    return `${words} ${shorten(names.join(', '), LONGEST_LIST)}`;
  }

  #refuse(field: MapField, message: string, hint: string): void {
    this.problems.push({ field, message, hint });
  }
}

function titleOf(field: MapField): string {
  return field.replace('_', ' ');
}
