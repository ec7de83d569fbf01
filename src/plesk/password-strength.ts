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

/** Longest first: an import asks for every position of a million passwords. */
const WORDS_BY_INITIAL: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set(COMMON_WORDS.map((word) => word.charAt(0)))].map((initial) => [
    initial,
    COMMON_WORDS.filter((word) => word.startsWith(initial)).sort(
      (one, other) => other.length - one.length,
    ),
  ]),
);

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
    countMatches(password, /[0-9]/g) >= 3 &&
    countMatches(password, /[!@#$%^&*?_~]/g) >= 2
  );
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function hasFewUnits(password: string): boolean {
  const plain = lowerCaseOfAscii(password);
  const readings = readingsOf(plain);
  let units = 0;
  let position = 0;
  while (position < password.length && units < SAFE_UNITS) {
    let word = 0;
    for (const reading of readings) word = Math.max(word, wordLengthAt(reading, position));
    const pattern = patternLengthAt(plain, position);
    if (word === 0 && pattern === 0) units += 1;
    else units += word >= pattern ? WORD_UNITS : PATTERN_UNITS;
    position += Math.max(word, pattern, 1);
  }
  return units < SAFE_UNITS;
}

function readingsOf(plain: string): string[] {
  const readings = [plain, withLettersForSymbols(plain, 'i')];
  if (/[1!|]/.test(plain)) readings.push(withLettersForSymbols(plain, 'l'));
  return readings;
}

/** Unlike `toLowerCase` this never changes the length, so positions keep their meaning. */
function lowerCaseOfAscii(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withLettersForSymbols(text: string, letterOfOne: string): string {
  let replaced = '';
  for (let position = 0; position < text.length; position += 1) {
    const symbol = text.charAt(position);
    replaced +=
      symbol === '1' || symbol === '!' || symbol === '|'
        ? letterOfOne
        : (LETTER_OF_SYMBOL.get(symbol) ?? symbol);
  }
  return replaced;
}

function wordLengthAt(text: string, position: number): number {
  const words = WORDS_BY_INITIAL.get(text.charAt(position));
  if (words === undefined) return 0;
  for (const word of words) if (text.startsWith(word, position)) return word.length;
  return 0;
}

/** The length of a year, of one character repeated, or of a run such as 123 or cba; else 0. */
function patternLengthAt(text: string, position: number): number {
  const mayBeYear = text.startsWith('19', position) || text.startsWith('20', position);
  const year = mayBeYear && /^[0-9]{2}$/.test(text.slice(position + 2, position + 4)) ? 4 : 0;
  const step = text.charCodeAt(position + 1) - text.charCodeAt(position);
  const run = step >= -1 && step <= 1 ? runLengthAt(text, position, step) : 0;
  return Math.max(year, run >= 3 ? run : 0);
}

function runLengthAt(text: string, position: number, step: number): number {
  let end = position + 1;
  while (end < text.length && text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end += 1;
  return end - position;
}
