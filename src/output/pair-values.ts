import { isPlainWord, isSentence } from './plain-words.ts';
import { endOfNested, endOfQuoted, openingQuote, QUOTE, TAG } from './quotes.ts';

/** How a name and its value stand together. */
export interface Pair {
  /** The name is in quotation marks, as names are in JSON. */
  isQuoted: boolean;
  /** By an equals sign, as in no sentence. */
  isAssigned: boolean;
  isCookie: boolean;
  /** Something stands between the separator and the value. */
  isApart: boolean;
  /** It is a member of an object called `errors`. */
  isAmongErrors: () => boolean;
}

export interface Found {
  start: number;
  end: number;
  /** It is what is said about a secret, not one. */
  isWords: boolean;
}

/** Up to the next pair, tag, white space or closing mark; an ellipsis says that the text was cut. */
const BARE_VALUE = new RegExp(
  String.raw`^(?:(?!${TAG}|[&;,](?:\s|$|[\w.%[\]-]+=)|(?<!\\)"|(?:${QUOTE})(?:[\s,:;&<>)}\]]|$)|…$|[)\]}]{1,9}(?:[\s,;"'.]|$))\S)+`,
  'i',
);
const BARE_JSON = /^[^\s,\]}"]+/;
const SCHEME_AND_CREDENTIALS = /^(?:bearer|basic|digest)\s+[^\s"'<>]+/i;
const REST_OF_LINE = /^[^\r\n"<]+/;

/** The value that begins there, or null where there is none that could be a secret. Pure. */
export function valueAt(text: string, start: number, pair: Pair): Found | null {
  const rest = text.slice(start);
  const quote = openingQuote(rest);
  if (quote !== '') return quotedAt(text, start, quote, pair);
  if (!pair.isAssigned && /^[[{]/.test(rest)) return nestedAt(text, start, pair);
  const secret = ({ length }: string): Found => ({ start, end: start + length, isWords: false });
  const found = (pattern: RegExp) => pattern.exec(rest)?.[0] ?? '';

  if (pair.isQuoted && !pair.isAssigned) {
    const literal = found(BARE_JSON);
    return /^(?:true|false|null)$/.test(literal) ? null : secret(literal);
  }
  if (pair.isCookie) return secret(found(REST_OF_LINE));
  const scheme = found(SCHEME_AND_CREDENTIALS);
  if (scheme !== '') return secret(scheme);
  const value = found(BARE_VALUE);
  const isWord = !pair.isAssigned && pair.isApart && isPlainWord(value);
  return isWord ? null : secret(value);
}

function quotedAt(text: string, at: number, quote: string, pair: Pair): Found | null {
  const start = at + quote.length;
  // It may close the text that the name is at the end of.
  if (!pair.isQuoted && /^\s*(?:[,}\]:;)]|$)/.test(text.slice(start, start + 20))) return null;
  const end = endOfQuoted(text, start, quote);
  return { start, end, isWords: isWords(text.slice(start, end), pair, !pair.isQuoted) };
}

function nestedAt(text: string, start: number, pair: Pair): Found {
  const end = endOfNested(text, start);
  return { start, end, isWords: isWords(text.slice(start, end), pair, text[start] === '[') };
}

function isWords(value: string, pair: Pair, mayBeSentence: boolean): boolean {
  if (pair.isAssigned) return false;
  return (mayBeSentence && isSentence(value)) || pair.isAmongErrors();
}
