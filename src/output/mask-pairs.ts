import { type Found, type Pair, valueAt } from './pair-values.ts';
import { maskUnlessWords } from './plain-words.ts';
import { endOfText, QUOTE, TAG } from './quotes.ts';
import { isSecretName, MASK } from './secret-names.ts';

/** Gives what stands in place of a value; words are what is said about a secret. */
type Replace = (value: string, isWords: boolean) => string;

/** `a=`, `a: `, `a is `, `"a":`, `[a] => `, `["a"]=>`, `<b>a</b>: `. */
const NAME_AND_SEPARATOR = new RegExp(
  String.raw`(?<open>${QUOTE})?(?<![\w.[\]-])(?<name>[\w.[\]-]+)(?<close>${QUOTE})?\]?(?:[ \t]|${TAG}){0,40}(?<separator>=>|:=|==?|(?:(?<=\s)(?:is|was)[ \t]?)?:|(?<=\s)(?:is|was)(?=\s))(?<gap>(?:\s|${TAG}|string\(\d{1,9}\)){0,40})`,
  'gi',
);

const XML_ELEMENT = /<([\w.:-]{1,100})((?:\s[^<>]{0,200})?)>([^<>]+)(?=<\/|$)/g;
const HTML_INPUT = /<input\b[^<>]{0,1000}/gi;
const USER_OF_URL = /(\/\/[^\s/@:"'<>]{0,100}:)([^\s/@"'<>]{1,200})(?=@)/g;

const ERRORS_BEFORE = /["']errors?\\*["']\s*:\s*[{[][^{}]*$/i;
/** Where a text was cut, a word may be the beginning of a secret. */
const LAST_TOKEN = /(?<![^\s"[\]{},])[^\s"[\]{},]+$/;

/** Characters before a name in which to look for what it belongs to. */
const LOOKED_BACK = 500;

/**
 * Masks the values of secret names in a text of any kind: JSON that is cut or stands in a string,
 * forms, HTML, headers, dumps. Words behind a name stay where no equals sign is between, as in
 * "password: is too short". Pure; takes time in proportion to the text.
 */
export function maskPairs(text: string): string {
  return replaceSecretValues(text, (value, isWords) => (isWords ? maskUnlessWords(value) : MASK));
}

/** As `maskPairs`, with another replacement. Pure. */
export function replaceSecretValues(text: string, replace: Replace): string {
  if (!/[=:>]|%3[ad]|\s(?:is|was)\s/i.test(text)) return text;
  const plain = inPairs(inTags(text, replace), replace);
  if (!/%(?:3[ad]|5b)/i.test(plain)) return plain;
  return plain.replace(/[^\s"'<>]+/g, (token) => {
    const decoded = decode(token);
    const replaced = inPairs(decoded, replace);
    return replaced === decoded ? token : replaced;
  });
}

function decode(token: string): string {
  return token.replace(/%[2-7][\da-f]/gi, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
}

/** `<password>x</password>`, `<input name="password" value="x">`, `//user:x@host`. */
function inTags(text: string, replace: Replace): string {
  return text
    .replace(XML_ELEMENT, (whole, name: string, attributes: string, value: string) =>
      isSecretName(name) && value.trim() !== ''
        ? `<${name}${attributes}>${replace(value, false)}`
        : whole,
    )
    .replace(HTML_INPUT, (tag) => {
      const name = /\sname\s*=\s*["']?([^\s"'<>]+)/i.exec(tag)?.[1] ?? '';
      if (!isSecretName(name)) return tag;
      return tag.replace(
        /(\svalue\s*=\s*["']?)([^"'<>]+)/i,
        (_whole, before: string, value: string) => `${before}${replace(value, false)}`,
      );
    })
    .replace(
      USER_OF_URL,
      (_whole, before: string, value: string) => `${before}${replace(value, false)}`,
    );
}

function inPairs(text: string, replace: Replace): string {
  let replaced = '';
  let from = 0;
  for (const match of text.matchAll(NAME_AND_SEPARATOR)) {
    if (match.index < from || !hasSecretName(text, match)) continue;
    const found = valueAt(text, match.index + match[0].length, pairOf(text, match));
    if (found === null || found.end <= found.start) continue;
    replaced += text.slice(from, found.start) + replaceFound(text, found, replace);
    from = found.end;
  }
  return replaced + text.slice(from);
}

function replaceFound(text: string, { start, end, isWords }: Found, replace: Replace): string {
  const value = text.slice(start, end);
  const last = isWords && end === endOfText(text) ? value.search(LAST_TOKEN) : -1;
  if (last === -1) return replace(value, isWords);
  return replace(value.slice(0, last), true) + replace(value.slice(last), false);
}

function hasSecretName(text: string, { index, groups }: RegExpMatchArray & { index: number }) {
  const { open, name = '' } = groups ?? {};
  if (isSecretName(name)) return true;
  if (open !== undefined) return false;
  // In escaped text the `n` of a line break stands before the name.
  if (text[index - 1] === '\\' && /^[nrt]/.test(name)) return isSecretName(name.slice(1));
  if (!/^(?:key|code)$/i.test(name)) return false;
  const word = /[\w-]{1,20}[ \t]$/.exec(text.slice(Math.max(0, index - 21), index))?.[0];
  return word !== undefined && isSecretName(word + name);
}

function pairOf(text: string, { index, groups }: RegExpMatchArray & { index: number }): Pair {
  const { open, name = '', close, separator = '', gap = '' } = groups ?? {};
  return {
    isQuoted: open !== undefined && open === close,
    isAssigned: separator.includes('='),
    isCookie: /cookie/i.test(name),
    isApart: gap !== '',
    isAmongErrors: () => ERRORS_BEFORE.test(text.slice(Math.max(0, index - LOOKED_BACK), index)),
  };
}
