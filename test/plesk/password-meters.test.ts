import { createRequire } from 'node:module';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as commonDictionary } from '@zxcvbn-ts/language-common';
import { dictionary as englishDictionary } from '@zxcvbn-ts/language-en';
import { describe, expect, test } from 'vitest';
import { generatePassword, type RandomInteger } from '../../src/plesk/password.ts';
import { seededIntegers } from './seeded-random.ts';

type Meter = (password: string) => number;
type Generator = (length: number, randomInteger: RandomInteger) => string;

const estimator = new ZxcvbnFactory({
  dictionary: { ...commonDictionary, ...englishDictionary },
  graphs: adjacencyGraphs,
});
/** What Plesk uses since 18.0.45. Slow: it takes tens of milliseconds for 20 characters. */
const currentMeter: Meter = (password) => estimator.check(password).score;

/** Its ancestor, fast enough for thousands; it has no type declarations. */
const ancestor: (password: string) => { score: number } = createRequire(import.meta.url)('zxcvbn');
const ancestorMeter: Meter = (password) => ancestor(password).score;

const recipe: Generator = (length, randomInteger) => generatePassword({ length, randomInteger });

const wordsWithDigits: Generator = (length, randomInteger) =>
  `Password!_${randomInteger(1000)}`.padEnd(length, '!');

function belowMeter(
  generator: Generator,
  meter: Meter,
  wanted: number,
  options: { length: number; samples: number },
): string[] {
  const randomInteger = seededIntegers(options.length);
  const passwords = Array.from({ length: options.samples }, () =>
    generator(options.length, randomInteger),
  );
  return passwords.filter((password) => meter(password) < wanted);
}

describe('zxcvbn-ts calls generated passwords very strong', () => {
  test.each([
    { length: 14, samples: 40 },
    { length: 15, samples: 5 },
    { length: 16, samples: 5 },
    { length: 17, samples: 5 },
    { length: 18, samples: 5 },
    { length: 19, samples: 5 },
    { length: 20, samples: 5 },
    { length: 64, samples: 1 },
  ])('$samples of $length characters', (options) => {
    expect(belowMeter(recipe, currentMeter, 4, options)).toEqual([]);
  });
});

describe('zxcvbn calls generated passwords very strong', () => {
  test.each([
    { length: 14, samples: 1500 },
    { length: 15, samples: 150 },
    { length: 16, samples: 150 },
    { length: 17, samples: 150 },
    { length: 18, samples: 150 },
    { length: 19, samples: 150 },
    { length: 20, samples: 200 },
    { length: 64, samples: 5 },
  ])('$samples of $length characters', (options) => {
    expect(belowMeter(recipe, ancestorMeter, 4, options)).toEqual([]);
  });
});

describe('the harness can fail', () => {
  test.each([
    ['zxcvbn-ts', currentMeter],
    ['zxcvbn', ancestorMeter],
  ])('a word and digits fall below %s', (_title, meter) => {
    const options = { length: 14, samples: 10 };
    expect(belowMeter(wordsWithDigits, meter, 4, options)).toHaveLength(10);
  });
});
