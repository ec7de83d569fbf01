import { columnUse } from './cells.ts';
import { inspectCsv, readCsvRows } from './csv-rows.ts';
import { readFileChunks } from './file.ts';
import { inspectJson, readJsonRows } from './json-rows.ts';
import type { Delimiter, InputFormat, InputNote, InputShape, Row, RowFault } from './row.ts';
import { validUtf8 } from './utf8.ts';

/** A path, or what opens the same bytes anew for each pass. */
export type InputSource = string | (() => AsyncIterable<Uint8Array>);

export interface InspectOptions {
  /** Default: by the ending of the file's name, else by its first character. */
  readonly format?: InputFormat;
  /** CSV only; default: found in the header. */
  readonly delimiter?: Delimiter;
  /** Ends the reading of a long file; its reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface ReadOptions {
  /** Columns whose values the caller uses; these are checked more strictly. Default: all. */
  readonly used?: ReadonlySet<string>;
  readonly onNote?: (note: InputNote) => void;
  /** Told how much of a file has been read, up to 1, before the rows of each chunk. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Finds out what a file is and which columns it has. CSV and TSV: reads as far as the header;
 * JSON formats: reads the whole file.
 * @throws InputError, and the reason of the signal.
 */
export async function inspectInput(
  source: InputSource,
  options: InspectOptions = {},
): Promise<InputShape> {
  const format = options.format ?? formatByName(source) ?? (await formatByContent(source));
  const chunks = untilAborted(open(source), options.signal);
  if (format === 'csv') return inspectCsv(chunks, format, options.delimiter);
  if (format === 'tsv') return inspectCsv(chunks, format, '\t');
  return inspectJson(chunks, format);
}

/**
 * Reads rows and faults in the order of the file, with memory that does not depend on its size.
 * They come in batches, since waiting for each of a million rows takes longer than reading it.
 * The cells may share memory with the chunk that they came from: copy what is kept for long.
 * @param shape what `inspectInput` found in the same file.
 * @throws InputError where reading cannot go on; every earlier row has been given by then, but
 *   for those of the same chunk.
 */
export async function* readBatches(
  source: InputSource,
  shape: InputShape,
  options: ReadOptions = {},
): AsyncGenerator<readonly (Row | RowFault)[], void, undefined> {
  if (shape.columns.length === 0 && shape.delimiter !== undefined) return;
  const use = columnUse(shape.columns, options.used);
  const onNote = options.onNote ?? (() => undefined);
  const chunks = open(source, options.onProgress);
  yield* shape.format === 'csv' || shape.format === 'tsv'
    ? readCsvRows(chunks, shape, use, onNote)
    : readJsonRows(chunks, shape, shape.format, use);
}

/** `readBatches`, one by one. */
export async function* readRows(
  source: InputSource,
  shape: InputShape,
  options: ReadOptions = {},
): AsyncGenerator<Row | RowFault, void, undefined> {
  for await (const batch of readBatches(source, shape, options)) yield* batch;
}

function open(
  source: InputSource,
  onProgress?: (share: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  return validUtf8(typeof source === 'string' ? readFileChunks(source, onProgress) : source());
}

async function* untilAborted(
  chunks: AsyncGenerator<Buffer, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

function formatByName(source: InputSource): InputFormat | undefined {
  if (typeof source !== 'string') return undefined;
  const ending = /\.([a-z]+)$/i.exec(source)?.[1]?.toLowerCase();
  if (ending === 'jsonl') return 'ndjson';
  return ending === 'csv' || ending === 'tsv' || ending === 'ndjson' || ending === 'json'
    ? ending
    : undefined;
}

async function formatByContent(source: InputSource): Promise<InputFormat> {
  for await (const chunk of open(source)) {
    const first = chunk.toString('utf8').trimStart()[0];
    if (first === '{') return 'ndjson';
    if (first === '[') return 'json';
    if (first !== undefined) return 'csv';
  }
  return 'csv';
}
