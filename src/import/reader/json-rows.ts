import { type ColumnUse, findCellProblems } from './cells.ts';
import { COLUMNS_MAXIMUM, findNameProblem } from './columns.ts';
import { InputError } from './input-error.ts';
import { ArraySplitter } from './json-array.ts';
import {
  type JsonRecord,
  named,
  readJsonKeys,
  readJsonRecord,
  type Unusable,
} from './json-record.ts';
import { LineSplitter } from './ndjson-lines.ts';
import { type InputShape, RECORD_MAXIMUM, type Row, type RowFault } from './row.ts';

type Chunks = AsyncGenerator<Buffer, void, undefined>;

interface RecordText {
  readonly line: number;
  /** Undefined for a record above the maximum. */
  readonly text: string | undefined;
}

/**
 * Collects the keys of every readable object; this takes a pass over the whole file, since the
 * first object need not have them all.
 * @throws InputError when the file's structure is broken, or it has too many different keys.
 */
export async function inspectJson(chunks: Chunks, format: 'ndjson' | 'json'): Promise<InputShape> {
  const columns = new Set<string>();
  for await (const records of readRecordTexts(chunks, format)) {
    for (const { line, text } of records) {
      if (text === undefined) continue;
      const parsed = readJsonKeys(text);
      if ('problem' in parsed) {
        refuseInvalid(parsed, line, format);
        continue;
      }
      for (const key of parsed.keys) {
        if (!columns.has(key) && findNameProblem(key) === undefined) columns.add(key);
      }
      if (columns.size > COLUMNS_MAXIMUM) {
        throw new InputError(
          `there are more than ${COLUMNS_MAXIMUM} different keys by line ${line}`,
          {
            line,
            hint: 'Each object must be one client.',
          },
        );
      }
    }
  }
  return { format, delimiter: undefined, columns: [...columns] };
}

/** The rows, in batches of one chunk each. */
export async function* readJsonRows(
  chunks: Chunks,
  shape: InputShape,
  format: 'ndjson' | 'json',
  use: ColumnUse,
): AsyncGenerator<(Row | RowFault)[], void, undefined> {
  const places = new Map(shape.columns.map((column, index) => [column, index]));
  let row = 0;
  for await (const records of readRecordTexts(chunks, format)) {
    const batch: (Row | RowFault)[] = [];
    for (const { line, text } of records) {
      row += 1;
      if (text === undefined) {
        const message = `is larger than ${RECORD_MAXIMUM} characters`;
        batch.push({ kind: 'fault', row, line, message });
        continue;
      }
      const result = toCells(readRecord(text, line, format), shape.columns, places, use, line);
      batch.push(
        typeof result === 'string'
          ? { kind: 'fault', row, line, message: result, source: text }
          : { kind: 'row', row, line, cells: result, source: text },
      );
    }
    if (batch.length > 0) yield batch;
  }
}

async function* readRecordTexts(
  chunks: Chunks,
  format: 'ndjson' | 'json',
): AsyncGenerator<RecordText[], void, undefined> {
  const splitter = format === 'ndjson' ? new LineSplitter() : new ArraySplitter();
  let isEmpty = true;
  for await (const chunk of chunks) {
    const text = chunk.toString('utf8');
    isEmpty &&= text.trim() === '';
    yield splitter.take(text).filter(hasContent(format));
  }
  // A file of white space holds no array, but no mistake either: it has 0 rows in every format.
  if (isEmpty) return;
  yield (splitter.finish() ?? []).filter(hasContent(format));
}

function hasContent(format: 'ndjson' | 'json'): (record: RecordText) => boolean {
  return ({ text }) => format === 'json' || text === undefined || text.trim() !== '';
}

function readRecord(text: string, line: number, format: 'ndjson' | 'json'): JsonRecord {
  const record = readJsonRecord(text);
  if ('problem' in record) refuseInvalid(record, line, format);
  return record;
}

/** One broken line of NDJSON says nothing of the next; a broken element makes the array no JSON. */
function refuseInvalid(
  { problem, isInvalid }: Unusable,
  line: number,
  format: 'ndjson' | 'json',
): void {
  if (format === 'ndjson' || !isInvalid) return;
  throw new InputError(`the record at line ${line} ${problem}`, { line });
}

function toCells(
  record: JsonRecord,
  columns: readonly string[],
  places: ReadonlyMap<string, number>,
  use: ColumnUse,
  line: number,
): string[] | string {
  if ('problem' in record) return record.problem;
  const cells = new Array<string>(columns.length).fill('');
  const isFilled = new Array<boolean>(columns.length).fill(false);
  const problems: string[] = [];
  for (const { key, kind, text } of record.members) {
    const place = places.get(key);
    if (place === undefined) {
      problems.push(`has a key that ${unknownKey(key, line)}`);
      continue;
    }
    const isText = kind === 'text' || kind === 'number';
    if (isFilled[place] === true) problems.push(`has the key "${key}" twice`);
    else if (!isText && use[place] === true) {
      problems.push(`column "${key}" holds ${named(kind)}, not text`);
    }
    isFilled[place] = true;
    cells[place] = kind === 'null' ? '' : text;
  }
  if (problems.length === 0) problems.push(...findCellProblems(columns, cells, use));
  return problems.length > 0 ? problems.join('; ') : cells;
}

/** All keys that can be columns are known from the pass before this one. */
function unknownKey(key: string, line: number): string {
  const problem = findNameProblem(key);
  if (problem !== undefined) return problem;
  throw new InputError(`the keys at line ${line} changed while the file was being read`, {
    line,
    hint: 'Start again when nothing writes to the file any more.',
  });
}
