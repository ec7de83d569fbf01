import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRedactor,
  isSecretName,
  MASK,
  MOST_LEARNED,
  redactByName,
  secretsIn,
} from '../../src/output/redact.ts';
import { shorten } from '../../src/output/sanitize.ts';

function redactorFor(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe('by name', () => {
  test.each([
    ...['password', 'Password', 'ftp_password', 'generated_password', 'passwordHash', 'passwd'],
    ...['pwd', 'secret', 'token', 'metadata', 'x-api-key', 'X-API-Key', 'api_key', 'apikey'],
    ...['authorization', 'Proxy-Authorization', 'cookie', 'Set-Cookie'],
    ...['pass', 'pw', 'root_pass', 'rootPass', 'ROOT_PASS', 'pass1', 'dbpwd', 'user[password]'],
    ...['access_token', 'accessToken', 'client_secret', 'clientSecret', 'passphrase'],
    ...['credentials', 'private_key', 'privateKey', 'APIKey', 'auth_code', 'authCode', 'epp'],
    ...['epp-code', 'session_token', 'password_reset_token', 'user.credential'],
  ])('%s is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    ...['id', 'name', 'login', 'email', 'company', 'message', 'x-request-id', 'tokens_left'],
    ...['compass', 'passport', 'bypass', 'secretary', 'monkey', 'author', 'keyboard', 'step_up'],
    ...['has_password', 'hasPassword', 'password_expires', 'token_expires_at', 'token_type'],
    ...['password_length', 'passwordPolicy', 'password_required', 'expires_at'],
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  test('true, false and null are no secrets', () => {
    const given = { password: true, token: false, metadata: null, pin: 7 };
    expect(redactByName(given)).toEqual({ ...given, pin: MASK });
  });

  test('texts are looked through, whatever their names', () => {
    const note = { note: 'user=root;password=X', json: '{"pass":"Y"}', url: 'https://a/?pw=Z&b=c' };
    expect(redactByName([note])).toEqual([
      {
        note: `user=root;password=${MASK}`,
        json: `{"pass":"${MASK}"}`,
        url: `https://a/?pw=${MASK}&b=c`,
      },
    ]);
  });

  test.each<[unknown, unknown]>([
    [{ errors: { password: ['is too short'] } }, { errors: { password: ['is too short'] } }],
    [{ error: { password: 'required' } }, { error: { password: 'required' } }],
    [
      { errors: { password: ['Kx7!Qm2 is too weak', 8, 12345678], token: null } },
      { errors: { password: [`${MASK} is too weak`, 8, MASK], token: null } },
    ],
    [
      { errors: [{ data: { password: { code: 'too_short', given: 'Kx7!Qm2' } } }] },
      { errors: [{ data: { password: { code: 'too_short', given: MASK } } }] },
    ],
    [{ password: ['This field is required.'] }, { password: ['This field is required.'] }],
    [{ password: 'is too short' }, { password: MASK }],
    [{ token: ['Bearer onlyletters'] }, { token: MASK }],
    [{ password: ['required'] }, { password: MASK }],
  ])('what is wrong with a password stays readable: %j', (given, expected) => {
    expect(redactByName(given)).toEqual(expected);
  });

  test('at any depth, whatever the value, and without a change to the input', () => {
    const given = {
      login: 'client1',
      password: 'Secret-1',
      nested: [{ ftp_password: ['Secret-2'], deeper: { metadata: { card: 'Secret-3' }, id: 7 } }],
      token: null,
    };
    const before = structuredClone(given);
    expect(redactByName(given)).toEqual({
      login: 'client1',
      password: MASK,
      nested: [{ ftp_password: MASK, deeper: { metadata: MASK, id: 7 } }],
      token: null,
    });
    expect(given).toEqual(before);
  });

  test('a member called __proto__ is a member', () => {
    const masked = redactByName(JSON.parse('{"__proto__":{"password":"Secret-1"}}'));
    expect(JSON.stringify(masked)).toBe(`{"__proto__":{"password":"${MASK}"}}`);
  });
});

describe('by value', () => {
  const secret = `a/B+c=d&e<f>g'h"i\\j k%l~m!n(o)p*q?`;
  const php = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);

  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify(secret)],
    ['in JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ password: secret }))],
    ['in a URL', `?p=${encodeURIComponent(secret)}`],
    [
      'in a URL with small hexadecimals',
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    ],
    [
      'in a URL as strict as RFC 3986',
      php(secret)
        .replace(/%../g, (code) => code.toUpperCase())
        .replaceAll('%7E', '~'),
    ],
    ['in a form', new URLSearchParams({ p: secret }).toString()],
    [
      'in a form as PHP writes it',
      php(secret)
        .replace(/%../g, (code) => code.toUpperCase())
        .replaceAll('%20', '+'),
    ],
    [
      'in HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 of URLs', Buffer.from(secret).toString('base64url')],
  ])('%s', (_where, text) => {
    const masked = redactorFor(secret).apply(`before ${text} after`);
    expect(masked).toContain(MASK);
    // What is left is what stood around it.
    expect(masked.replace(MASK, '')).toMatch(/^before \W*(\??p=|\{\\"password\\":\\")?\W*after$/);
  });

  test('letters beyond ASCII, escaped as our own JSON does', () => {
    expect(redactorFor('gr\u00f6\u00dfe-1').apply('"gr\\u00f6\\u00dfe-1"')).toBe(`"${MASK}"`);
  });

  test('every place and every secret', () => {
    const redactor = redactorFor('first-secret', 'second-secret');
    expect(redactor.apply('first-secret, second-secret, first-secret')).toBe(
      `${MASK}, ${MASK}, ${MASK}`,
    );
  });

  test('a secret that is the beginning of another leaves nothing of it', () => {
    expect(redactorFor('abcd', 'abcdefgh').apply('abcdefgh')).toBe(MASK);
  });

  test('what is shorter than four characters is no secret that could be found', () => {
    expect(redactorFor('abc').apply('abcabc')).toBe('abcabc');
  });

  test.each(['…', '\\u2026'])('a secret that was cut in the middle, before %s', (ellipsis) => {
    const redactor = redactorFor('A-long-secret-1');
    expect(redactor.apply(`it is A-long-sec${ellipsis}`)).toBe(`it is ${MASK}${ellipsis}`);
    expect(redactor.apply(`a${ellipsis}, b${ellipsis}A-lo${ellipsis}x`)).toBe(
      `a${ellipsis}, b${ellipsis}${MASK}${ellipsis}x`,
    );
  });

  test('a megabyte of ellipses takes no longer than a moment', () => {
    const redactor = redactorFor('A-long-secret-1', 'key-0123456789');
    const began = performance.now();
    redactor.apply('word…'.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('the secret never survives', () => {
  const password = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 5,
    maxLength: 64,
  });
  const writings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => JSON.stringify({ message: JSON.stringify({ password: text }) }),
    (text) => encodeURIComponent(text),
    (text) => new URLSearchParams({ p: text }).toString(),
    (text) => Buffer.from(text).toString('base64'),
  ];

  test('in whatever writing, among whatever text', () => {
    const around = fc.string({ unit: 'binary', maxLength: 30 });
    void fc.assert(
      fc.property(password, around, around, fc.constantFrom(...writings), (secret, a, b, write) => {
        const written = write(secret);
        const masked = redactorFor(secret).apply(`${a}${written}${b}`);
        // Masks may make up a secret of asterisks; it is told from nothing.
        if (MASK.includes(secret)) return;
        expect(masked.replaceAll(MASK, '\n')).not.toContain(written);
        expect(masked.replaceAll(MASK, '\n')).not.toContain(secret);
      }),
    );
  });

  test('nor more than three characters of it at a cut', () => {
    const secret = 'Kx7-Qm2-Vb9-Rt4-Zw6';
    void fc.assert(
      fc.property(fc.integer({ min: 2, max: 80 }), fc.nat(40), (most, before) => {
        const cut = shorten(`${'.'.repeat(before)} ${secret} is wrong`, most);
        const masked = redactorFor(secret).apply(cut);
        expect(masked).not.toContain(secret.slice(0, 4));
      }),
    );
  });
});

describe('what an answer gives away', () => {
  test.each<[unknown, string[]]>([
    [{ a: { metadata: 'password=Made-1abc', password: 'Made-2abc' } }, ['Made-1abc', 'Made-2abc']],
    [[{ note: 'x token=Made-3abc&a=b' }], ['Made-3abc']],
    ['{"metadata":"password=Made-4abc","pri', ['Made-4abc']],
    [{ note: '{"root_pass":"Made-5abc"}' }, ['Made-5abc']],
    // Words would be masked in every other sentence.
    [{ password: 'password', metadata: 'Array', token: 'active' }, []],
    [{ errors: { password: ['is too short', 'required'] } }, []],
    [{ password: 'Ab1', token: `A1${'b'.repeat(5_000)}` }, []],
    [null, []],
  ])('%j', (answer, secrets) => {
    expect(secretsIn(answer)).toEqual(secrets);
  });

  test('is hidden; of very much only the last', () => {
    const redactor = createRedactor();
    redactor.add('Sent-0abc');
    for (let count = 0; count <= MOST_LEARNED; count += 1) redactor.learn(`Made-${count}abc`);
    expect(redactor.apply('Made-0abc Made-1abc Sent-0abc')).toBe(`Made-0abc ${MASK} ${MASK}`);
  });

  test('is not known for longer because it was sent as well', () => {
    const redactor = createRedactor();
    redactor.add('Sent-0abc');
    redactor.learn('Sent-0abc');
    redactor.remove('Sent-0abc');
    expect(redactor.apply('Sent-0abc')).toBe('Sent-0abc');
  });
});

test('the end of a secret does not stay where its beginning was masked by name', () => {
  const redactor = redactorFor('correct horse, battery "staple');
  expect(redactor.apply(`password=${MASK} horse, battery "staple it was`)).toBe(
    `password=${MASK} it was`,
  );
  expect(redactor.apply(`"password=${MASK} horse, battery \\"staple"`)).toBe(`"password=${MASK}"`);
  expect(redactor.apply(`${MASK} horses`)).toBe(`${MASK} horses`);
});

test('what is removed as often as it was added is not masked any more', () => {
  const redactor = redactorFor('Secret-1', 'Secret-1', 'Secret-2');
  redactor.remove('Secret-1');
  expect(redactor.apply('Secret-1 Secret-2')).toBe(`${MASK} ${MASK}`);
  redactor.remove('Secret-1');
  expect(redactor.apply('Secret-1 Secret-2')).toBe(`Secret-1 ${MASK}`);
});
