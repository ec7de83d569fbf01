import { expect, test } from 'vitest';
import { generatePassword } from '../../src/plesk/password.ts';
import { weakness } from '../../src/plesk/rules.ts';
import { seededIntegers } from './seeded-random.ts';

const LENGTH = /^it has fewer than 10 characters$/;
const WORD = /common word/;

test.each<[string, string, RegExp]>([
  ['short', 'kV7#Q2m', LENGTH],
  ['nine characters', 'kV7#Q2mRx', LENGTH],
  ['lower case alone', 'kvqhmrxtzwpl', /only lower-case letters/],
  ['upper case alone', 'KVQHMRXTZWPL', /only upper-case letters/],
  ['digits alone', '749302857102', /only digits/],
  ['signs alone', '!#-_.!#-_.!#', /only signs/],
  ['the sample of the API reference', 'SecurePass123', WORD],
  ['a word in disguise', 'P@ssw0rd12', WORD],
  ['a word and an afterthought', 'password1!', WORD],
  ['a sample that asks to be changed', 'changeme1**', WORD],
  ['a month and a year', 'January2026!', WORD],
  ['a season and a year', 'Summer2026!!', WORD],
  ['a row of keys', 'Qwertz12345!', WORD],
  ['rows of keys', '1qaz2wsx3edc', WORD],
  ['two words', 'Hello-Admin-1', WORD],
  ['the login', '!Exampler2026', /the login with digits/],
  ['the e-mail', 'Somebody-2026', /e-mail address with digits/],
])('%s: %s', (_what, password, expected) => {
  const account = { login: 'exampler', email: 'somebody@example.com' };
  expect(weakness(password, account)).toMatch(expected);
});

test.each([
  ['12 random letters and digits', 'kV7hQ2mRx94T'],
  ['16 random lower-case letters and digits', 'kv7hq2mrx94tzw3p'],
  ['a word that is only a part', 'hV7kQ2passwordmR9x'],
  ['a login that is only a part', 'hV7kQ2examplermR9x'],
  ['four words', 'correct-horse-battery-staple'],
  ['ten characters', 'kV7#Q2mRx9'],
])('%s: %s passes', (_what, password) => {
  const account = { login: 'exampler', email: 'ab@example.com' };
  expect(weakness(password, account)).toBeNull();
});

test('a short login or e-mail name says nothing', () => {
  expect(weakness('ab1234567890', { login: 'ab', email: 'ab@example.com' })).toBeNull();
});

test('generated passwords pass, and so do most of 12 random letters and digits', () => {
  const randomInteger = seededIntegers(1);
  const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  for (let round = 0; round < 2_000; round += 1) {
    expect(weakness(generatePassword({ length: 14 + (round % 51), randomInteger }))).toBeNull();
    const random = Array.from({ length: 12 }, () => alphabet[randomInteger(alphabet.length)]);
    expect(weakness(random.join(''))).toBeNull();
  }
});
