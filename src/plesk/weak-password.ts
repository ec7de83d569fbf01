import { PASSWORD_MAXIMUM, SHORTEST_TELLING_NAME } from './limits.ts';

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
