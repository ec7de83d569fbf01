import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

export interface TableLayout {
  /** Columns of the terminal. */
  width: number;
  /** Applied to names and headings, after the layout is known. */
  heading: (text: string) => string;
}

const GAP = '  ';
const NARROWEST_COLUMN = 8;

/**
 * Name and value, one pair a row; a long value folds under itself. Where the terminal is too narrow
 * for two columns, the value stands below its name.
 */
export function renderPairs(
  pairs: readonly (readonly [string, string])[],
  { width, heading }: TableLayout,
): string {
  const names = Math.max(0, ...pairs.map(([name]) => stringWidth(name)));
  const values = width - names - GAP.length;
  const lines = pairs.flatMap(([name, value]) =>
    values < NARROWEST_COLUMN
      ? [
          ...fold(name, width).map(heading),
          ...fold(value, Math.max(2, width - GAP.length)).map((line) => `${GAP}${line}`),
        ]
      : fold(value, values).map(
          (line, index) => `${heading(pad(index === 0 ? name : '', names))}${GAP}${line}`,
        ),
  );
  return inLines(lines);
}

/**
 * A heading and rows; columns that do not fit shrink, widest first, and their cells fold. Where not
 * even that fits, each row becomes pairs of its own.
 */
export function renderRows(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  layout: TableLayout,
): string {
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column), ...rows.map((row) => stringWidth(row[index] ?? ''))),
  );
  const total = () => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  while (total() > layout.width) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST_COLUMN) {
      const pairsOf = (row: readonly string[]) =>
        columns.map((column, index) => [column, row[index] ?? ''] as const);
      return rows.map((row) => renderPairs(pairsOf(row), layout)).join('\n');
    }
    widths[widths.indexOf(widest)] = widest - 1;
  }
  const folded = (row: readonly string[]) => {
    const cells = widths.map((width, index) => fold(row[index] ?? '', width));
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
      cells.map((cell, index) => pad(cell[line] ?? '', widths[index] ?? 0)).join(GAP),
    );
  };
  const headings = folded(columns).map((line) => layout.heading(line.trimEnd()));
  return inLines([...headings, ...rows.flatMap(folded)]);
}

function fold(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, trim: false, wordWrap: true }).split('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function inLines(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
