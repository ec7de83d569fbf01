import { describe, expect, test } from 'vitest';
import {
  type AccountFieldName,
  type AccountFields,
  checkAccount,
} from '../../src/plesk/account.ts';
import { WARNINGS } from './messages.ts';

function warningsOf(fields: Partial<AccountFields>, field: AccountFieldName): string[] {
  return checkAccount(fields)
    .warnings.filter((warning) => warning.field === field)
    .map((warning) => {
      expect(WARNINGS).toContain(`${warning.code}: ${warning.message}`);
      return warning.code;
    });
}

describe.each(['name', 'company'] as const)('%s', (field) => {
  test.each<[string, string, string[]]>([
    ['plain', 'Example Client', []],
    ['other scripts', 'Пример 株式会社', []],
    ['60 characters', 'x'.repeat(60), []],
    ['60 characters of two units each', '\u{1f600}'.repeat(60), []],
    ['61 characters', 'x'.repeat(61), ['longer_than_documented']],
    ['an ampersand', 'A & B', ['markup_characters']],
    ['less than', 'A < B', ['markup_characters']],
    ['greater than', 'A > B', ['markup_characters']],
    ['a space before', ' A', ['edge_space']],
    ['a space after', 'A ', ['edge_space']],
    ['a no-break space after', 'A\u00a0', ['edge_space']],
    ['a space inside', 'A B', []],
    ['a line break after, which is a problem already', 'A\n', []],
    ['a replacement character', 'M\ufffdller', ['wrong_encoding']],
    ['UTF-8 read as Latin-1', 'MÃ¼ller', ['wrong_encoding']],
    ['UTF-8 read as Windows-1252', 'Ã–sterreich', ['wrong_encoding']],
    ['a dash in UTF-8 read as Windows-1252', 'A â€“ B', ['wrong_encoding']],
    ['a no-break space in UTF-8 read as Latin-1', 'AÂ\u00a0B', ['wrong_encoding']],
    ['Polish in UTF-8 read as Windows-1252', 'Å‚ukasz', ['wrong_encoding']],
    ['real accents', 'São João, Ångström, Ärzte, Ñandú, ÀÉÎ, Weiß\u00a0GmbH', []],
    [
      'everything',
      ` Ã¼ & ${'x'.repeat(60)}`,
      ['wrong_encoding', 'edge_space', 'longer_than_documented', 'markup_characters'],
    ],
  ])('%s', (_title, value, expected) => {
    expect(warningsOf({ [field]: value }, field)).toEqual(expected);
  });
});

test('a blank name is a problem already', () => {
  expect(warningsOf({ name: '  ' }, 'name')).toEqual([]);
});

test('a company of nothing but spaces is warned of, an empty one is not', () => {
  expect(warningsOf({ company: '  ' }, 'company')).toEqual(['edge_space']);
  expect(warningsOf({ company: '' }, 'company')).toEqual([]);
});

test.each<[string, string[]]>([
  ['client1@example.com', []],
  ['m\ufffdller@example.com', ['wrong_encoding']],
  ['mÃ¼ller@example.com', ['wrong_encoding']],
  [' client1@example.com', []],
])('e-mail %s', (email, expected) => {
  expect(warningsOf({ email }, 'email')).toEqual(expected);
});

describe('login', () => {
  test.each<[string, string, string[]]>([
    ['all usual characters', 'a.b_c-d9', []],
    ['20 characters', 'a'.repeat(20), []],
    ['21 characters', 'a'.repeat(21), ['login_too_long_for_system_user']],
    ['33 characters', 'a'.repeat(33), ['login_too_long_for_system_user']],
    ['60 characters', 'a'.repeat(60), ['login_too_long_for_system_user']],
    ['61 characters', 'a'.repeat(61), ['longer_than_documented', 'login_too_long_for_system_user']],
    [
      '255 characters',
      'a'.repeat(255),
      ['longer_than_documented', 'login_too_long_for_system_user'],
    ],
    ['256 characters, which are a problem already', 'a'.repeat(256), []],
    ['a digit first', '1a', ['login_starts_with_digit']],
    ['a digit later', 'a1', []],
    ['upper case', 'aB', ['login_upper_case']],
    ['upper case of another script', 'aÉ', ['login_upper_case', 'login_unusual_characters']],
    ['a slash', 'a/b', ['login_unusual_characters']],
    ['an @', 'a@b', ['login_unusual_characters']],
    ['an accent', 'é', ['login_unusual_characters']],
    ['white space, which is a problem already', 'a b', []],
    ['white space and a slash', 'a b/', ['login_unusual_characters']],
    ['a symbol first, which is a problem already', '+ab', []],
    ['an emoji first, which is a problem already', '\u{1f600}ab', []],
    ['a symbol first and another', '+a+', ['login_unusual_characters']],
    ['a control character, which is a problem already', 'a\0', []],
    ['admin', 'admin', ['login_reserved']],
    ['root', 'root', ['login_reserved']],
    ['Administrator', 'Administrator', ['login_upper_case', 'login_reserved']],
    ['admin within', 'admin1', []],
    ['a replacement character', 'm\ufffd', ['wrong_encoding', 'login_unusual_characters']],
    ['blank, which is a problem already', '', []],
  ])('%s', (_title, login, expected) => {
    expect(warningsOf({ login }, 'login')).toEqual(expected);
  });

  test('the limit that it passes is named', () => {
    const messageOf = (length: number) =>
      checkAccount({ login: 'a'.repeat(length) }).warnings.at(-1)?.message;
    expect(messageOf(32)).toContain('20 characters that a Windows');
    expect(messageOf(33)).toContain('32 characters that a Linux');
  });
});

describe('password', () => {
  const strong = 'hV7#kQ2_mR9x4TzW';
  /** Whatever is long enough to be strong is longer than documented too. */
  const long = 'longer_than_documented';

  test.each<[string, Partial<AccountFields>, string[]]>([
    ['14 characters', { password: strong.slice(2) }, ['password_may_be_too_weak']],
    ['15 characters', { password: strong.slice(1) }, ['password_may_be_too_weak', long]],
    ['16 strong characters', { password: strong }, [long]],
    ['255 characters', { password: `${strong}z`.repeat(15) }, [long]],
    ['256 characters, which are a problem already', { password: strong.repeat(16) }, []],
    ['13 characters', { password: strong.slice(3) }, ['password_may_be_too_weak']],
    ['5 characters', { password: 'aB3#x' }, ['password_may_be_too_weak']],
    ['4 characters, which are a problem already', { password: 'aB3#' }, []],
    ['a tilde', { password: strong.replace('#', '~') }, [long, 'password_tilde']],
    [
      'the login in another case',
      { login: 'Kq2', password: strong },
      [long, 'password_contains_login'],
    ],
    ['the login as it is, a problem already', { login: 'kQ2', password: strong }, [long]],
    [
      'the e-mail name',
      { email: 'mr9@example.com', password: strong },
      [long, 'password_contains_email_name'],
    ],
    ['an e-mail name of two characters', { email: 'mR@example.com', password: strong }, [long]],
    [
      'the e-mail name is the login',
      { login: 'kq2', email: 'KQ2@example.com', password: strong },
      [long, 'password_contains_login'],
    ],
    [
      'that, where it is a problem already',
      { login: 'kQ2', email: 'kq2@example.com', password: strong },
      [long],
    ],
    ['an e-mail without an @', { email: 'mR9', password: strong }, [long]],
    ['nothing of the e-mail', { email: 'client1@hV7', password: strong }, [long]],
  ])('%s', (_title, fields, expected) => {
    expect(warningsOf(fields, 'password')).toEqual(expected);
  });

  test('one of our own is not warned of, but its problems are told', () => {
    const fields = { login: 'ABC', email: 'abc@example.com', password: 'abc~xABC', name: 'A & B' };
    const { problems, warnings } = checkAccount(fields, { passwordIsGenerated: true });
    expect(problems.map((problem) => problem.name)).toEqual(['password']);
    expect(warnings.map((warning) => warning.field)).toEqual(['name', 'login']);
  });
});
