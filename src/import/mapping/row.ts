import type { Cell } from '../reader/record.ts';
import type { Mapping } from './mapping.ts';

/** A row's fields, trimmed but for the password; what is missing or blank is left out. */
export interface MappedRow {
  /** In Unicode form C. */
  readonly name?: string;
  readonly login?: string;
  readonly email?: string;
  readonly password?: string;
  /** In Unicode form C. */
  readonly company?: string;
  /** Why it cannot be used, as far as its cells tell. */
  readonly problems: readonly string[];
  /** Fields that a problem is about. */
  readonly faulty: ReadonlySet<Field>;
  /** Whether a cell says that there is nothing: NULL, or null in JSON. */
  readonly hasNull: boolean;
  /** Whether the company stands in for the name. */
  readonly isNamedByCompany: boolean;
  /** Why the row is probably no client any more: `"Status" is "Closed"`; undefined for others. */
  readonly inactive: string | undefined;
}

export type Field = 'name' | 'login' | 'email' | 'password' | 'company';

const NOTHING = new Set(['NULL', '\\N', '(NULL)']);
const SPREADSHEET_ERROR =
  /^#(?:N\/A|NAME\?|REF!|VALUE!|DIV\/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|###+)$/;
const INACTIVE = /^(?:closed|inactive|fraud|terminated|suspended|cancell?ed)$/i;
const YES = /^(?:1|true|yes|y)$/i;
const SUSPENDED_COLUMN = /suspended/i;

/**
 * Takes a row's fields out of its cells; judging their values is for the account check.
 * @param generatePasswords whether a cell for the password may be lacking.
 */
export function mapRow(
  mapping: Mapping,
  cells: readonly Cell[],
  generatePasswords: boolean,
): MappedRow {
  const reading = new Reading(mapping, cells, generatePasswords);
  const ownName = mapping.name
    .map((index) => reading.field('name', index))
    .filter((part) => part !== undefined)
    .join(' ');
  const company = reading.field('company', mapping.company)?.normalize('NFC');
  const name = ownName === '' ? company : ownName.normalize('NFC');
  const login = reading.login();
  const email = reading.email();
  const password = reading.field('password', mapping.password);
  const { problems, faulty, hasNull } = reading;
  const inactive = inactivity(mapping, cells);
  return {
    ...(name !== undefined && { name }),
    ...(login !== undefined && { login }),
    ...(email !== undefined && { email }),
    ...(password !== undefined && { password }),
    ...(company !== undefined && { company }),
    problems,
    faulty,
    hasNull,
    isNamedByCompany: ownName === '' && company !== undefined,
    inactive,
  };
}

/** Reads the cells of one row and collects what is wrong with them. */
class Reading {
  readonly problems: string[] = [];
  readonly faulty = new Set<Field>();
  hasNull = false;
  readonly #mapping: Mapping;
  readonly #cells: readonly Cell[];
  readonly #generatePasswords: boolean;

  constructor(mapping: Mapping, cells: readonly Cell[], generatePasswords: boolean) {
    this.#mapping = mapping;
    this.#cells = cells;
    this.#generatePasswords = generatePasswords;
  }

  field(field: Field, index: number | undefined): string | undefined {
    if (index === undefined) return undefined;
    const cell = this.#cells[index];
    if (cell === undefined) return this.#lacking(field);
    if (cell !== null && typeof cell === 'object') {
      return this.#problem(field, `${field} is ${cell.kind}, not text`);
    }
    const text = cell?.trim() ?? null;
    if (text === null || NOTHING.has(text)) {
      this.hasNull = true;
      return undefined;
    }
    if (SPREADSHEET_ERROR.test(text)) {
      return this.#problem(field, `${field} is an error of a spreadsheet, such as #N/A`);
    }
    if (text === '') return undefined;
    return field === 'password' ? (cell as string) : text;
  }

  login(): string | undefined {
    const { login, isLoginDoubtful, columns } = this.#mapping;
    const text = this.field('login', login);
    if (text === undefined || !isLoginDoubtful || !/^\d+$/.test(text)) return text;
    return this.#problem(
      'login',
      `login is missing: "${columns[login ?? 0]}" holds a number, which is taken for an id`,
    );
  }

  email(): string | undefined {
    const text = this.field('email', this.#mapping.email);
    if (text === undefined) return undefined;
    if (/^mailto:/i.test(text)) {
      return this.#problem('email', 'email must be the address alone, without "mailto:"');
    }
    if (/<[^<>]*>$/.test(text)) {
      return this.#problem(
        'email',
        'email must be the address alone, without a name and without < >',
      );
    }
    return text;
  }

  /** Spreadsheets leave out the empty cells at the end of a row. */
  #lacking(field: Field): undefined {
    const isRequired = field !== 'company' && !(field === 'password' && this.#generatePasswords);
    if (!isRequired) return undefined;
    const { length } = this.#cells;
    const has = length === 1 ? '1 cell' : `${length} cells`;
    const problem = `has ${has} where the header has ${this.#mapping.columns.length}`;
    if (!this.problems.includes(problem)) this.problems.push(problem);
    this.faulty.add(field);
  }

  #problem(field: Field, problem: string): undefined {
    this.problems.push(problem);
    this.faulty.add(field);
  }
}

function inactivity(mapping: Mapping, cells: readonly Cell[]): string | undefined {
  for (const index of mapping.activity) {
    const cell = cells[index];
    const value = typeof cell === 'string' ? cell.trim() : '';
    const column = mapping.columns[index] ?? '';
    const pattern = SUSPENDED_COLUMN.test(column) ? YES : INACTIVE;
    if (pattern.test(value)) return `"${column}" is "${value}"`;
  }
  return undefined;
}
