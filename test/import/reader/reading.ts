import type { OxhostError } from '../../../src/errors.ts';
import type { Fault, Row } from '../../../src/import/reader/record.ts';
import { type ReadOptions, readTable } from '../../../src/import/reader/table.ts';

/** Reads a file from memory, its records with their places. */
export function readAll(content: string | Buffer, options: Partial<ReadOptions> = {}) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const table = readTable(bytes, {
    operand: 'clients',
    format: undefined,
    ...options,
  });
  const items = [...table.records];
  return { ...table, items, lines: items.map(shown) };
}

/** `1@2 a|b` for row 1 at line 2, `1@2 ! what is wrong` for a fault. */
function shown(record: Row | Fault): string {
  const place = `${record.row}@${record.line}`;
  if ('problem' in record) return `${place} ! ${record.problem}`;
  const cells = record.cells.map((cell) =>
    cell !== null && typeof cell === 'object' ? `(${cell.kind})` : String(cell),
  );
  return `${place} ${cells.join('|')}`;
}

/** The message and the hint of what is thrown. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { message, code, details } = error as OxhostError;
    return `${code}: ${message} ${details.hint ?? ''}`.trim();
  }
  throw new Error('nothing was thrown');
}
