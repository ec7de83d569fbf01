import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAccount } from '../../src/plesk/account.ts';
import { PASSWORD_LENGTH } from '../../src/plesk/limits.ts';
import { generatePassword, type RandomInteger } from '../../src/plesk/password.ts';
import { seededFractions, seededIntegers } from './seeded-random.ts';

const CLASSES = {
  lower: { alphabet: 'abcdefghijkmnopqrstuvwxyz', quota: 2 },
  upper: { alphabet: 'ABCDEFGHJKLMNPQRSTUVWXYZ', quota: 2 },
  digits: { alphabet: '23456789', quota: 3 },
  specials: { alphabet: '!@#*?_', quota: 2 },
};

function samples(count: number, randomInteger: RandomInteger, length?: number): string[] {
  return Array.from({ length: count }, () =>
    generatePassword(length === undefined ? { randomInteger } : { length, randomInteger }),
  );
}

function countOf(alphabet: string, password: string): number {
  return [...password].filter((character) => alphabet.includes(character)).length;
}

describe('length', () => {
  test('is 20 unless asked otherwise', () => {
    expect(PASSWORD_LENGTH).toEqual({ minimum: 14, default: 20, maximum: 64 });
    expect(generatePassword({ randomInteger: seededIntegers(1) })).toHaveLength(20);
  });

  test.each([14, 15, 20, 63, 64])('%i is drawn', (length) => {
    expect(generatePassword({ length, randomInteger: seededIntegers(1) })).toHaveLength(length);
  });

  test.each([13, 65, 0, -14, 14.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '%d is refused',
    (length) => {
      const draw = () => generatePassword({ length, randomInteger: seededIntegers(1) });
      expect(draw).toThrow(RangeError);
    },
  );
});

describe('recipe', () => {
  test.each([14, 15, 16, 17, 18, 19, 20, 64])(
    'holds for 1000 passwords of %i characters',
    (length) => {
      const everything = Object.values(CLASSES)
        .map((each) => each.alphabet)
        .join('');
      expect(new Set(everything).size).toBe(63);
      for (const password of samples(1000, seededIntegers(length), length)) {
        expect(countOf(everything, password), password).toBe(length);
        expect(password).toMatch(/^[A-Za-z]/);
        for (const { alphabet, quota } of Object.values(CLASSES)) {
          expect(countOf(alphabet, password), password).toBeGreaterThanOrEqual(quota);
        }
      }
    },
  );

  test('passwords differ, and every character comes', () => {
    const passwords = samples(2000, seededIntegers(3));
    expect(new Set(passwords).size).toBe(2000);
    expect(new Set(passwords.join('')).size).toBe(63);
    expect(new Set(passwords.map((password) => password.charAt(0))).size).toBe(49);
  });
});

describe('even spread', () => {
  /** Some six standard deviations above what chance gives; a bias of a few per cent is far above. */
  function isWithinChance(counts: number[]): boolean {
    const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const freedom = counts.length - 1;
    return chiSquare < freedom + 6 * Math.sqrt(2 * freedom);
  }

  function countsOfCharacters(alphabet: string, passwords: string[]): number[] {
    const text = passwords.join('');
    return [...alphabet].map((character) => text.split(character).length - 1);
  }

  function countsOfPositions(alphabet: string, passwords: string[]): number[] {
    return Array.from({ length: 19 }, (_, at) =>
      countOf(alphabet, passwords.map((password) => password.charAt(at + 1)).join('')),
    );
  }

  const even = samples(4000, seededIntegers(4));
  const biasedFractions = seededFractions(4);
  const biased = samples(4000, (max) => Math.floor(biasedFractions() ** 1.4 * max));

  test.each(Object.entries(CLASSES))('of the characters in %s', (_title, { alphabet }) => {
    expect(isWithinChance(countsOfCharacters(alphabet, even))).toBe(true);
    expect(isWithinChance(countsOfCharacters(alphabet, biased))).toBe(false);
  });

  test.each(Object.entries(CLASSES))(
    'of %s over the places after the first',
    (_title, { alphabet }) => {
      expect(isWithinChance(countsOfPositions(alphabet, even))).toBe(true);
    },
  );

  test('of the first letter', () => {
    const firsts = even.map((password) => password.charAt(0));
    for (const { alphabet } of [CLASSES.lower, CLASSES.upper]) {
      expect(isWithinChance(countsOfCharacters(alphabet, firsts))).toBe(true);
    }
  });

  test('of the places can fail', () => {
    const unshuffled = even.map(
      (password) => `${password.charAt(0)}${[...password.slice(1)].sort().join('')}`,
    );
    expect(isWithinChance(countsOfPositions(CLASSES.digits.alphabet, unshuffled))).toBe(false);
  });
});

describe('names to avoid', () => {
  function swappedCase(text: string): string {
    return [...text]
      .map((each) => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase()))
      .join('');
  }

  test.each([3, 5, 20])('a password with %i characters of the name is drawn anew', (length) => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const [first, second] = samples(2, seededIntegers(seed));
      const name = first?.slice(-length) ?? '';
      for (const avoid of [[name], [swappedCase(name)], ['unrelated', name]]) {
        expect(generatePassword({ avoid, randomInteger: seededIntegers(seed) })).toBe(second);
      }
    }
  });

  test('every one of several drawings is judged', () => {
    const drawn = samples(4, seededIntegers(9));
    const avoid = drawn.slice(0, 3).map((password) => password.slice(4, 10));
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
    const letter = swappedCase([...first].find((each) => !first.includes(swappedCase(each))) ?? '');
    expect(first.toLowerCase()).toContain(letter.toLowerCase());
    expect(generatePassword({ avoid: [letter, ''], randomInteger: seededIntegers(6) })).toBe(first);
  });

  test('drawing ends when nothing can be found', () => {
    const constant: RandomInteger = () => 0;
    const password = generatePassword({ randomInteger: constant });
    let drawn = 0;
    const counting: RandomInteger = () => {
      drawn += 1;
      return 0;
    };
    expect(() => generatePassword({ avoid: [password], randomInteger: counting })).toThrow(Error);
    expect(drawn).toBeLessThan(50_000);
    const everyLetter = [...CLASSES.lower.alphabet, ...CLASSES.upper.alphabet];
    expect(() =>
      generatePassword({ avoid: everyLetter, randomInteger: seededIntegers(1) }),
    ).toThrow(Error);
  });

  test('an error names neither the password nor the names', () => {
    const password = generatePassword({ randomInteger: () => 0 });
    const draw = () => generatePassword({ avoid: [password], randomInteger: () => 0 });
    expect(draw).toThrow(/^No password without the names to avoid was found$/);
  });
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1000])(
  'a random source that answers %d is refused',
  (answer) => {
    expect(() => generatePassword({ randomInteger: () => answer })).toThrow(RangeError);
  },
);

test('the highest answer of a random source is used', () => {
  expect(generatePassword({ randomInteger: (max) => max - 1 })).toHaveLength(20);
});

test('a generated password passes our own check, whatever the login', () => {
  const login = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,9}$/),
    fc.string({ minLength: 1 }),
  );
  const length = fc.integer({ min: PASSWORD_LENGTH.minimum, max: PASSWORD_LENGTH.maximum });
  fc.assert(
    fc.property(login, login, length, fc.integer(), (name, emailName, wanted, seed) => {
      const avoid = [name, emailName];
      const randomInteger = seededIntegers(seed);
      const password = generatePassword({ length: wanted, avoid, randomInteger });
      const fields = { login: name, email: `${emailName}@example.com`, password };
      const ofPassword = checkAccount(fields).problems.filter(
        (problem) => problem.name === 'password',
      );
      expect(ofPassword).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
