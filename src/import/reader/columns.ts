import { unreadable } from './record.ts';

/** A list of clients has a few dozen at most. */
const MOST_COLUMNS = 1_000;
const ADDRESS = /\S@\S+\.\S/;

/**
 * Makes column names of a header's cells, in Unicode form C and with a space for a line break.
 * Those that have no name, or that of another, matter only where they are used.
 * @throws OxhostError for a header that looks like data.
 */
export function headerColumns(cells: readonly string[], line: number): string[] {
  if (cells.some((cell) => ADDRESS.test(cell))) {
    throw unreadable(
      `Line ${line} holds an e-mail address where the column names should be.`,
      'The first line must name the columns, for example: name,login,email,password',
    );
  }
  if (cells.length > MOST_COLUMNS) {
    throw unreadable(`The header at line ${line} has more than ${MOST_COLUMNS} columns.`);
  }
  return cells.map((cell) =>
    cell
      .trim()
      .replace(/\s*[\r\n]\s*/g, ' ')
      .normalize('NFC'),
  );
}
