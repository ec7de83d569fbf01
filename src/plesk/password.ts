import { countCodePoints, PASSWORD_LENGTH, SHORTEST_TELLING_NAME } from './rules.ts';

/** Integer in [0, max), uniform, from a cryptographic source. */
export type RandomInteger = (max: number) => number;

export interface PasswordOptions {
  /** Characters, 14 to 64; 20 where absent. */
  length?: number;
  /**
   * What the password must not contain: the login, the e-mail address's local part. Three
   * characters or more are looked for in any case; one or two only as they are written, which is
   * what Plesk demands for a login, since in any case they would turn up in most passwords.
   */
  avoid?: readonly string[];
  randomInteger: RandomInteger;
}

/** I, l, 1, O and 0 are left out, as they are easily confused. */
const LOWER = 'abcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
/** Counted by Plesk's strength meter, and harmless in shells, in XML and on Windows. */
const SPECIALS = '!@#*?_';
const LETTERS = LOWER + UPPER;
const ALL = LETTERS + DIGITS + SPECIALS;

const QUOTAS: readonly { alphabet: string; count: number }[] = [
  { alphabet: LOWER, count: 2 },
  { alphabet: UPPER, count: 2 },
  { alphabet: DIGITS, count: 3 },
  { alphabet: SPECIALS, count: 2 },
];

/**
 * With the worst login of one character and 64 characters to draw, more than a third of the draws
 * are free of it: a thousand for nothing mean a broken random source or a list that leaves nothing.
 */
const MAXIMUM_DRAWS = 1000;

/**
 * Draws a password that Plesk's strength meter calls very strong: at least two
 * lower-case letters, two capitals, three digits and two special characters, and a letter first, so
 * that no spreadsheet takes it for a formula and no shell for an option. One that contains what
 * is to be avoided is thrown away as a whole and drawn anew.
 *
 * @throws RangeError if the length is not an integer of 14 to 64, or if the random source answers
 * something outside its range.
 * @throws Error if 1000 draws in a row contain what is to be avoided. Login and e-mail name never
 * come near that; a list of every letter would.
 */
export function generatePassword(options: PasswordOptions): string {
  const { length = PASSWORD_LENGTH.default, avoid = [], randomInteger } = options;
  const { minimum, maximum } = PASSWORD_LENGTH;
  if (!Number.isInteger(length) || length < minimum || length > maximum) {
    throw new RangeError(`A password length must be an integer from ${minimum} to ${maximum}`);
  }
  for (let draw = 0; draw < MAXIMUM_DRAWS; draw += 1) {
    const password = drawPassword(length, (max) => checkedInteger(randomInteger, max));
    if (!avoid.some((name) => containsName(password, name))) return password;
  }
  throw new Error('No password without the names to avoid was found');
}

function drawPassword(length: number, randomInteger: RandomInteger): string {
  const characters = QUOTAS.flatMap(({ alphabet, count }) =>
    Array.from({ length: count }, () => pick(alphabet, randomInteger)),
  );
  while (characters.length < length) characters.push(pick(ALL, randomInteger));
  const letters = [...characters.keys()].filter((at) => LETTERS.includes(characters[at] ?? ''));
  swap(characters, 0, letters[randomInteger(letters.length)] ?? 0);
  for (let last = characters.length - 1; last > 1; last -= 1) {
    swap(characters, last, 1 + randomInteger(last));
  }
  return characters.join('');
}

function pick(alphabet: string, randomInteger: RandomInteger): string {
  return alphabet.charAt(randomInteger(alphabet.length));
}

function swap(characters: string[], a: number, b: number): void {
  [characters[a], characters[b]] = [characters[b] ?? '', characters[a] ?? ''];
}

/** A source that is out of range would make the password shorter or guessable without a sign. */
function checkedInteger(randomInteger: RandomInteger, max: number): number {
  const drawn = randomInteger(max);
  if (!Number.isInteger(drawn) || drawn < 0 || drawn >= max) {
    throw new RangeError('The random source answered a number outside its range');
  }
  return drawn;
}

function containsName(password: string, name: string): boolean {
  if (name === '') return false;
  return countCodePoints(name) < SHORTEST_TELLING_NAME
    ? password.includes(name)
    : password.toLowerCase().includes(name.toLowerCase());
}
