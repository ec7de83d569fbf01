import { expect, test } from 'vitest';
import { generatePassword, PASSWORD_LENGTH } from '../../src/plesk/password.ts';
import { mayBeTooWeak } from '../../src/plesk/password-strength.ts';
import { seededIntegers } from './seeded-random.ts';

test.each([
  ['the sample of the API reference', 'SecurePass123'],
  ['a word in disguise', 'P@ssw0rd12'],
  ['a word and an afterthought', 'password1!'],
  ['a sample that asks to be changed', 'changeme1Q**'],
  ['letters and digits, 12', 'kV7hQ2mRx94T'],
  ['letters and digits, 32', 'kV7hQ2mRx94TkV7hQ2mRx94TkV7hQ2mR'],
  ['no upper case', 'hv7#kq2_mr9x4tz'],
  ['no lower case', 'HV7#KQ2_MR9X4TZ'],
  ['two digits', 'hV7#kQ2_mRzx_TzW'],
  ['one special', 'hV7#kQ2xmR9x4TzW'],
  ['one special that counts', 'hV7#kQ2-mR9x4TzW'],
  ['15 characters', 'hV7#kQ2_mR9x4Tz'],
  ['long enough, but words', 'SecurePass123!!'],
  ['long enough, but a word in disguise', 'P@ssw0rd!2345X_k'],
  ['long enough, but a word, a year and little else', 'Welcome2024!!Xyz'],
  ['long enough, but one character again and again', 'Aaaaaaaaaaaaa111!!'],
  ['long enough, but a run', 'Abcdefghijklm123!?'],
  ['long enough, but a run downwards', 'Zyxwvutsrqpo987!?'],
  ['1 read as l', 'We1c0me2024!!Xyq'],
])('%s: %s may be too weak', (_title, password) => {
  expect(mayBeTooWeak(password)).toBe(true);
});

test.each([
  ['all classes, 16', 'hV7#kQ2_mR9x4TzW'],
  ['all classes, 20', 'hV7#kQ2_mR9x4TzW3?pL'],
  ['a word that is only a part', 'hV7#kQ2_mR9x4Tpassword'],
])('%s: %s will do', (_title, password) => {
  expect(mayBeTooWeak(password)).toBe(false);
});

test('a generated password of 16 or more always will', () => {
  const randomInteger = seededIntegers(1);
  const { maximum } = PASSWORD_LENGTH;
  for (let round = 0; round < 3000; round += 1) {
    for (const length of [16, 20, maximum]) {
      if (length === maximum && round % 20 !== 0) continue;
      const password = generatePassword({ length, randomInteger });
      expect(mayBeTooWeak(password), password).toBe(false);
    }
  }
});

test('text of any kind and any length is answered', () => {
  for (const text of ['', '\ud800', 'İ'.repeat(300), 'a'.repeat(1_000_000)]) {
    expect(mayBeTooWeak(text)).toBe(true);
  }
});
