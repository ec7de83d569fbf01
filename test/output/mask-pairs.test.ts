import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPairs } from '../../src/output/mask-pairs.ts';

const SECRET = 'ServerMadeSecret1';

describe('a secret behind its name is masked', () => {
  test.each([
    ['a cut body', `{"server_status":{"metadata":"password=${SECRET}","pri`, '","pri'],
    ['cut in the secret', `{"x":1,"password":"${SECRET}`, '{"x":1,'],
    ['shortened in the secret', `password=${SECRET}…`, '…'],
    ['a warning before', `<br />\n<b>Warning</b>: x{"metadata":"password=${SECRET}"}`, 'Warning'],
    ['a key twice', `{"password":"${SECRET}","password":"Kx7${SECRET}"}`, '{"password":"'],
    ['a number', '{"password":1234567890,"id":7', '"id":7'],
    ['a list', `{"password":["${SECRET}","b"],"id":7`, '"id":7'],
    ['an object', `{"credentials":{"user":"a","list":[{"b":"}${SECRET}"}]},"id":7`, '"id":7'],
    ['quotes in it', `{"password":"a\\"b ${SECRET}","id":7`, '"id":7'],
    [
      'JSON in a string',
      `{"a":"{\\"pw\\":\\"x\\\\\\"${SECRET}\\",\\"b\\":1}","id":7`,
      '\\"b\\":1}',
    ],
    ['JSON in a string, its value unquoted', `{"a":"x password=${SECRET}","id":7`, '","id":7'],
    ['JSON in HTML', `{&quot;token&quot;:&quot;${SECRET} x&quot;,&quot;b&quot;:1}`, 'b&quot;:1}'],
    ['JSON in JSON by code', `\\u0022password\\u0022:\\u0022${SECRET}\\u0022,`, '\\u0022,'],
    ['single quotes', `{'password': '${SECRET} x', 'a': 1}`, `', 'a': 1}`],
    ['a name without quotes', `{password: "${SECRET} x", a: 1}`, '", a: 1}'],
    ['a form', `a=b&password=${SECRET}&c=d`, 'a=b&password=********&c=d'],
    ['an encoded form', `a=b&token=x%26y%3D${SECRET}&c=d`, 'a=b&token=********&c=d'],
    ['a form with brackets', `user[pass]=${SECRET}&c=d`, 'user[pass]=********&c=d'],
    ['a form with encoded brackets', `user%5Bpass%5D=${SECRET}&c=d`, '&c=d'],
    ['a query', `https://x.example/?access_token=${SECRET}&a=b`, '&a=b'],
    ['a query in a query', `/?next=%2Flogin%3Fpw%3D${SECRET}%26a%3Db`, '&a=b'],
    ['a list of pairs', `network=net1, password=a,b${SECRET}, cycle=yearly`, ', cycle=yearly'],
    ['pairs with semicolons', `user=root;password=${SECRET};a=b`, ';a=b'],
    ['HTML', `<p>password=a&lt;b${SECRET}</p> <i>x</i>`, '</p> <i>x</i>'],
    ['HTML between', `<b>Password:</b> <i>${SECRET}</i>`, '</i>'],
    ['XML', `<password>${SECRET} x</password><id>7</id>`, '<id>7</id>'],
    ['an input', `<input name="password" value="${SECRET} x"><input name="a" value="b">`, '"b">'],
    ['the user of a URL', `mysql://root:${SECRET}@db/x`, '@db/x'],
    ['a dump', `Array ( [password] => ${SECRET}\n [id] => 7 )`, '[id] => 7 )'],
    ['a typed dump', `["password"]=>\n  string(17) "${SECRET} x"\n ["id"]`, '["id"]'],
    ['an escaped line break before', `{"a":"x\\ntoken=${SECRET}","id":7`, '","id":7'],
    ['a header', `X-Api-Key: ${SECRET}\nHost: x`, '\nHost: x'],
    ['a header with a scheme', 'Authorization: Bearer onlyletters\nHost: x', '\nHost: x'],
    ['a cookie', `Cookie: a=b; c=${SECRET}\nHost: x`, '\nHost: x'],
    ['plain text', `Oops password=${SECRET}`, 'Oops password=********'],
    ['plain text with a colon', `Password: ${SECRET} (new)`, 'Password: ******** (new)'],
    ['plain text without a space', 'password:onlyletters', 'password:********'],
    ['a sentence', `Your new password is ${SECRET}.`, 'Your new password is '],
    ['a name of two words', `API key: ${SECRET}`, 'API key: ********'],
    ['an equals sign, whatever it is', 'password=required', 'password=********'],
  ])('%s', (_what, text, kept) => {
    const masked = maskPairs(text);
    expect(masked).toContain('********');
    expect(masked).not.toMatch(/Secret1|1234567890|onlyletters|required/);
    expect(masked).toContain(kept);
    expect(maskPairs(masked)).toBe(masked);
  });

  test.each([
    `{"success":true,"server_status":{"new_id":"s","metadata":"password=${SECRET}","ip":"192.0.2.1"`,
    `<b>Warning</b> {"note":"{\\"root_pass\\":\\"${SECRET}\\"}","token":"${SECRET}"}`,
    `x: y; password=${SECRET}; {"errors":{"password":["${SECRET} is too weak"]}}`,
  ])('wherever the text is cut: %s', (text) => {
    for (let end = 0; end <= text.length; end += 1) {
      for (const cut of [text.slice(0, end), `${text.slice(0, end)}…`]) {
        expect(maskPairs(cut)).not.toContain(SECRET.slice(0, 3));
      }
    }
  });

  test('whatever is around it', () => {
    const secret = fc.stringMatching(/^[a-z][A-Z][0-9][a-zA-Z0-9!#*+~-]{5,20}$/);
    const name = fc.constantFrom('password', 'ftp_password', 'rootPass', 'access_token', 'pw');
    const write = fc.constantFrom<(name: string, value: string) => string>(
      (key, value) => `${key}=${value}`,
      (key, value) => JSON.stringify({ [key]: value }),
      (key, value) => JSON.stringify({ note: JSON.stringify({ [key]: value }) }),
      (key, value) => JSON.stringify({ note: `${key}=${value}` }),
      (key, value) => `${key}: ${value}`,
      (key, value) => `[${key}] => ${value}`,
      (key, value) => `?${new URLSearchParams({ [key]: value })}`,
    );
    const around = fc.string({ maxLength: 30 });
    void fc.assert(
      fc.property(around, name, secret, write, around, (before, key, value, form, after) => {
        // Quotes before it may make its own quotes something else.
        const text = `${before.replace(/["'`\\<]/g, ' ')} ${form(key, value)} ${after}`;
        expect(maskPairs(text)).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what people have to read stays', () => {
  test.each([
    'password must contain 8 characters',
    'Your password is not complex enough',
    'The password was rejected.',
    'password is 8 characters long',
    'compass: north',
    'token expired',
    'password: is too short',
    'Password: must be at least 8 characters, with upper- and lower-case letters',
    'password: required',
    'Password must be: at least 8',
    'token: 401',
    'password: "is too short"',
    'metadata: missing',
    'wrong password:',
    '{"message":"wrong password:","exit":"a"',
    '{"message":"give password=","id":7',
    '{"errors":{"password":["is too short"]},"x":1',
    '{"errors":{"login":["taken"],"password":["required"]},"x":1',
    '{"errors":{"password":"The password must contain one of !@#$%^&*?_~"}',
    '{"a":"{\\"errors\\":{\\"password\\":[\\"is too short\\"]}}"',
    '{"password":["This field is required."],"x":1',
    '{"has_password":true,"token":null,"password":false,"tokens_left":5,"password_expires":"2027"',
    'https://example.com:8080/a?b=c%20d',
    'metadata add_extra=1',
  ])('%s', (text) => {
    expect(maskPairs(text)).toBe(text);
  });

  test('but for what is no word in it', () => {
    expect(maskPairs('{"errors":{"password":["Kx7!Qm2 is too weak"]},')).toBe(
      '{"errors":{"password":["******** is too weak"]},',
    );
  });
});

test.each([
  ...['a', '=', '\\', ' ', ')', 'password=', '"password":"a b",', '{"password":[', 'password: "'],
  ...["password:'", '&quot;password&quot;:&quot;', '%3D', 'a,', '&a', 'x<b>', '<password>', '//a:'],
  ...['<input name=', 'a.b-c[d]', 'password=\\', '"errors":{"password":"'],
])('a hostile megabyte takes no longer than a moment: %s', (piece) => {
  const text = piece.repeat(1_000_000 / piece.length);
  const began = performance.now();
  maskPairs(text);
  maskPairs(`password=${text}`);
  expect(performance.now() - began).toBeLessThan(5_000);
});
