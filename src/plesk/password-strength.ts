import { PASSWORD_MAXIMUM } from './limits.ts';

/** From here on a password of all classes is Strong in both of Plesk's meters, with a margin. */
const SAFE_LENGTH = 16;
/** Guessing units that are left when a common word counts two and a pattern counts one. */
const SAFE_UNITS = 9;
const WORD_UNITS = 2;
const PATTERN_UNITS = 1;

const COMMON_WORDS: readonly string[] = [
  'password passwort passwd pass secret secure security private changeme change letmein welcome',
  'login logon access admin administrator manager master owner root user guest client customer',
  'account member test testing tester demo sample example default temp temporary initial hello',
  'server hosting webhost domain plesk cpanel website company office online internet computer',
  'monkey dragon shadow sunshine princess superman batman football baseball iloveyou freedom',
  'spring summer autumn winter monday friday january february march april august september',
  'october november december qwerty qwertz azerty asdf zxcv yxcv qazwsx 1q2w 1qaz 2wsx q1w2',
].flatMap((line) => line.split(' '));

const LETTER_OF_SYMBOL: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '@': 'a',
    '4': 'a',
    '8': 'b',
    '3': 'e',
    '6': 'g',
    '9': 'g',
    '0': 'o',
    $: 's',
    '5': 's',
    '7': 't',
    '+': 't',
    '2': 'z',
  }),
);

/** A password as one of its readers may take it: for each character of ASCII, the one that is read. */
type Reading = Uint8Array;

const ASCII = 128;

/** As it stands, and with letters for the symbols that resemble them: 1 stands for an i or an l. */
const READINGS: readonly [Reading, ...Reading[]] = [
  readingOf((character) => character),
  readingOf((character) => letterFor(character, 'i')),
  readingOf((character) => letterFor(character, 'l')),
];
const [AS_IT_STANDS] = READINGS;

/** By the code of the first character; longest first. */
const WORDS_BY_INITIAL: readonly (readonly string[])[] = byInitial();

function byInitial(): string[][] {
  const words: string[][] = Array.from({ length: ASCII }, () => []);
  for (const word of COMMON_WORDS) words[word.charCodeAt(0)]?.push(word);
  for (const alike of words) alike.sort((one, other) => other.length - one.length);
  return words;
}

function readingOf(read: (character: string) => string): Reading {
  return Uint8Array.from({ length: ASCII }, (_, code) =>
    read(String.fromCharCode(code).toLowerCase()).charCodeAt(0),
  );
}

function letterFor(character: string, letterOfOne: string): string {
  if (character === '1' || character === '!' || character === '|') return letterOfOne;
  return LETTER_OF_SYMBOL.get(character) ?? character;
}

/**
 * Whether Plesk's default policy (Strong) may refuse a password. An estimate from its length, its
 * classes of characters and a short list of common words (also as "p4ssw0rd"). The real policy is
 * up to the server and cannot be asked for.
 */
export function mayBeTooWeak(password: string): boolean {
  // Nothing longer is accepted, so nothing more has to be looked at.
  const examined = password.slice(0, PASSWORD_MAXIMUM);
  return examined.length < SAFE_LENGTH || !hasAllClasses(examined) || hasFewUnits(examined);
}

function hasAllClasses(password: string): boolean {
  return (
    /[a-z]/.test(password) &&
    /[A-Z]/.test(password) &&
    /[0-9](?:[^0-9]*[0-9]){2}/.test(password) &&
    /[!@#$%^&*?_~][^!@#$%^&*?_~]*[!@#$%^&*?_~]/.test(password)
  );
}

/** Reads the characters where they stand: an import asks this of a million passwords. */
function hasFewUnits(password: string): boolean {
  let units = 0;
  let position = 0;
  while (position < password.length && units < SAFE_UNITS) {
    let word = 0;
    for (const reading of READINGS)
      word = Math.max(word, wordLengthAt(password, position, reading));
    const pattern = patternLengthAt(password, position);
    if (word === 0 && pattern === 0) units += 1;
    else units += word >= pattern ? WORD_UNITS : PATTERN_UNITS;
    position += Math.max(word, pattern, 1);
  }
  return units < SAFE_UNITS;
}

function wordLengthAt(password: string, position: number, reading: Reading): number {
  const words = WORDS_BY_INITIAL[codeAt(password, position, reading)] ?? [];
  for (const word of words) if (isWordAt(word, password, position, reading)) return word.length;
  return 0;
}

function isWordAt(word: string, password: string, position: number, reading: Reading): boolean {
  for (let index = 1; index < word.length; index += 1) {
    if (codeAt(password, position + index, reading) !== word.charCodeAt(index)) return false;
  }
  return true;
}

/** The length of a year, of one character repeated, or of a run such as 123 or cba; else 0. */
function patternLengthAt(password: string, position: number): number {
  const year = isYearAt(password, position) ? 4 : 0;
  const step = stepAt(password, position);
  const run = step >= -1 && step <= 1 ? runLengthAt(password, position, step) : 0;
  return Math.max(year, run >= 3 ? run : 0);
}

function isYearAt(password: string, position: number): boolean {
  const mayBe = password.startsWith('19', position) || password.startsWith('20', position);
  return mayBe && /^[0-9]{2}$/.test(password.slice(position + 2, position + 4));
}

function runLengthAt(password: string, position: number, step: number): number {
  let end = position + 1;
  while (stepAt(password, end - 1) === step) end += 1;
  return end - position;
}

/** How far the next character is from this one, upper and lower case being the same; NaN at the end. */
function stepAt(password: string, position: number): number {
  return codeAt(password, position + 1, AS_IT_STANDS) - codeAt(password, position, AS_IT_STANDS);
}

/** NaN behind the end. */
function codeAt(password: string, position: number, reading: Reading): number {
  const code = password.charCodeAt(position);
  return code < ASCII ? (reading[code] as number) : code;
}
