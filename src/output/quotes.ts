/** Source of a pattern: a quotation mark, also escaped for JSON any number of times, or for HTML. */
export const QUOTE = String.raw`\\{0,15}["'\x60]|\\{1,15}u002[27]|&quot;|&#0?3[49];|&#x2[27];`;

/** Source of a pattern: an HTML tag. */
export const TAG = String.raw`<\/?[a-z][^<>]{0,200}>`;

const QUOTE_OR_BRACKET = new RegExp(`${QUOTE}|[[\\]{}]`, 'gi');

/** The quotation mark that a text begins with, or nothing. */
export function openingQuote(text: string): string {
  return new RegExp(`^(?:${QUOTE})`, 'i').exec(text)?.[0] ?? '';
}

/** Where what follows an opening quote ends: at its closing one, at that of the text around, or nowhere. */
export function endOfQuoted(text: string, start: number, quote: string): number {
  const [mark, level] = split(quote);
  for (const { 0: found, index } of text.slice(start).matchAll(QUOTE_OR_BRACKET)) {
    const [foundMark, slashes] = split(found);
    if (foundMark !== mark) continue;
    // Each level of escaping doubles the backslashes and adds one.
    if (slashes < level || slashes % (2 * (level + 1)) === level) return start + index;
  }
  return endOfText(text);
}

/** Behind the bracket that closes the one at `start`, or nowhere. */
export function endOfNested(text: string, start: number): number {
  let depth = 0;
  let from = start;
  for (const { 0: found, index } of text.slice(start).matchAll(QUOTE_OR_BRACKET)) {
    const at = start + index;
    if (at < from) continue;
    if (found === '[' || found === '{') depth += 1;
    else if (found === ']' || found === '}') depth -= 1;
    else from = endOfQuoted(text, at + found.length, found) + found.length;
    if (depth <= 0) return at + found.length;
  }
  return endOfText(text);
}

/** Before an ellipsis, which says that the text was cut. */
export function endOfText(text: string): number {
  return text.endsWith('…') ? text.length - 1 : text.length;
}

function split(quote: string): [mark: string, slashes: number] {
  const mark = quote.replace(/^\\+/, '').toLowerCase();
  return [mark, quote.length - mark.length];
}
