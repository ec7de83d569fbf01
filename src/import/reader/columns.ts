import { InputError } from './input-error.ts';

/** A list of clients has a few dozen at most; the cap bounds what hostile JSON can pile up. */
export const COLUMNS_MAXIMUM = 1_000;

const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Cs}/u;
const ADDRESS = /\S@\S+\.\S/;

/**
 * Makes column names of a header's cells; nameless ones at its end, which spreadsheets like to
 * write, are left out.
 * @throws InputError for blank and unsafe names, and for a header that looks like data.
 */
export function headerColumns(cells: readonly string[], line: number): string[] {
  const names = cells.map((cell) => cell.trim());
  const named = names.findLastIndex((name) => name !== '') + 1;
  names.length = Math.max(named, 1);
  if (names.some((name) => ADDRESS.test(name))) {
    throw new InputError(`line ${line} holds an e-mail address where the column names should be`, {
      line,
      hint: 'The first line must name the columns, for example: name,login,email,password',
    });
  }
  if (names.length > COLUMNS_MAXIMUM) {
    throw new InputError(`the header has more than ${COLUMNS_MAXIMUM} columns`, { line });
  }
  const problems = nameProblems(names);
  if (problems.length > 0) {
    throw new InputError(`the header at line ${line} is not usable: ${problems.join('; ')}`, {
      line,
      hint: 'Give each column a name of its own.',
    });
  }
  return names;
}

/** Why a name cannot be a column's, as a fragment; undefined when it can. */
export function findNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'has no name';
  if (CONTROL.test(name)) return 'has a control character in its name';
  if (LONE_SURROGATE.test(name)) return 'has half of a surrogate pair in its name';
  if (name === '__proto__') return 'has the name "__proto__", which is not allowed';
  return undefined;
}

function nameProblems(names: readonly string[]): string[] {
  return names.flatMap((name, index) => {
    const problem = findNameProblem(name);
    return problem === undefined ? [] : [`column ${index + 1} ${problem}`];
  });
}
