import { OxhostError } from '../../errors.ts';
import { MAP_FIELDS, type MapField, normaliseName } from './recognition.ts';

/** One `--map field=Column`. */
export interface MapOverride {
  readonly field: MapField;
  readonly column: string;
}

/**
 * Reads `email=Contact Mail`. Everything behind the first `=` is the column's name, as it is.
 * @throws OxhostError `usage`
 */
export function parseMapOption(option: string): MapOverride {
  const equals = option.indexOf('=');
  if (equals === -1) {
    throw new OxhostError('usage', `--map needs field=Column, not "${option}".`);
  }
  const given = option.slice(0, equals);
  const field = MAP_FIELDS.find((name) => normaliseName(name) === normaliseName(given));
  if (field === undefined) {
    throw new OxhostError(
      'usage',
      `--map knows no field "${given}"; it can be ${MAP_FIELDS.join(', ')}.`,
    );
  }
  const column = option.slice(equals + 1);
  if (column.trim() === '') {
    throw new OxhostError('usage', `--map ${given}= needs the name of a column after the =.`);
  }
  return { field, column };
}

/** The column that is meant: by exact name in Unicode form C, else by the only one that is the same when normalised. */
export function findColumn(columns: readonly string[], wanted: string): number | undefined {
  const form = wanted.normalize('NFC');
  const exact = columns.findIndex((column) => column.normalize('NFC') === form);
  if (exact !== -1) return exact;
  const normalised = normaliseName(wanted);
  if (normalised === '') return undefined;
  const alike = columns.flatMap((column, index) =>
    normaliseName(column) === normalised ? [index] : [],
  );
  return alike.length === 1 ? alike[0] : undefined;
}

/** Up to three columns whose names are near to the one that was given, nearest first. */
export function closestColumns(columns: readonly string[], wanted: string): string[] {
  const target = normaliseName(wanted);
  const limit = Math.max(2, Math.floor(target.length / 2));
  return columns
    .map((column) => ({ column, distance: nearness(normaliseName(column), target) }))
    .filter(({ distance }) => distance <= limit)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ column }) => column);
}

function nearness(name: string, target: string): number {
  if (name === '' || target === '') return Number.POSITIVE_INFINITY;
  if (name.includes(target) || target.includes(name)) return 1;
  return editDistance(name.slice(0, 64), target.slice(0, 64));
}

/** Levenshtein's distance: insertions, deletions and replacements. */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const removed = (previous[column] ?? 0) + 1;
      const added = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, removed, added));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
