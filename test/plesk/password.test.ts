import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAccount } from '../../src/plesk/account.ts';
import { generatePassword, type RandomInteger } from '../../src/plesk/password.ts';
import { PASSWORD_LENGTH } from '../../src/plesk/rules.ts';
import { seededFractions, seededIntegers } from './seeded-random.ts';

const CLASSES = {
  lower: { alphabet: 'abcdefghijkmnopqrstuvwxyz', quota: 2 },
  upper: { alphabet: 'ABCDEFGHJKLMNPQRSTUVWXYZ', quota: 2 },
  digits: { alphabet: '23456789', quota: 3 },
  specials: { alphabet: '!@#*?_', quota: 2 },
};

function samples(count: number, randomInteger: RandomInteger, length = 20): string[] {
  return Array.from({ length: count }, () => generatePassword({ length, randomInteger }));
}

function countOf(alphabet: string, password: string): number {
  return [...password].filter((character) => alphabet.includes(character)).length;
}

test.each([13, 65, 0, -14, 14.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'a length of %d is refused',
  (length) => {
    const draw = () => generatePassword({ length, randomInteger: seededIntegers(1) });
    expect(draw).toThrow(RangeError);
  },
);

test.each([14, 15, 19, 20, 64])('the recipe holds for 1000 passwords of %i', (length) => {
  expect(PASSWORD_LENGTH).toEqual({ minimum: 14, default: 20, maximum: 64 });
  const everything = Object.values(CLASSES).flatMap(({ alphabet }) => [...alphabet]);
  expect(new Set(everything).size).toBe(63);
  const passwords = samples(1000, seededIntegers(length), length);
  expect(new Set(passwords).size).toBe(1000);
  for (const password of passwords) {
    expect(countOf(everything.join(''), password), password).toBe(length);
    expect(password).toMatch(/^[A-Za-z]/);
    for (const { alphabet, quota } of Object.values(CLASSES)) {
      expect(countOf(alphabet, password), password).toBeGreaterThanOrEqual(quota);
    }
  }
});

describe('even spread', () => {
  /** Some six standard deviations above what chance gives; a bias of a few per cent is far above. */
  function isWithinChance(counts: number[]): boolean {
    const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const freedom = counts.length - 1;
    return chiSquare < freedom + 6 * Math.sqrt(2 * freedom);
  }
  const ofCharacters = (alphabet: string, passwords: string[]) =>
    [...alphabet].map((character) => passwords.join('').split(character).length - 1);
  const ofPlaces = (alphabet: string, passwords: string[]) =>
    Array.from({ length: 19 }, (_, at) =>
      countOf(alphabet, passwords.map((password) => password.charAt(at + 1)).join('')),
    );

  const even = samples(4000, seededIntegers(4));
  const fractions = seededFractions(4);
  const biased = samples(4000, (max) => Math.floor(fractions() ** 1.4 * max));
  const unshuffled = even.map(([first, ...rest]) => [first, ...rest.sort()].join(''));

  test.each(Object.entries(CLASSES))('of %s, which a bias would spoil', (_title, { alphabet }) => {
    expect(isWithinChance(ofCharacters(alphabet, even))).toBe(true);
    expect(isWithinChance(ofCharacters(alphabet, biased))).toBe(false);
    expect(isWithinChance(ofPlaces(alphabet, even))).toBe(true);
    expect(isWithinChance(ofPlaces(alphabet, unshuffled))).toBe(false);
  });

  test.each([CLASSES.lower, CLASSES.upper])('of the first letter', ({ alphabet }) => {
    const firsts = even.map((password) => password.charAt(0));
    expect(isWithinChance(ofCharacters(alphabet, firsts))).toBe(true);
  });
});

describe('names to avoid', () => {
  const swapped = (text: string) =>
    text.replace(/[a-z]/gi, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );

  test.each([3, 5, 20])('a password with %i characters of the name is drawn anew', (length) => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const [first, second] = samples(2, seededIntegers(seed));
      const name = first?.slice(-length) ?? '';
      for (const avoid of [[name], [swapped(name)], ['unrelated', name]]) {
        expect(generatePassword({ avoid, randomInteger: seededIntegers(seed) })).toBe(second);
      }
    }
    const drawn = samples(4, seededIntegers(9));
    const avoid = drawn.slice(0, 3).map((password) => password.slice(4, 4 + length));
    expect(generatePassword({ avoid, randomInteger: seededIntegers(9) })).toBe(drawn[3]);
  });

  test.each(['a', 'Z', '7', 'ab', 'a_'])(
    'the short name %s is avoided as it is written',
    (name) => {
      const randomInteger = seededIntegers(5);
      for (let round = 0; round < 500; round += 1) {
        expect(generatePassword({ length: 64, avoid: [name], randomInteger })).not.toContain(name);
      }
    },
  );

  test('a short name in another case stays, and so does an empty one', () => {
    const first = generatePassword({ randomInteger: seededIntegers(6) });
    const letter = swapped([...first].find((each) => !first.includes(swapped(each))) ?? '');
    expect(generatePassword({ avoid: [letter, ''], randomInteger: seededIntegers(6) })).toBe(first);
  });

  test('drawing ends when nothing can be found, in words without the names', () => {
    let drawn = 0;
    const constant: RandomInteger = () => {
      drawn += 1;
      return 0;
    };
    const password = generatePassword({ randomInteger: constant });
    const draw = () => generatePassword({ avoid: [password], randomInteger: constant });
    expect(draw).toThrow(/^No password without the names to avoid was found$/);
    expect(drawn).toBeLessThan(50_000);
  });
});

test('a random source is taken at its bounds, and refused beyond them', () => {
  expect(generatePassword({ randomInteger: (max) => max - 1 })).toHaveLength(20);
  for (const answer of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1000]) {
    expect(() => generatePassword({ randomInteger: () => answer })).toThrow(RangeError);
  }
});

test('a generated password passes our own check, whatever the login', () => {
  const login = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,9}$/),
    fc.string({ minLength: 1 }),
  );
  const length = fc.integer({ min: PASSWORD_LENGTH.minimum, max: PASSWORD_LENGTH.maximum });
  fc.assert(
    fc.property(login, login, length, fc.integer(), (name, emailName, wanted, seed) => {
      const options = { length: wanted, avoid: [name, emailName] };
      const password = generatePassword({ ...options, randomInteger: seededIntegers(seed) });
      const { problems } = checkAccount({ login: name, email: `${emailName}@x`, password });
      expect(problems.filter((problem) => problem.name === 'password')).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
