import { unreadable } from './record.ts';

export interface Element {
  /** Physical line at which it begins. */
  readonly line: number;
  /** Without white space around it; empty where a comma stands in place of an element. */
  readonly text: string;
}

/**
 * Cuts the text of a JSON array into the texts of its elements. It knows strings and depth; whether
 * an element is valid JSON is for a parser to say.
 * @param start the offset of the array's bracket.
 * @returns the offset behind the array.
 * @throws OxhostError where the array does not end.
 */
export function* elementsOf(text: string, start: number): Generator<Element, number> {
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

/** The offset behind the string that opens at index. */
function stringEnd(text: string, index: number, line: number): number {
  for (let end = index + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x22) return end + 1;
    if (code === 0x5c) end += 1;
    else if (code < 0x20) break;
  }
  throw unreadable(`The text that opens at line ${line} is not closed on that line.`);
}
