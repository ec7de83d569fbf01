/** With the u flag `\p{Cs}` matches only a surrogate that has no partner. */
const LONE_SURROGATE = /\p{Cs}/u;
const CONTROL = /\p{Cc}/u;
/** White space that is not a control character too, so that each character is reported once. */
const WHITE_SPACE = /[^\S\p{Cc}\p{Cf}]/u;
/** Spaces, and what shows nothing: Unicode's default ignorables, format characters, a blank Braille cell. */
const NOTHING_VISIBLE = /^[\s\p{DI}\p{Cf}\u2800]*$/u;
const REPLACEMENT = '\ufffd';

/** As nearly all values are: no other pattern has to be tried. */
const PLAIN = /^[ -~]*$/;

/** Of a login, an e-mail address and a password: none of them has any use for these. */
const INVISIBLE = /\p{Cf}/gu;

export function countCodePoints(value: string): number {
  return PLAIN.test(value) ? value.length : [...value].length;
}

export function isBlank(value: string): boolean {
  return NOTHING_VISIBLE.test(value);
}

export function hasWhiteSpace(value: string): boolean {
  return WHITE_SPACE.test(value);
}

/** What no text may contain, as fragments that follow a field's name. */
export function textProblems(value: string): string[] {
  if (PLAIN.test(value)) return [];
  return [
    CONTROL.test(value) && 'must not contain control characters such as tabs or line breaks',
    LONE_SURROGATE.test(value) && 'must be valid Unicode text, without half of a surrogate pair',
    value.includes(REPLACEMENT) &&
      'must not contain U+FFFD, which stands for letters that were lost; save or type it as UTF-8',
  ].filter((problem) => problem !== false);
}

/** The invisible characters of a value, such as `U+200B, U+FEFF`; empty where there are none. */
export function invisibleCharacters(value: string): string {
  if (PLAIN.test(value)) return '';
  const found = new Set(value.match(INVISIBLE)?.map((character) => character.codePointAt(0) ?? 0));
  return [...found]
    .map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
    .join(', ');
}

/** Whether the first character is neither a letter nor a digit of any script, nor reported as something else. */
export function startsWithSymbol(value: string): boolean {
  return /^[^\p{L}\p{Nd}\s\p{Cc}\p{Cs}\p{Cf}]/u.test(value);
}
