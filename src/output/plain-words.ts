import { MASK } from './secret-names.ts';

const LONGEST_WORD = 24;

/** What JSON writes around texts stands in no word. */
const TOKEN = /[^\s"[\]{},]+/g;

const AUTHENTICATION = /\b(bearer|basic|digest)\s+[^\s"[\]{},]+/gi;

/**
 * Whether people write it so in a sentence: one case but for the first letter, or a short number,
 * with marks around. Passwords that machines make have digits, marks or changes of case inside. Pure.
 */
export function isPlainWord(token: string): boolean {
  const bare = token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return (
    bare.length <= LONGEST_WORD &&
    (/^\d{0,3}(?:[-.]\d{1,3})?$/.test(bare) ||
      bare
        .split(/[-'’_./:]/)
        .every((part) => /^(?:\p{Lu}?[\p{Ll}\p{Lo}\p{M}]*|\p{Lu}{1,12})$/u.test(part)))
  );
}

/** Whether a text is words of a person's language, at least two of them. Pure. */
export function isSentence(text: string): boolean {
  const words = (text.match(TOKEN) ?? []).filter((token) => /\p{L}/u.test(token));
  return (
    words.filter(isPlainWord).length > 1 &&
    isPlainWord(words[0] ?? '') &&
    text.search(AUTHENTICATION) !== 0
  );
}

/** One token without a name, and no word. Pure. */
export function looksMachineMade(text: string): boolean {
  return /^[^\s=:]+$/.test(text) && !isPlainWord(text);
}

/** Leaves the plain words of a text and masks all else in it. Pure. */
export function maskUnlessWords(text: string): string {
  return text
    .replace(AUTHENTICATION, `$1 ${MASK}`)
    .replace(TOKEN, (token) => (token === MASK || isPlainWord(token) ? token : MASK));
}
