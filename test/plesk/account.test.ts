import { describe, expect, test } from 'vitest';
import {
  type AccountFieldName,
  type AccountFields,
  checkAccount,
  isPasswordHash,
} from '../../src/plesk/account.ts';
import { PROBLEM } from './messages.ts';

const goodAccount: AccountFields = {
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: 'hV7#kQ2_mR9x4T',
  company: 'Example Company',
};

const KEPT_BACK_UNLESS_FORCED: ReadonlySet<string> = new Set([
  PROBLEM.oneAt,
  PROBLEM.emptySide,
  PROBLEM.oneAddress,
  PROBLEM.atMost254,
  PROBLEM.hash,
]);

function problemsOf(field: AccountFieldName, value: string): string[] {
  return checkAccount({ [field]: value }).problems.map((problem) => {
    expect(problem.name).toBe(field);
    return problem.message;
  });
}

test('an ordinary account has no problems, and all passwords a warning', () => {
  const { problems, warnings } = checkAccount(goodAccount);
  expect(problems).toEqual([]);
  expect(warnings.map(({ code }) => code)).toEqual(['password_may_be_too_weak']);
  expect(checkAccount(goodAccount, { passwordIsGenerated: true }).warnings).toEqual([]);
});

test('fields that are absent are not looked at', () => {
  expect(checkAccount({})).toEqual({ problems: [], warnings: [] });
  const undefinedFields = { login: undefined } as unknown as Partial<AccountFields>;
  expect(checkAccount(undefinedFields)).toEqual({ problems: [], warnings: [] });
});

describe('every field', () => {
  test.each(['name', 'login', 'email', 'password'] as const)('%s must not be blank', (field) => {
    for (const blank of ['', ' ', '\t\n', '\u00a0', '\u3000']) {
      expect(problemsOf(field, blank)).toEqual([PROBLEM.blank]);
    }
  });

  test('company may be blank', () => {
    expect(problemsOf('company', '')).toEqual([]);
    expect(problemsOf('company', '  ')).toEqual([]);
  });

  test.each(['name', 'login', 'email', 'password', 'company'] as const)(
    '%s must not contain control characters or lone surrogates',
    (field) => {
      const value = goodAccount[field] ?? '';
      for (const control of ['\0', '\t', '\n', '\r', '\x1b', '\x1f', '\x7f', '\x80', '\x9f']) {
        expect(problemsOf(field, `${value}${control}`)).toEqual([PROBLEM.control]);
      }
      expect(problemsOf(field, `${value}\ud800`)).toEqual([PROBLEM.surrogate]);
      expect(problemsOf(field, `\udc00${value}`)).toEqual([PROBLEM.surrogate]);
      expect(problemsOf(field, `\udc00${value}\0`)).toEqual([PROBLEM.control, PROBLEM.surrogate]);
    },
  );

  test('text that only looks dangerous is left alone', () => {
    expect(problemsOf('name', '\u00a1Jos\u00e9 & Fille <x> \u{1f600} "O\'Hara"')).toEqual([]);
    expect(problemsOf('company', '=HYPERLINK("http://example.com")')).toEqual([]);
  });
});

describe('login', () => {
  test.each<[string, string, string[]]>([
    ['a letter first', 'a', []],
    ['a digit first', '9lives', []],
    ['a letter of another script first', 'éva', []],
    ['a dot first', '.a', [PROBLEM.loginStart]],
    ['an underscore first', '_a', [PROBLEM.loginStart]],
    ['a hyphen first', '-rf', [PROBLEM.loginStart]],
    ['an emoji first', '\u{1f600}a', [PROBLEM.loginStart]],
    ['a slash in it', 'a/b', []],
    ['a space inside', 'a b', [PROBLEM.whiteSpace]],
    ['a space before', ' ab', [PROBLEM.whiteSpace]],
    ['a space after', 'ab ', [PROBLEM.whiteSpace]],
    ['a no-break space', 'a\u00a0b', [PROBLEM.whiteSpace]],
    ['255 characters', 'a'.repeat(255), []],
    ['256 characters', 'a'.repeat(256), [PROBLEM.atMost255]],
    ['255 characters of two units each', '\u{10400}'.repeat(255), []],
    ['256 characters of two units each', '\u{10400}'.repeat(256), [PROBLEM.atMost255]],
    [
      'everything at once',
      `-${' '.repeat(256)}\0`,
      [PROBLEM.control, PROBLEM.whiteSpace, PROBLEM.loginStart, PROBLEM.atMost255],
    ],
  ])('%s', (_title, login, expected) => {
    expect(problemsOf('login', login)).toEqual(expected);
  });
});

describe('e-mail', () => {
  test.each<[string, string, string[]]>([
    ['one @', 'a@b', []],
    ['a plus address', 'a+b@example.com', []],
    ['an internationalised address', 'jörg@bücher.example', []],
    ['no @', 'example.com', [PROBLEM.oneAt]],
    ['two @', 'a@b@c', [PROBLEM.oneAt]],
    ['nothing before', '@example.com', [PROBLEM.emptySide]],
    ['nothing after', 'a@', [PROBLEM.emptySide]],
    ['nothing at all but @', '@', [PROBLEM.emptySide]],
    ['a space inside', 'a b@example.com', [PROBLEM.whiteSpace]],
    ['a space before', ' a@example.com', [PROBLEM.whiteSpace]],
    ['a space after', 'a@example.com ', [PROBLEM.whiteSpace]],
    ['two in a list', 'a@b.c,d@e.f', [PROBLEM.oneAt, PROBLEM.oneAddress]],
    ['a comma', 'a@b.c,', [PROBLEM.oneAddress]],
    ['a semicolon', 'a;b@c', [PROBLEM.oneAddress]],
    ['254 characters', `${'a'.repeat(252)}@b`, []],
    ['255 characters', `${'a'.repeat(253)}@b`, [PROBLEM.atMost254]],
    ['254 characters of two units each', `${'\u{1f600}'.repeat(252)}@b`, []],
  ])('%s', (_title, email, expected) => {
    expect(problemsOf('email', email)).toEqual(expected);
  });
});

describe('password', () => {
  test.each<[string, string, string[]]>([
    ['4 characters', 'aB3#', [PROBLEM.atLeast5]],
    ['5 characters', 'aB3#x', []],
    ['255 characters', 'aB3#x'.repeat(51), []],
    ['256 characters', `${'aB3#x'.repeat(51)}y`, [PROBLEM.atMost255]],
    ['the first printable character', '!!!!!', []],
    ['the last printable character', '~~~~~', []],
    ['a space', 'aB3# x', [PROBLEM.space]],
    ['a space at the end', 'aB3#x ', [PROBLEM.space]],
    ['a single quote', "aB3#x'", [PROBLEM.quotes]],
    ['a double quote', 'aB3#x"', [PROBLEM.quotes]],
    ['a backquote', 'aB3#x`', []],
    ['a letter with an accent', 'aB3#xé', [PROBLEM.ascii]],
    ['a no-break space', 'aB3#\u00a0x', [PROBLEM.ascii]],
    ['an emoji, one character long', '\u{1f600}aB3', [PROBLEM.atLeast5, PROBLEM.ascii]],
    ['a delete character', 'aB3#x\x7f', [PROBLEM.control]],
    [
      'everything at once',
      "\0 é'",
      [PROBLEM.control, PROBLEM.atLeast5, PROBLEM.space, PROBLEM.quotes, PROBLEM.ascii],
    ],
  ])('%s', (_title, password, expected) => {
    expect(problemsOf('password', password)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['the login itself', 'client1', [PROBLEM.containsLogin]],
    ['the login inside', 'xclient1x', [PROBLEM.containsLogin]],
    ['the login in another case', 'xClient1x', []],
    ['a part of the login', 'xclientx', []],
  ])('%s', (_title, password, expected) => {
    const { problems } = checkAccount({ login: 'client1', password });
    expect(problems.map((problem) => problem.message)).toEqual(expected);
  });

  test('a login of one letter counts as well, a blank one does not', () => {
    const withLogin = (login: string) => checkAccount({ login, password: 'hV7#kQ2_mR9x4T' });
    expect(withLogin('k').problems).toEqual([
      { name: 'password', message: PROBLEM.containsLogin, canForce: false },
    ]);
    expect(withLogin('').problems.map((problem) => problem.name)).toEqual(['login']);
  });

  test('a login deep in a password that is far too long is found too', () => {
    const password = `${'x'.repeat(3000)}client1`;
    expect(checkAccount({ login: 'client1', password }).problems).toHaveLength(2);
  });
});

describe('hash', () => {
  const hexadecimal = (length: number) => '0123456789abcdefABCDEF'.repeat(4).slice(0, length);

  test.each([
    '$2y$10$abcdefghijklmnopqrstuv',
    '$2a$10$abcdefghijklmnopqrstuv',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ',
    '$1$saltsalt$abcdefghijklmnopqrstuv',
    '$5$saltsalt$abcdefghijklmnopqrstuv',
    '$6$saltsalt$abcdefghijklmnopqrstuv',
    '$y$j9T$saltsalt$abcdefghijklmnopqr',
    hexadecimal(32),
    hexadecimal(40),
    hexadecimal(64),
  ])('%s is one', (value) => {
    expect(isPasswordHash(value)).toBe(true);
    expect(problemsOf('password', value)).toEqual([PROBLEM.hash]);
  });

  test.each([
    'hV7#kQ2_mR9x4T',
    '$money$',
    '$3$saltsalt',
    '$2y10$abc',
    'x$2y$10$abcdef',
    hexadecimal(31),
    hexadecimal(33),
    hexadecimal(39),
    hexadecimal(41),
    hexadecimal(63),
    hexadecimal(65),
    `${hexadecimal(31)}g`,
    `${hexadecimal(32)}\n`,
  ])('%s is none', (value) => {
    expect(isPasswordHash(value)).toBe(false);
  });
});

describe('what may be forced', () => {
  test.each<[AccountFieldName, string]>([
    ['email', 'example.com'],
    ['email', '@'],
    ['email', 'a @b'],
    ['email', 'a,b@c'],
    ['email', `${'a'.repeat(253)}@b`],
    ['password', '$2y$10$abcdefghijklmnopqrstuv'],
  ])('%s %s', (field, value) => {
    const { problems } = checkAccount({ [field]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.canForce).toBe(true);
  });

  test('nothing else', () => {
    const { problems } = checkAccount({
      name: '',
      login: `-\0 ${'a'.repeat(255)}`,
      email: 'a\0@b\ud800',
      password: "\0 é'",
      company: '\0',
    });
    expect(problems).toHaveLength(13);
    expect(problems.filter((problem) => problem.canForce)).toEqual([]);
    expect(problems.some((problem) => KEPT_BACK_UNLESS_FORCED.has(problem.message))).toBe(false);
  });
});
