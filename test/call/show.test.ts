import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/api/operation.ts';
import { createOrder } from '../../src/api/operations/hosting.ts';
import { shownResult } from '../../src/call/show.ts';

const KEY = 'key-0123456789abcdef';

function shownIn(format: 'text' | 'json', result: JsonObject, password = 'Abc-123-xyz') {
  const values = { plan_id: 'p', domain_name: 'example.com', ftp_password: password };
  return shownResult(createOrder, result, { values, key: KEY }, format === 'json');
}

const inBoth = (result: JsonObject, password?: string) =>
  (['text', 'json'] as const).map((format) => shownIn(format, result, password).shown);

test.each<[JsonObject, JsonObject]>([
  [{ note: `by ${KEY}` }, { note: 'by ********' }],
  [
    { id: KEY, client_id: `x${KEY}` },
    { id: '********', client_id: 'x********' },
  ],
  [
    { list: [{ a: KEY }], deep: { url: `?k=${KEY}` } },
    { list: [{ a: '********' }], deep: { url: '?k=********' } },
  ],
  [{ note: Buffer.from(KEY).toString('base64') }, { note: '********==' }],
])('the key never appears: %j', (order, expected) => {
  for (const shown of inBoth({ order })) expect(JSON.stringify(shown)).toContain('********');
  for (const shown of inBoth({ order })) {
    expect(JSON.stringify(shown).replaceAll('=', '')).toBe(
      JSON.stringify({ order: expected }).replaceAll('=', ''),
    );
  }
});

test('the key does not come back as a field that was sent or as a number', () => {
  const sent = { values: { plan_id: '1234567890' }, key: '1234567890' };
  const result = { plan_id: '1234567890', id: 1234567890, n: 1234567890 };
  expect(shownResult(createOrder, result, sent, true).shown).toEqual({
    ...{ plan_id: '********', id: '********', n: '********' },
  });
});

describe('the password that was sent', () => {
  const password = 'a&b<c>"d\\e/f g';
  test.each([
    ['as it is', password],
    ['in HTML', 'a&amp;b&lt;c&gt;&quot;d\\e/f g'],
    ['in a URL', encodeURIComponent(password)],
    ['in a form', new URLSearchParams({ p: password }).toString().slice(2)],
    ['in JSON', JSON.stringify(password).slice(1, -1)],
    ['in base64', Buffer.from(password).toString('base64')],
  ])('is masked %s', (_how, text) => {
    for (const shown of inBoth(
      { note: `is ${text} now`, metadata: `password=${text}` },
      password,
    )) {
      expect(shown['note']).toMatch(/^is \*{8}=* now$/);
      expect(shown['metadata']).toMatch(/^(?:password=)?\*{8}=*$/);
    }
  });

  const answer = {
    order: { id: '99999999-9', status: 'active', amount: '9.99', months_added: 9 },
    subscription: { client_id: '99999999', domain_name: 'example.com' },
    balance_after: '90.01',
  };
  test.each(['active', '9', '9.99', '90.01', '99999999', 'example.com'])(
    'does not spoil what it happens to be: %s',
    (given) => {
      expect(inBoth(answer, given)).toEqual([answer, answer]);
    },
  );

  test.each(['xyz', 'active', '1234'])('however short, it is masked by name: %s', (short) => {
    for (const shown of inBoth({ a: { password: short, pass: Number(short) || short } }, short)) {
      expect(shown).toEqual({ a: { password: '********', pass: '********' } });
    }
  });
});

test('secrets that the server made are in JSON alone; nothing else is short', () => {
  const secrets = {
    ...{ root_pass: 'Made-1abc', access_token: 'Made-2abc', info: 'user=root;password=Made-3abc' },
    ...{ credentials: { user: 'root', x: 'Made-6abc' }, pin: 4711, metadata: 'a=b' },
  };
  expect(shownIn('json', secrets)).toEqual({ shown: secrets, isShort: false });
  expect(shownIn('text', secrets)).toEqual({
    shown: {
      ...{ root_pass: '********', access_token: '********', info: 'user=root;password=********' },
      ...{ credentials: '********', pin: '********', metadata: '********' },
    },
    isShort: true,
  });
  const others = { has_password: true, password_expires: '2027-01-02', password: null, id: 'x' };
  for (const format of ['text', 'json'] as const) {
    expect(shownIn(format, others)).toEqual({ shown: others, isShort: false });
  }
});
