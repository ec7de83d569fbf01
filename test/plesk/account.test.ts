import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccountFieldName,
  type AccountFields,
  checkAccount,
  standsForPassword,
} from '../../src/plesk/account.ts';

const PROBLEM = {
  blank: 'must not be empty or blank',
  control: 'must not contain control characters such as tabs or line breaks',
  surrogate: 'must be valid Unicode text, without half of a surrogate pair',
  lost: 'must not contain U+FFFD, which stands for letters that were lost; save or type it as UTF-8',
  invisible: 'must not contain invisible characters (U+200B)',
  whiteSpace: 'must not contain white space',
  loginStart: 'must start with a letter or digit',
  atMost255: 'must have at most 255 characters',
  oneAt: 'must contain exactly one @',
  emptySide: 'must have something before and after the @',
  oneAddress: 'must be one address, without commas or semicolons',
  alone: 'must be the address alone, without : < > ( )',
  dots: 'must not have two dots together, or one at either end of a side',
  atMost254: 'must have at most 254 characters',
  atLeast5: 'must have at least 5 characters',
  space: 'must not contain a space',
  quotes: 'must not contain single or double quotes',
  ascii: 'must contain only ASCII letters, digits and signs',
  containsLogin: 'must not contain the login',
  hash: 'must be the password itself, not a hash, which would be taken literally',
  mask: 'must be the password itself, not a mask, which would be taken literally',
} as const;
const CAN_BE_FORCED = new Set<string>([
  ...[PROBLEM.oneAt, PROBLEM.emptySide, PROBLEM.oneAddress, PROBLEM.alone, PROBLEM.dots],
  ...[PROBLEM.atMost254, PROBLEM.hash, PROBLEM.mask],
]);

const good: AccountFields = {
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: 'kV7hQ2mRx94T',
  company: 'Example Company',
};

function problemsOf(field: AccountFieldName, value: string): string[] {
  return checkAccount({ [field]: value }).problems.map(({ name, message, canForce }) => {
    expect(name).toBe(field);
    const isDoubt = field === 'email' && message === PROBLEM.whiteSpace;
    expect(canForce).toBe(isDoubt || CAN_BE_FORCED.has(message));
    return message;
  });
}

function warningsOf(field: AccountFieldName, value: string): string[] {
  return checkAccount({ [field]: value }).warnings.map(({ code }) => code);
}

describe('ordinary accounts pass without a word', () => {
  test.each<[string, Partial<AccountFields>]>([
    ['12 random letters and digits', good],
    ['a login of 24 characters', { ...good, login: 'a-login-of-24-characters' }],
    ['upper case and a digit first', { ...good, login: '9Lives' }],
    ['an ampersand', { ...good, name: 'A & B <x>', company: 'C & D "E"' }],
    ['60 characters', { ...good, name: '\u{1f600}'.repeat(60), login: 'x'.repeat(60) }],
    ['other scripts', { ...good, name: 'Пример 株式会社 São João, Ångström, Ñandú \u{1f600}' }],
    ['joined letters', { ...good, name: '\u0645\u06cc\u200c\u062e \u{1f469}\u200d\u{1f4bb}' }],
    ['what only looks dangerous', { ...good, company: '=HYPERLINK("http://example.com")' }],
    ['an empty company', { ...good, company: '' }],
    ['absent fields', {}],
    ['undefined fields', { login: undefined } as unknown as Partial<AccountFields>],
  ])('%s', (_what, fields) => {
    expect(checkAccount(fields)).toEqual({ problems: [], warnings: [] });
  });
});

describe('problems', () => {
  test.each(['name', 'login', 'email', 'password'] as const)('%s must not be blank', (field) => {
    const invisible = ['\u200b', '\u3164', '\ufeff', '\u2800 \u00ad', '\ufe0f'];
    for (const blank of ['', ' ', '\t\n', '\u00a0', '\u3000', ...invisible]) {
      expect(problemsOf(field, blank)).toEqual([PROBLEM.blank]);
      expect(problemsOf('company', blank)).toEqual([]);
    }
  });

  test.each(['name', 'login', 'email', 'password', 'company'] as const)(
    '%s must be text',
    (field) => {
      const value = good[field] ?? '';
      for (const control of ['\0', '\t', '\n', '\r', '\x1b', '\x1f', '\x7f', '\x80', '\x9f']) {
        expect(problemsOf(field, `${value}${control}`)).toEqual([PROBLEM.control]);
      }
      expect(problemsOf(field, `${value}\ud800`)).toEqual([PROBLEM.surrogate]);
      expect(problemsOf(field, `a\udc00${value}\0`)).toEqual([PROBLEM.control, PROBLEM.surrogate]);
      expect(problemsOf(field, `${value}\ufffd`)).toEqual([PROBLEM.lost]);
    },
  );

  test.each<[AccountFieldName, string, string[]]>([
    ['login', 'éva', []],
    ['login', 'a/b', []],
    ['login', '.a', [PROBLEM.loginStart]],
    ['login', '_a', [PROBLEM.loginStart]],
    ['login', '-rf', [PROBLEM.loginStart]],
    ['login', '\u{1f600}a', [PROBLEM.loginStart]],
    ['login', 'a b', [PROBLEM.whiteSpace]],
    ['login', ' ab', [PROBLEM.whiteSpace]],
    ['login', 'a\u00a0b', [PROBLEM.whiteSpace]],
    ['login', 'a\u200bb', [PROBLEM.invisible]],
    ['login', '\u{10400}'.repeat(255), []],
    ['login', '\u{10400}'.repeat(256), [PROBLEM.atMost255]],
    ['login', `-${' '.repeat(256)}`, [PROBLEM.whiteSpace, PROBLEM.loginStart, PROBLEM.atMost255]],
    ['email', 'a@b', []],
    ['email', 'a.b+c@example.com', []],
    ['email', 'jörg@bücher.example', []],
    ['email', 'example.com', [PROBLEM.oneAt]],
    ['email', 'a@b@c', [PROBLEM.oneAt]],
    ['email', '@example.com', [PROBLEM.emptySide]],
    ['email', 'a@', [PROBLEM.emptySide]],
    ['email', 'a b@example.com', [PROBLEM.whiteSpace]],
    ['email', ' a@example.com', [PROBLEM.whiteSpace]],
    ['email', 'a\u200bb@example.com', [PROBLEM.invisible]],
    ['email', 'a@b.c,d@e.f', [PROBLEM.oneAt, PROBLEM.oneAddress]],
    ['email', 'a;b@c', [PROBLEM.oneAddress]],
    ['email', 'mailto:a@b', [PROBLEM.alone]],
    ['email', 'a<b@c>', [PROBLEM.alone]],
    ['email', 'a@b(c)', [PROBLEM.alone]],
    ['email', 'a..b@c', [PROBLEM.dots]],
    ['email', '.a@c', [PROBLEM.dots]],
    ['email', 'a.@c', [PROBLEM.dots]],
    ['email', 'a@.c', [PROBLEM.dots]],
    ['email', 'a@c.', [PROBLEM.dots]],
    ['email', `${'\u{1f600}'.repeat(252)}@b`, []],
    ['email', `${'a'.repeat(253)}@b`, [PROBLEM.atMost254]],
    ['password', 'aB3#', [PROBLEM.atLeast5]],
    ['password', 'aB3#x'.repeat(51), []],
    ['password', `${'aB3#x'.repeat(51)}y`, [PROBLEM.atMost255]],
    ['password', '!~`\\&<', []],
    ['password', 'aB3# x', [PROBLEM.space]],
    ['password', "aB3#x'", [PROBLEM.quotes]],
    ['password', 'aB3#x"', [PROBLEM.quotes]],
    ['password', 'aB3#xé', [PROBLEM.ascii]],
    ['password', 'aB3#\u00a0x', [PROBLEM.ascii]],
    ['password', 'aB3#\u200bx', [PROBLEM.invisible]],
    ['password', '\u{1f600}aB3', [PROBLEM.atLeast5, PROBLEM.ascii]],
    ['password', '********', [PROBLEM.mask]],
  ])('%s %j', (field, value, expected) => {
    expect(problemsOf(field, value)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['client1', 'xclient1x', [PROBLEM.containsLogin]],
    ['client1', 'xClient1x', []],
    ['k', 'hV7#kQ2_mR9x4T', [PROBLEM.containsLogin]],
    ['client1', `${'x'.repeat(3_000)}client1`, [PROBLEM.atMost255, PROBLEM.containsLogin]],
  ])('login %s in the password %s', (login, password, expected) => {
    const { problems } = checkAccount({ login, password });
    expect(problems.map((problem) => problem.message)).toEqual(expected);
  });

  test('several invisible characters are named once each', () => {
    const [problem] = problemsOf('login', 'a\u200bb\u200bc\u{e0041}');
    expect(problem).toBe('must not contain invisible characters (U+200B, U+E0041)');
  });
});

describe('what stands in place of a password', () => {
  const hexadecimal = (length: number) => '0123456789abcdefABCDEF'.repeat(4).slice(0, length);
  test.each([
    ...['$2y$10$abcdefghijklmnopqrstuv', '$2a$10$abcdefghijklmnopqrstuv'],
    ...['$2b$12$abcdefghijklmnopqrstuv', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ'],
    ...['$1$saltsalt$abcdefghijklmnop', '$6$saltsalt$abcdefghijklmnop', '$y$j9T$salt$abcdef'],
    ...[hexadecimal(32), hexadecimal(40), hexadecimal(64)],
  ])('%s is a hash', (value) => {
    expect(standsForPassword(value)).toBe('a hash');
    expect(problemsOf('password', value)).toEqual([PROBLEM.hash]);
  });

  test.each(['********', '••••••', 'xxxxxx', 'XXXXXX'])('%s is a mask', (value) => {
    expect(standsForPassword(value)).toBe('a mask');
  });

  test.each([
    ...['hV7#kQ2_mR9x4T', '$money$', '$3$saltsalt', '$2y10$abc', 'x$2y$10$abcdef', '***x'],
    ...[hexadecimal(31), hexadecimal(33), hexadecimal(65), `${hexadecimal(31)}g`],
  ])('%s is none', (value) => {
    expect(standsForPassword(value)).toBeNull();
  });
});

describe('warnings', () => {
  test.each<[AccountFieldName, string, string[]]>([
    ['name', 'x'.repeat(61), ['longer_than_documented']],
    ['company', 'x'.repeat(61), ['longer_than_documented']],
    ['login', 'x'.repeat(61), ['longer_than_documented']],
    ['login', 'x'.repeat(256), []],
    ['login', 'admin', ['login_reserved']],
    ['login', 'Administrator', ['login_reserved']],
    ['login', 'admin1', []],
    ['login', 'a/b', ['login_unusual']],
    ['login', 'é', ['login_unusual']],
    ['login', 'a.b_c-d@e9', []],
    ['name', 'A &amp; B', ['escaped_text']],
    ['name', 'O&#039;Hara', ['escaped_text']],
    ['name', "O\\'Hara", ['escaped_text']],
    ['password', 'kV7h&amp;Q2mRx', ['escaped_text']],
    ['name', "R&D; O'Hara & Co; AT&T", []],
    ['name', 'MÃ¼ller', ['wrong_encoding']],
    ['name', 'Ã–sterreich', ['wrong_encoding']],
    ['company', 'A â€“ B', ['wrong_encoding']],
    ['name', 'Å‚ukasz', ['wrong_encoding']],
    ['email', 'mÃ¼ller@example.com', ['wrong_encoding']],
    ['password', 'kV7hQ2m', ['weak_password']],
  ])('%s %j', (field, value, expected) => {
    expect(warningsOf(field, value)).toEqual(expected);
  });

  test('a password of our own recipe has none, but problems are said', () => {
    const fields = { login: 'ABC', password: 'xABC', name: 'x'.repeat(61) };
    const { problems, warnings } = checkAccount(fields, { passwordIsGenerated: true });
    expect(problems.map((problem) => problem.name)).toEqual(['password', 'password']);
    expect(warnings.map((warning) => warning.field)).toEqual(['name']);
    const own = { ...good, password: 'client1X' };
    expect(checkAccount(own, { passwordIsGenerated: true }).warnings).toEqual([]);
  });
});

describe('any text', () => {
  const fragment = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.integer({ min: 0x20, max: 0x7e }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom('\0', ' ', '\ud83d', '\u{1f600}', '@', '$2y$', 'client1', 'CLIENT1', 'İ'),
    fc.constantFrom('__proto__', 'x'.repeat(70), '\ufffd', 'Ã¼', '%s', '$&', '0'.repeat(32)),
  );
  const text = fc.array(fragment, { maxLength: 12 }).map((fragments) => fragments.join(''));
  const fields = fc.record(
    { name: text, login: text, email: text, password: text, company: text },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<AccountFields>>;

  test('is judged without an exception, each finding once; what passes is what Plesk takes', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const { problems, warnings } = checkAccount(Object.freeze(given));
        const all = [
          ...problems.map(({ name, message }) => `${name} ${message}`),
          ...warnings.map(({ field, code }) => `${field} ${code}`),
        ];
        expect(new Set(all).size).toBe(all.length);
        const refused = new Set(problems.flatMap(({ name, canForce }) => (canForce ? [] : [name])));
        const { login, password } = given;
        if (login !== undefined && !refused.has('login')) {
          expect(login).toMatch(/^[\p{L}\p{Nd}][^\s\p{Cc}\p{Cs}\p{Cf}]*$/u);
          expect([...login].length).toBeLessThanOrEqual(255);
        }
        if (password !== undefined && !refused.has('password')) {
          expect(password).toMatch(/^[!#-&(-~]{5,255}$/);
          if (login !== undefined && !refused.has('login')) expect(password).not.toContain(login);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ...['a', ' ', 'a ', '@', ',', '\u{1f600}', '\ud800', '\0', 'Ã', '0', '$2y', 'password', '&#'],
    ...['\\', '.', '\u200b', 'passpasswd', '1'],
  ])('a megabyte of %j takes no longer than a moment', (piece) => {
    const huge = piece.repeat(1_000_000 / piece.length);
    for (const login of [`${huge}b`, huge.slice(0, 2_000)]) {
      const began = performance.now();
      checkAccount({ name: huge, login, email: `${login}@b`, password: huge, company: huge });
      expect(performance.now() - began).toBeLessThan(5_000);
    }
  });
});
