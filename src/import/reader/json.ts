import { parse } from 'lossless-json';
import { type Cell, type Fault, type Row, type Table, unreadable } from './record.ts';

type JsonObject = Readonly<Record<string, unknown>>;
type JsonRecord = { readonly line: number } & (
  | { readonly value: JsonObject }
  | { readonly problem: string }
);

/**
 * The objects of a JSON array, or of lines of JSON; the columns are the keys of all of them.
 * @throws OxhostError where an array is not valid JSON.
 */
export function readJson(text: string, format: 'ndjson' | 'json'): Table {
  const records: JsonRecord[] = [];
  const columns = new Set<string>();
  for (const element of format === 'json' ? arrayElements(text) : linesOf(text)) {
    const record = { line: element.line, ...readObject(element.text) };
    records.push(record);
    if ('value' in record) for (const key of Object.keys(record.value)) columns.add(key);
    else if (format === 'json' && record.problem.startsWith(INVALID)) {
      throw unreadable(`The record at line ${record.line} ${record.problem}.`);
    }
  }
  const keys = [...columns];
  const rows = records.map((record, index): Row | Fault => {
    const place = { row: index + 1, line: record.line };
    if ('problem' in record) return { ...place, problem: record.problem };
    return { ...place, cells: keys.map((key) => cellOf(record.value, key)) };
  });
  return { format, hasHeader: false, columns: keys, records: rows };
}

function cellOf(object: JsonObject, key: string): Cell {
  const value = Object.hasOwn(object, key) ? object[key] : '';
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'boolean') return { kind: 'a boolean' };
  return { kind: Array.isArray(value) ? 'an array' : 'an object' };
}

const PHPMYADMIN = /^\s*\[\s*\{\s*"type"\s*:\s*"header"/;
/** As far as the bracket of its rows. */
const TABLE_OF_PHPMYADMIN =
  /\{\s*"type"\s*:\s*"table"\s*,\s*"name"\s*:\s*"([^"]*)"[^{}[\]]*"data"\s*:\s*(?=\[\s*\{)/g;

function* arrayElements(text: string): Generator<Element> {
  let start = text.search(/\S/);
  if (start === -1) return;
  if (PHPMYADMIN.test(text)) {
    const tables = [...text.matchAll(TABLE_OF_PHPMYADMIN)];
    const [table] = tables;
    if (table === undefined) throw unreadable('The export of phpMyAdmin has no table with rows.');
    if (tables.length > 1) {
      const names = tables.map(([, name]) => `"${name}"`).join(', ');
      throw unreadable(
        `The export of phpMyAdmin has more than one table: ${names}.`,
        'Export the one that holds the clients.',
      );
    }
    yield* elementsOf(text, table.index + table[0].length);
    return;
  }
  if (text[start] !== '[') {
    throw unreadable(
      'The file begins with no [ and so holds no JSON array.',
      'For one object a line, give --format ndjson.',
    );
  }
  start = yield* elementsOf(text, start);
  if (text.slice(start).trim() !== '') {
    throw unreadable('There is something behind the JSON array.', 'One file holds one array.');
  }
}

function* linesOf(text: string): Generator<Element> {
  let line = 0;
  for (const found of text.split(/\r\n|\n|\r/)) {
    line += 1;
    const trimmed = found.trim();
    if (trimmed !== '') yield { line, text: trimmed };
  }
}

const INVALID = 'is not valid JSON';
class RepeatedKey extends Error {}

function readObject(text: string): { value: JsonObject } | { problem: string } {
  if (text === '') return { problem: `${INVALID}: there is a comma too many` };
  try {
    const value = parse(text, null, { onDuplicateKey, parseNumber: asItIs });
    return text.startsWith('{') ? { value: value as JsonObject } : { problem: 'is not an object' };
  } catch (error) {
    if (error instanceof RepeatedKey) return { problem: `has the key "${error.message}" twice` };
    // The stack is exhausted.
    if (error instanceof RangeError) return { problem: 'is nested too deeply' };
    return { problem: INVALID };
  }
}

/** By its own digits, so that none is rounded. */
const asItIs = (digits: string) => digits;

function onDuplicateKey({ key }: { key: string }): never {
  throw new RepeatedKey(key);
}

interface Element {
  readonly line: number;
  /** Without white space around it; empty where a comma stands in place of an element. */
  readonly text: string;
}

/**
 * Cuts the text of a JSON array, whose bracket is at `start`, into the texts of its elements; whether
 * these are valid JSON is for a parser to say. @returns the offset behind the array.
 */
function* elementsOf(text: string, start: number): Generator<Element, number> {
  const token = /["[\]{},]|\r\n|[\r\n]/g;
  let line = 1 + (text.slice(0, start).match(/\r\n|\r|\n/g)?.length ?? 0);
  let depth = 0;
  let from = start + 1;
  let opened: number | undefined;
  let count = 0;
  token.lastIndex = from;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const { 0: sign, index } = found;
    const isBreak = sign.trim() === '';
    if (opened === undefined) {
      if (!isBreak || text.slice(from, index).trim() !== '') opened = line;
      else from = index;
    }
    if (isBreak) line += 1;
    else if (sign === '"') token.lastIndex = stringEnd(text, index, line);
    else if (sign === '{' || sign === '[') depth += 1;
    else if (depth === 0 && (sign === ',' || sign === ']')) {
      const element = { line: opened ?? line, text: text.slice(from, index).trim() };
      if (sign === ',' || count > 0 || element.text !== '') yield element;
      if (sign === ']') return index + 1;
      count += 1;
      from = index + 1;
      opened = undefined;
    } else if (sign === '}' || sign === ']') {
      if (depth === 0) throw unreadable(`There is a } too many at line ${line}.`);
      depth -= 1;
    }
  }
  throw unreadable(
    text.slice(from).trim() === ''
      ? 'The file ends before its JSON array does.'
      : `The file ends within the record that begins at line ${opened ?? line}.`,
  );
}

function stringEnd(text: string, index: number, line: number): number {
  for (let end = index + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x22) return end + 1;
    if (code === 0x5c) end += 1;
    else if (code < 0x20) break;
  }
  throw unreadable(`The text that opens at line ${line} is not closed on that line.`);
}
