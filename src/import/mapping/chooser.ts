import { shorten } from '../../output/sanitize.ts';
import { findColumn, type MapField, type MapOverride, normaliseName, recognise } from './fields.ts';

/** A reason why rows cannot be read with a mapping. */
export interface MappingProblem {
  readonly field: MapField;
  /** A whole sentence without the full stop. */
  readonly message: string;
  readonly hint: string;
}

/** The column of one field. */
export interface Choice {
  readonly column: number | undefined;
  readonly isSecondChoice: boolean;
}

const LONGEST_LIST = 600;
const OWN_NAMES = 'Give each column a name of its own.';

/** Chooses one column after the other and collects what is wrong on the way. */
export class Chooser {
  readonly problems: MappingProblem[] = [];
  private readonly columns: readonly string[];
  private readonly overrides: readonly MapOverride[];
  private readonly mayShow: boolean;

  /** @param mayShow whether the columns are surely names, and no cells. */
  constructor(columns: readonly string[], overrides: readonly MapOverride[], mayShow: boolean) {
    this.columns = columns;
    this.overrides = overrides;
    this.mayShow = mayShow;
  }

  chooseName(): number[] {
    const parts = this.overrides.filter(({ field }) => /^(?:first|last)_name$/.test(field));
    const [part] = parts;
    if (part !== undefined && this.givenTo('name').length > 0) {
      this.problem(
        'name',
        `--map gives both name and ${part.field} a column`,
        'Keep either name, or first_name and last_name.',
      );
    }
    const whole = part === undefined ? this.choose('name').column : undefined;
    if (whole !== undefined) return [...this.firstNameOf(whole), whole];
    return [this.choose('first_name').column, this.choose('last_name').column].filter(
      (column) => column !== undefined,
    );
  }

  /** ISPConfig: contact_name is a last name where there is a contact_firstname. */
  private firstNameOf(whole: number): number[] {
    if (normaliseName(this.columns[whole] ?? '') !== 'contactname') return [];
    if (this.givenTo('name').length > 0) return [];
    if (!recognise('first_name', this.columns).isSecondChoice) return [];
    const { column } = this.choose('first_name');
    return column === undefined ? [] : [column];
  }

  choose(field: MapField): Choice {
    const given = this.givenTo(field);
    return given.length > 0 ? this.chooseGiven(field, given) : this.chooseRecognised(field);
  }

  /** Says that a field has no column, unless something else is known to be wrong with it. */
  miss(field: 'name' | 'login' | 'email'): void {
    const isKnown = this.problems.some((problem) => baseOf(problem.field) === field);
    if (isKnown) return;
    this.problem(
      field,
      `no column holds the ${field}${this.found('; the file has')}`,
      `Name the column: --map ${field}=Column`,
    );
  }

  private givenTo(field: MapField): string[] {
    return this.overrides.flatMap((one) => (one.field === field ? [one.column] : []));
  }

  private chooseGiven(field: MapField, given: readonly string[]): Choice {
    if (given.length > 1) {
      const names = given.map((name) => `"${name}"`).join(' and ');
      this.problem(
        field,
        `--map gives ${label(field)} more than one column: ${names}`,
        `Keep one --map ${field}=Column.`,
      );
    }
    const wanted = given[0] ?? '';
    const column = findColumn(this.columns, wanted);
    if (column === undefined) {
      this.problem(
        field,
        `--map ${field}=${wanted} names a column that the file does not have${this.found('; it has')}`,
        this.mayShow ? 'Name one of those.' : 'Look at the first line.',
      );
    }
    if (column !== undefined) this.refuseRepeated(field, column);
    return { column, isSecondChoice: false };
  }

  private chooseRecognised(field: MapField): Choice {
    const found = recognise(field, this.columns);
    const free = found.columns.filter((index) => !this.isGiven(index));
    // A column that is given to another field still serves this one when it is the only one.
    const candidates = free.length > 0 ? free : found.columns;
    const [first] = candidates;
    if (first !== undefined && candidates.length > 1) {
      const names = candidates.map((index) => `"${this.columns[index]}"`).join(' and ');
      const single = candidates.find((index) => this.sameName(index).length === 1);
      this.problem(
        field,
        `more than one column could hold the ${label(field)}: ${names}`,
        single === undefined
          ? OWN_NAMES
          : `Say which one: --map "${field}=${this.columns[single]}"`,
      );
    }
    return { column: first, isSecondChoice: found.isSecondChoice };
  }

  /** A name that two columns have says nothing; it matters only where it is used. */
  private refuseRepeated(field: MapField, column: number): void {
    const places = this.sameName(column);
    if (places.length === 1) return;
    const numbers = places.map((index) => index + 1).join(' and ');
    this.problem(field, `columns ${numbers} are both named "${this.columns[column]}"`, OWN_NAMES);
  }

  private sameName(column: number): number[] {
    return this.columns.flatMap((name, index) => (name === this.columns[column] ? [index] : []));
  }

  private found(words: string): string {
    if (!this.mayShow) return '';
    const names = this.columns.filter((name) => name !== '').map((name) => `"${name}"`);
    return `${words} ${shorten(names.join(', '), LONGEST_LIST)}`;
  }

  private isGiven(index: number): boolean {
    return this.overrides.some(({ column }) => findColumn(this.columns, column) === index);
  }

  private problem(field: MapField, message: string, hint: string): void {
    this.problems.push({ field, message, hint });
  }
}

function baseOf(field: MapField): MapField {
  return field === 'first_name' || field === 'last_name' ? 'name' : field;
}

function label(field: MapField): string {
  return field.replace('_', ' ');
}
