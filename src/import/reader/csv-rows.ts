import { type ColumnUse, findCellProblems } from './cells.ts';
import { headerColumns } from './columns.ts';
import { type CsvEvent, type CsvRecord, readCsv } from './csv.ts';
import { findDelimiter } from './delimiter.ts';
import { InputError } from './input-error.ts';
import type { LineEnd } from './line-ends.ts';
import type { Delimiter, InputNote, InputShape, Row, RowFault } from './row.ts';

type Chunks = AsyncGenerator<Buffer, void, undefined>;

/**
 * Reads the header only.
 * @throws InputError for a header that cannot be used.
 */
export async function inspectCsv(
  chunks: Chunks,
  format: 'csv' | 'tsv',
  wanted?: Delimiter,
): Promise<InputShape> {
  const { delimiter, line, chunks: rest } = await findDelimiter(chunks, wanted);
  for await (const events of readCsv(rest, { delimiter, line })) {
    const header = firstRecord(events);
    if (header !== undefined) {
      return { format, delimiter, columns: headerColumns(header.cells, header.line) };
    }
  }
  return { format, delimiter, columns: [] };
}

/** The rows below the header, in batches of one chunk each. */
export async function* readCsvRows(
  chunks: Chunks,
  shape: InputShape,
  use: ColumnUse,
  onNote: (note: InputNote) => void,
): AsyncGenerator<(Row | RowFault)[], void, undefined> {
  const { delimiter, line, chunks: rest } = await findDelimiter(chunks, shape.delimiter);
  const rows = new CsvRows(shape.columns, use, onNote);
  for await (const events of readCsv(rest, { delimiter, line })) {
    const batch = rows.take(events);
    if (batch.length > 0) yield batch;
  }
  rows.finish();
}

function firstRecord(events: readonly CsvEvent[]): CsvRecord | undefined {
  for (const event of events) {
    if (event.kind === 'fault') {
      throw new InputError(`the header at line ${event.line} ${event.message}`, {
        line: event.line,
      });
    }
    if (event.cells.some((cell) => cell.trim() !== '')) return event;
  }
  return undefined;
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

class CsvRows {
  private readonly columns: readonly string[];
  private readonly use: ColumnUse;
  private readonly onNote: (note: InputNote) => void;
  private hasHeader = false;
  /** Cells of the header, those without a name at its end included. */
  private width = 0;
  private row = 0;
  private blanks = 0;
  private firstBlank = 0;
  private lineEnd: LineEnd | undefined;
  private isMixed = false;

  constructor(columns: readonly string[], use: ColumnUse, onNote: (note: InputNote) => void) {
    this.columns = columns;
    this.use = use;
    this.onNote = onNote;
  }

  take(events: readonly CsvEvent[]): (Row | RowFault)[] {
    const batch: (Row | RowFault)[] = [];
    for (const event of events) {
      if (event.kind === 'record') this.noteLineEnd(event);
      if (!this.hasHeader) {
        this.takeHeader(event);
      } else if (event.kind === 'fault') {
        this.row += 1;
        batch.push({ ...event, row: this.row });
      } else if (isBlank(event.cells)) {
        this.noteBlank(event);
      } else {
        this.row += 1;
        batch.push(this.toRow(event));
      }
    }
    return batch;
  }

  finish(): void {
    if (this.blanks === 0) return;
    const count = this.blanks === 1 ? 'a row' : `${this.blanks} rows, the first here,`;
    this.onNote({ line: this.firstBlank, message: `${count} without any text left out` });
  }

  private takeHeader(event: CsvEvent): void {
    const header = firstRecord([event]);
    if (header === undefined) return;
    const columns = headerColumns(header.cells, header.line);
    if (columns.join('\n') !== this.columns.join('\n')) {
      throw new InputError('the header changed while the file was being read', {
        line: header.line,
        hint: 'Start again when nothing writes to the file any more.',
      });
    }
    this.hasHeader = true;
    this.width = header.cells.length;
  }

  private toRow({ line, cells }: CsvRecord): Row | RowFault {
    const { row } = this;
    if (cells.length !== this.width) {
      const message = `has ${countCells(cells.length)} where the header has ${this.width}`;
      // Without the nameless columns a row that lacks one would pass for whole.
      const kept = cells.length === this.columns.length ? [...cells, ''] : cells;
      return { kind: 'fault', row, line, message, cells: kept };
    }
    if (this.width > this.columns.length) return this.withoutNameless(line, cells);
    return this.checked(line, cells);
  }

  private withoutNameless(line: number, cells: readonly string[]): Row | RowFault {
    const { row } = this;
    const named = this.columns.length;
    const filled = cells.findIndex((cell, index) => index >= named && cell.trim() !== '');
    if (filled === -1) return this.checked(line, cells.slice(0, named));
    const message = `has text in column ${filled + 1}, which has no name`;
    return { kind: 'fault', row, line, message, cells };
  }

  private checked(line: number, cells: readonly string[]): Row | RowFault {
    const { row } = this;
    const problems = findCellProblems(this.columns, cells, this.use);
    if (problems.length > 0)
      return { kind: 'fault', row, line, message: problems.join('; '), cells };
    return { kind: 'row', row, line, cells };
  }

  private noteBlank({ line, cells }: CsvRecord): void {
    // An empty line is nothing to speak of; a line of delimiters may be a row that lost its text.
    if (cells.length === 1) return;
    if (this.blanks === 0) this.firstBlank = line;
    this.blanks += 1;
  }

  private noteLineEnd({ line, lineEnd, cells }: CsvRecord): void {
    if (lineEnd === undefined || this.isMixed) return;
    this.lineEnd ??= lineEnd;
    if (lineEnd === this.lineEnd) return;
    this.isMixed = true;
    const spans = cells.some((cell) => /[\n\r]/.test(cell)) ? 'the record at line' : 'line';
    this.onNote({
      line,
      message: `line ends are mixed: ${spans} ${line} ends with ${lineEnd}, those before it with ${this.lineEnd}`,
    });
  }
}

function countCells(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}
