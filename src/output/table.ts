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
  layout: TableLayout,
): string {
  const nameWidth = Math.max(0, ...pairs.map(([name]) => stringWidth(name)));
  const valueWidth = layout.width - nameWidth - GAP.length;
  if (valueWidth < NARROWEST_COLUMN)
    return pairs.map((pair) => renderStacked(pair, layout)).join('');
  return pairs
    .flatMap(([name, value]) =>
      fold(value, valueWidth).map(
        (line, index) => `${layout.heading(pad(index === 0 ? name : '', nameWidth))}${GAP}${line}`,
      ),
    )
    .map(endLine)
    .join('');
}

function renderStacked([name, value]: readonly [string, string], layout: TableLayout): string {
  const names = fold(name, layout.width).map((line) => layout.heading(line));
  const values = fold(value, Math.max(2, layout.width - GAP.length));
  return [...names, ...values.map((line) => `${GAP}${line}`)].map(endLine).join('');
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
  const available = layout.width - GAP.length * (columns.length - 1);
  const widths = shrink(
    columns.map((column, index) =>
      Math.max(stringWidth(column), ...rows.map((row) => stringWidth(row[index] ?? ''))),
    ),
    available,
  );
  if (sum(widths) > available) {
    return rows
      .map((row) =>
        renderPairs(
          columns.map((column, index) => [column, row[index] ?? '']),
          layout,
        ),
      )
      .join('\n');
  }
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
  return [...folded(columns).map((text) => layout.heading(text)), ...rows.flatMap(folded)]
    .map(endLine)
    .join('');
}

function shrink(widths: number[], available: number): number[] {
  const fitted = [...widths];
  while (sum(fitted) > available) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if ((fitted[widest] ?? 0) <= NARROWEST_COLUMN) break;
    fitted[widest] = (fitted[widest] ?? 0) - 1;
  }
  return fitted;
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
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
