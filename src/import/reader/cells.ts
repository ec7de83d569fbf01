/** C0, DEL and C1. */
const CONTROL = /\p{Cc}/u;
/** Line breaks and tabs are ordinary in columns that nobody uses, such as postal addresses. */
const HARD_CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const LONE_SURROGATE = /\p{Cs}/u;

/** Which columns the caller will use, in the order of the shape's columns. */
export type ColumnUse = readonly boolean[];

export function columnUse(columns: readonly string[], used?: ReadonlySet<string>): ColumnUse {
  return columns.map((column) => used === undefined || used.has(column));
}

/**
 * Looks for characters that make a row unusable: any control character or half a surrogate pair
 * in a column in use, control characters other than tab, LF and CR in any other.
 */
export function findCellProblems(
  columns: readonly string[],
  cells: readonly string[],
  use: ColumnUse,
): string[] {
  const problems: string[] = [];
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index] ?? '';
    if (isHarmless(cell)) continue;
    const isUsed = use[index] === true;
    const control = (isUsed ? CONTROL : HARD_CONTROL).exec(cell);
    if (control !== null) {
      problems.push(`column "${columns[index]}" holds ${controlName(control[0])}`);
    } else if (isUsed && LONE_SURROGATE.test(cell)) {
      problems.push(`column "${columns[index]}" holds half of a surrogate pair`);
    }
  }
  return problems;
}

/** Whether none of the patterns can match. Nearly all cells are so, and a loop knows it soonest. */
function isHarmless(cell: string): boolean {
  for (let index = 0; index < cell.length; index += 1) {
    const code = cell.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000)) {
      return false;
    }
  }
  return true;
}

function controlName(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break';
  if (character === '\t') return 'a tab';
  if (character === '\0') return 'a NUL character';
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `a control character (U+${code})`;
}
