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
interface Choice {
  readonly column: number | undefined;
  readonly isSecondChoice: boolean;
}

const LONGEST_LIST = 600;
const OWN_NAMES = 'Give each column a name of its own.';

/** Chooses one column after the other and collects what is wrong on the way. */
export class Chooser {
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
