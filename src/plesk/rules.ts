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

/** All in Unicode code points. */

/** Plesk document "What limits are set in Plesk for username, password": hard-coded, refused. */
export const LOGIN_MAXIMUM = 255;
export const PASSWORD_MINIMUM = 5;
export const PASSWORD_MAXIMUM = 255;

/** RFC 5321: the longest address that fits a mail path. Plesk is not known to refuse a longer one. */
export const EMAIL_MAXIMUM = 254;

/** Plesk's API reference for name, login and company; servers are known not to enforce it. */
export const DOCUMENTED_MAXIMUM = 60;

/** Of a generated password. */
export const PASSWORD_LENGTH = { minimum: 14, default: 20, maximum: 64 } as const;

/** A shorter login or name turns up in any password by chance. */
export const SHORTEST_TELLING_NAME = 3;

const SAFE_LENGTH = 10;

/** What people begin with, and rows of keys; `password` in other languages. */
const COMMON = [
  'password passwort passwd pass geslo secret secure private changeme change letmein welcome hello',
  'login admin administrator manager master root user guest client customer member account test demo',
  'sample example default temp server hosting domain plesk cpanel website company office computer',
  'spring summer autumn winter monday friday sunday january february march april june july august',
  'september october november december januar februar juni juli oktober dezember',
  'qwerty qwertz azerty asdf zxcv yxcv qwer qaz wsx edc abcd abc monkey dragon sunshine iloveyou',
]
  .join(' ')
  .replaceAll(' ', '|');

/** Nothing but common words, with digits and signs around each. */
const COMMON_WORDS = new RegExp(`^[^a-z]*(?:(?:${COMMON})[^a-z]*)+$`);

const ONE_KIND: readonly (readonly [RegExp, string])[] = [
  [/^[a-z]*$/, 'it has only lower-case letters'],
  [/^[A-Z]*$/, 'it has only upper-case letters'],
  [/^\d*$/, 'it has only digits'],
  [/^[^A-Za-z\d]*$/, 'it has only signs'],
];

/** Signs and digits that are read as letters: `P@ssw0rd`. */
const DISGUISES: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '3': 'e',
  $: 's',
  '5': 's',
  '1': 'i',
};

/**
 * What makes a password one that Plesk's estimator (zxcvbn) would call weak, as a clause, or null.
 * An estimate: the real policy is up to the server and cannot be asked for. Pure.
 */
export function weakness(password: string, { login = '', email = '' } = {}): string | null {
  // Nothing longer is accepted, so nothing more has to be looked at.
  const examined = password.slice(0, PASSWORD_MAXIMUM);
  if (examined.length < SAFE_LENGTH) {
    return `it has fewer than ${SAFE_LENGTH} characters`;
  }
  const kind = ONE_KIND.find(([pattern]) => pattern.test(examined));
  if (kind !== undefined) return kind[1];
  const lower = examined.toLowerCase();
  const readAsLetters = lower.replace(
    /(?<=[a-z])[@4035$1](?=.*[a-z])/g,
    (sign) => DISGUISES[sign] ?? sign,
  );
  if (COMMON_WORDS.test(lower) || COMMON_WORDS.test(readAsLetters)) {
    return 'it is a common word with digits or signs around it';
  }
  if (isAllOf(lower, login)) return 'it is the login with digits or signs around it';
  if (isAllOf(lower, nameOf(email))) {
    return 'it is the beginning of the e-mail address with digits or signs around it';
  }
  return null;
}

/** Whether no letter is left where a name is taken out. */
function isAllOf(password: string, name: string): boolean {
  if (name.length < SHORTEST_TELLING_NAME) return false;
  const rest = password.split(name.toLowerCase());
  return rest.length > 1 && !/[a-z]/.test(rest.join(''));
}

/** The part of an e-mail address before its `@`. */
function nameOf(email: string): string {
  return email.slice(0, Math.max(email.indexOf('@'), 0));
}
