import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccountFieldName,
  type AccountFields,
  checkAccount,
  isPasswordHash,
} from '../../src/plesk/account.ts';
import { PROBLEM, WARNINGS } from './messages.ts';

const FIELD_ORDER: AccountFieldName[] = ['name', 'login', 'email', 'password', 'company'];
const PROBLEMS: ReadonlySet<string> = new Set(Object.values(PROBLEM));

const fragment = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  fc.integer({ min: 0x20, max: 0x7e }).map((unit) => String.fromCharCode(unit)),
  fc.constantFrom('\0', ' ', '\u00a0', '\ud83d', '\u{1f600}', '@', '$2y$', 'client1', 'CLIENT1'),
  fc.constantFrom(
    '__proto__',
    'x'.repeat(70),
    '\ufffd',
    'Ã¼',
    'İ',
    '\u212a',
    '%s',
    '$&',
    '0'.repeat(32),
  ),
);
const hostileText = fc.array(fragment, { maxLength: 12 }).map((fragments) => fragments.join(''));
const hostileFields = fc.record<Required<AccountFields>>(
  {
    name: hostileText,
    login: hostileText,
    email: hostileText,
    password: hostileText,
    company: hostileText,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<AccountFields>>;

function isInFieldOrder(names: AccountFieldName[]): boolean {
  const positions = names.map((name) => FIELD_ORDER.indexOf(name));
  return positions.every((position, at) => at === 0 || position >= (positions[at - 1] ?? 0));
}

test('hostile fields never throw, never reach a message, and are reported in order', () => {
  fc.assert(
    fc.property(hostileFields, fc.boolean(), (fields, passwordIsGenerated) => {
      const { problems, warnings } = checkAccount(fields, { passwordIsGenerated });
      for (const problem of problems) expect(PROBLEMS).toContain(problem.message);
      for (const { code, message } of warnings) expect(WARNINGS).toContain(`${code}: ${message}`);
      expect(isInFieldOrder(problems.map((problem) => problem.name))).toBe(true);
      expect(isInFieldOrder(warnings.map((warning) => warning.field))).toBe(true);
      for (const name of [...problems.map((p) => p.name), ...warnings.map((w) => w.field)]) {
        expect(Object.hasOwn(fields, name)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});

test('no finding is told twice', () => {
  fc.assert(
    fc.property(hostileFields, (fields) => {
      const { problems, warnings } = checkAccount(fields);
      const told = [
        ...problems.map((problem) => `${problem.name} ${problem.message}`),
        ...warnings.map((warning) => `${warning.field} ${warning.code}`),
      ];
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 1000 },
  );
});

test('what passes is what Plesk takes', () => {
  fc.assert(
    fc.property(hostileFields, (fields) => {
      const { login, password } = fields;
      const refused = new Set(
        checkAccount(fields).problems.flatMap(({ name, canForce }) => (canForce ? [] : [name])),
      );
      if (login !== undefined && !refused.has('login')) {
        expect(login).toMatch(/^[\p{L}\p{Nd}][^\s\p{Cc}\p{Cs}]*$/u);
        expect([...login].length).toBeLessThanOrEqual(255);
      }
      if (password !== undefined && !refused.has('password')) {
        expect(password).toMatch(/^[!#-&(-~]{5,255}$/);
        if (login !== undefined && login.trim() !== '') expect(password).not.toContain(login);
      }
    }),
    { numRuns: 3000 },
  );
});

test('the value is not changed by the check', () => {
  const fields = Object.freeze({ name: ' A ', login: 'a b', email: ' a@b ', password: 'p ' });
  expect(() => checkAccount(fields)).not.toThrow();
});

describe('a megabyte takes well under a second', () => {
  const million = 1_000_000;
  test.each<[string, string]>([
    ['letters', 'a'.repeat(million)],
    ['spaces', ' '.repeat(million)],
    ['spaces and a letter', `${' '.repeat(million)}a`],
    ['letters between spaces', 'a '.repeat(million / 2)],
    ['at signs', '@'.repeat(million)],
    ['commas', ','.repeat(million)],
    ['emoji', '\u{1f600}'.repeat(million / 2)],
    ['lone surrogates', '\ud800'.repeat(million)],
    ['controls', '\0'.repeat(million)],
    ['mojibake leads', 'Ã'.repeat(million)],
    ['digits', `${'0'.repeat(million)}g`],
    ['dollars', '$2y'.repeat(million / 3)],
    ['words', 'passwor'.repeat(million / 7)],
    ['a repeat that nearly is the login', `${'a'.repeat(million - 1)}b`],
  ])('%s', (_title, huge) => {
    const part = huge.slice(0, 100_000);
    const logins = [huge, huge.slice(0, 2000), `${part}b${part}`];
    for (const login of logins) {
      const started = performance.now();
      checkAccount({ name: huge, login, email: `${login}@b`, password: huge, company: huge });
      isPasswordHash(huge);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});
