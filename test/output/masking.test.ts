import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WrittenNumber } from '../../src/output/json.ts';
import {
  createRedactor,
  isSecretName,
  MASK,
  maskByName,
  maskPairs,
} from '../../src/output/masking.ts';
import { formsFound, formsOf } from '../support/canary.ts';

function redactorFor(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe('by name', () => {
  test.each([
    ...['password', 'Password', 'ftp_password', 'generated_password', 'passwordHash', 'passwd'],
    ...['pwd', 'secret', 'token', 'metadata', 'x-api-key', 'X-API-Key', 'api_key', 'apikey'],
    ...['authorization', 'Proxy-Authorization', 'cookie', 'Set-Cookie', 'passwordConfirmation'],
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
    ...['password_expires', 'token_expires_at', 'token_type', 'password_length', 'passwordPolicy'],
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  test('at any depth, whatever the value, and without a change to the input', () => {
    const given = {
      ...{ login: 'client1', password: 'Secret-1', pin: 7, token: null, secret: true, pw: '' },
      nested: [{ ftp_password: ['Secret-2'], deeper: { metadata: { card: 'Secret-3' }, id: 7 } }],
      amount: new WrittenNumber('9.90'),
    };
    const before = structuredClone({ ...given, amount: 0 });
    expect(maskByName(given)).toEqual({
      ...{ login: 'client1', password: MASK, pin: MASK, token: null, secret: true, pw: '' },
      nested: [{ ftp_password: MASK, deeper: { metadata: MASK, id: 7 } }],
      amount: new WrittenNumber('9.90'),
    });
    expect({ ...given, amount: 0 }).toEqual(before);
    const strange = maskByName(JSON.parse('{"__proto__":{"password":"Secret-1"}}'));
    expect(JSON.stringify(strange)).toBe(`{"__proto__":{"password":"${MASK}"}}`);
  });

  test.each([
    { errors: { password: ['is too short'] } },
    { error: { password: 'required' } },
    { errors: [{ data: { password: { code: 'too_short' } } }] },
  ])('what is wrong with a password stays readable: %j', (given) => {
    expect(maskByName(given)).toEqual(given);
  });

  test('texts and names are looked through; secrets of this run before pairs', () => {
    const redactor = redactorFor('correct horse & "staple');
    const given = {
      note: 'user=root;password=X',
      'correct horse & "staple': ['pw=correct horse & "staple'],
    };
    expect(maskByName(given, redactor.apply)).toEqual({
      note: `user=root;password=${MASK}`,
      [MASK]: [`pw=${MASK}`],
    });
  });
});

const SECRET = 'ServerMadeSecret1';

describe('pairs in a text', () => {
  test.each([
    ['a cut body', `{"server_status":{"metadata":"password=${SECRET}","pri`, '","pri'],
    ['cut in the secret', `{"x":1,"password":"${SECRET}`, '{"x":1,'],
    ['a warning before', `<br />\n<b>Warning</b>: x{"metadata":"password=${SECRET}"}`, 'Warning'],
    ['a key twice', `{"password":"${SECRET}","password":"Kx7${SECRET}"}`, '{"password":"'],
    ['a number', '{"password":1234567890,"id":7', '"id":7'],
    ['quotes in it', `{"password":"a\\"b ${SECRET}","id":7`, '"id":7'],
    ['JSON in JSON', `{"a":"{\\"pw\\":\\"x\\\\\\"${SECRET}\\",\\"b\\":1}","id":7`, '\\"b\\":1}'],
    ['a pair in JSON', `{"a":"x password=${SECRET}","id":7`, '","id":7'],
    ['JSON in HTML', `{&quot;token&quot;:&quot;${SECRET} x&quot;,&quot;b&quot;:1}`, 'b&quot;:1}'],
    ['JSON in JSON by code', `\\u0022password\\u0022:\\u0022${SECRET}\\u0022,`, '\\u0022,'],
    ['single quotes', `{'password': '${SECRET} x', 'a': 1}`, `', 'a': 1}`],
    ['a form', `a=b&password=${SECRET}&c=d`, 'a=b&password=********&c=d'],
    ['a form with brackets', `user[pass]=${SECRET}&c=d`, 'user[pass]=********&c=d'],
    ['a query', `https://x.example/?access_token=${SECRET}&a=b`, '&a=b'],
    ['a list of pairs', `network=net1, password=a,b${SECRET}, cycle=yearly`, ', cycle=yearly'],
    ['pairs with semicolons', `user=root;password=${SECRET};a=b`, ';a=b'],
    ['HTML', `<p>password=a&lt;b${SECRET}</p> <i>x</i>`, '</p> <i>x</i>'],
    ['an escaped line break before', `{"a":"x\\ntoken=${SECRET}","id":7`, '","id":7'],
    ['a dump', `['password' => '${SECRET} x', 'a' => 1]`, `', 'a' => 1]`],
    ['a setting', `DB_PASSWORD = ${SECRET}\nA = b`, '\nA = b'],
    ['quotes behind =', `password="${SECRET} b${SECRET}" c`, '" c'],
    ['whatever it is', 'password=required', 'password=********'],
  ])('%s', (_what, text, kept) => {
    const masked = maskPairs(text);
    expect(masked).toContain(MASK);
    expect(masked).not.toMatch(/Secret1|1234567890|required/);
    expect(masked).toContain(kept);
    expect(maskPairs(masked)).toBe(masked);
  });

  test.each([
    ...['password must contain 8 characters', 'token expired', 'password: is too short', 'a=b'],
    ...['{"password":["This field is required."],"x":1', 'https://example.com:8080/a?b=c%20d'],
    '{"has_password":true,"token":null,"password":false,"tokens_left":5,"password_expires":"2027"',
    'metadata add_extra=1',
  ])('what people have to read stays: %s', (text) => {
    expect(maskPairs(text)).toBe(text);
  });

  test.each([
    ...['a', '=', '\\', ' ', 'password=', '"password":"a b",', 'password: "', "password:'", 'a,'],
    ...['&quot;password&quot;:&quot;', '&a', 'a.b-c[d]', 'password=\\', 'password="', '"a":"\\"'],
  ])('a hostile megabyte takes no longer than a moment: %s', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    const began = performance.now();
    maskPairs(text);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('by value', () => {
  const secret = `a/b+c=d&e<f>g'h"i\\j k%l~m!n(o)p*q?`;
  test.each(
    Object.entries(formsOf(secret)).flatMap(([name, forms]) =>
      name === 'part' ? [] : forms.map((form) => [name, form]),
    ),
  )('in %s: %s', (_name, form) => {
    const masked = redactorFor(secret).apply(`before ${form} after`);
    expect(formsFound(masked, secret)).toEqual([]);
    expect(masked).toMatch(/^before .{0,3}\*{8}.{0,4} after$/);
  });

  test('letters beyond ASCII, escaped as our own JSON does', () => {
    expect(redactorFor('größe-1').apply('"gr\\u00f6\\u00dfe-1"')).toBe(`"${MASK}"`);
  });

  test('every place and every secret; none leaves a part of a longer one', () => {
    const redactor = redactorFor('first-secret', 'abcd', 'abcdefgh');
    expect(redactor.apply('first-secret, abcdefgh, first-secret')).toBe(
      `${MASK}, ${MASK}, ${MASK}`,
    );
    expect(redactorFor('abc').apply('abcabc')).toBe('abcabc');
  });

  test('what is removed as often as it was added is not masked any more', () => {
    const redactor = redactorFor('Secret-1', 'Secret-1', 'Secret-2');
    redactor.remove('Secret-1');
    expect(redactor.apply('Secret-1 Secret-2')).toBe(`${MASK} ${MASK}`);
    redactor.remove('Secret-1');
    expect(redactor.apply('Secret-1 Secret-2')).toBe(`Secret-1 ${MASK}`);
  });

  test('in whatever writing, among whatever text', () => {
    const password = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 5,
      maxLength: 64,
    });
    const write = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => JSON.stringify({ message: JSON.stringify({ password: text }) }),
      (text) => encodeURIComponent(text),
      (text) => new URLSearchParams({ p: text }).toString(),
      (text) => Buffer.from(text).toString('base64'),
    );
    const around = fc.string({ unit: 'binary', maxLength: 30 });
    void fc.assert(
      fc.property(password, around, around, write, (given, before, after, form) => {
        const masked = redactorFor(given).apply(`${before}${form(given)}${after}`);
        // Masks may make up a secret of asterisks; nothing is learned from that.
        if (MASK.includes(given)) return;
        expect(masked.replaceAll(MASK, '\n')).not.toContain(form(given));
        expect(masked.replaceAll(MASK, '\n')).not.toContain(given);
      }),
    );
  });
});
