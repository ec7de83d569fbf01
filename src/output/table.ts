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

/** Name and value, one pair a row; a long value folds under itself. */
export function renderPairs(
  pairs: readonly (readonly [string, string])[],
  layout: TableLayout,
): string {
  const nameWidth = Math.max(0, ...pairs.map(([name]) => stringWidth(name)));
  const valueWidth = Math.max(NARROWEST_COLUMN, layout.width - nameWidth - GAP.length);
  return pairs
    .flatMap(([name, value]) =>
      fold(value, valueWidth).map(
        (line, index) => `${layout.heading(pad(index === 0 ? name : '', nameWidth))}${GAP}${line}`,
      ),
    )
    .map(endLine)
    .join('');
}

/** A heading and rows; columns that do not fit shrink, widest first, and their cells fold. */
export function renderRows(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  layout: TableLayout,
): string {
  const widths = fit(
    columns.map((column, index) =>
      Math.max(stringWidth(column), ...rows.map((row) => stringWidth(row[index] ?? ''))),
    ),
    layout.width - GAP.length * (columns.length - 1),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  const folded = (row: readonly string[]) => {
    const cells = widths.map((width, index) => fold(row[index] ?? '', width));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, index) =>
      line(cells.map((cell) => cell[index] ?? '')),
    );
  };
  return [...folded(columns).map(layout.heading), ...rows.flatMap(folded)].map(endLine).join('');
}

function fit(widths: number[], available: number): number[] {
  const fitted = [...widths];
  while (fitted.reduce((sum, width) => sum + width, 0) > available) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if ((fitted[widest] ?? 0) <= NARROWEST_COLUMN) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

function fold(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, trim: false, wordWrap: true })
    .split('\n')
    .map((line) => line.trimEnd());
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function endLine(line: string): string {
  return `${line.trimEnd()}\n`;
}
