import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/api/operation.ts';
import { createOrder } from '../../src/api/operations/hosting.ts';
import { orderStorage } from '../../src/api/operations/storage.ts';
import { shownResult } from '../../src/call/shown.ts';

const KEY = 'key-0123456789abcdef';

function hosting(result: JsonObject, password = 'Abc-123-xyz', isJson = true): JsonObject {
  const values = { plan_id: 'p', domain_name: 'example.com', ftp_password: password };
  return shownResult(createOrder, result, { values, key: KEY }, isJson);
}

function storage(result: JsonObject, isJson: boolean, password = 'Abc-123-xyz'): JsonObject {
  return shownResult(orderStorage, result, { values: { password }, key: KEY }, isJson);
}

describe('the key', () => {
  test.each<[unknown, unknown]>([
    [{ note: `by ${KEY}` }, { note: 'by ********' }],
    [
      { id: KEY, client_id: `x${KEY}` },
      { id: '********', client_id: 'x********' },
    ],
    [{ list: [{ token: KEY }], deep: { url: `?k=${KEY}` } }, undefined],
    [{ note: Buffer.from(KEY).toString('base64') }, undefined],
  ])('never appears: %j', (order, expected) => {
    for (const shown of [hosting({ order }), storage({ order }, true), storage({ order }, false)]) {
      expect(JSON.stringify(shown)).not.toMatch(/0123456789|a2V5LTAxMjM/);
      if (expected !== undefined) expect(shown['order']).toEqual(expected);
    }
  });

  test('nor when it was also sent as a field, or comes back as a number', () => {
    const values = { plan_id: '1234567890' };
    const sent = { values, key: '1234567890' };
    const result = { plan_id: '1234567890', id: 1234567890, n: 1234567890 };
    expect(shownResult(createOrder, result, sent, true)).toEqual({
      ...{ plan_id: '********', id: '********', n: '********' },
    });
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
    const shown = hosting({ order: { note: `is ${text} now`, password: text } }, password);
    expect(JSON.stringify(shown)).not.toContain(JSON.stringify(text).slice(1, -1));
    expect(shown['order']).toMatchObject({ note: expect.stringMatching(/^is \*{8}=* now$/) });
    const given = storage({ s: { metadata: `password=${text}`, other: text } }, true, password);
    expect(given).toEqual({
      s: {
        metadata: expect.stringMatching(/^password=\*{8}=*$/),
        other: expect.stringMatching(/^\*{8}=*$/),
      },
    });
  });

  test('is masked as a number', () => {
    const order = { ftp_password: 1234567890, n: 1234567890, password: 1234567890, amount: 12345 };
    expect(hosting({ order }, '1234567890')).toEqual({ order: { n: '********', amount: 12345 } });
    expect(storage({ order }, true, '1234567890')).toEqual({
      order: { ...order, ftp_password: '********', n: '********', password: '********' },
    });
  });

  const answer = {
    order: { id: 'order-9', status: 'active', amount: '9.99', currency: 'EUR', months_added: 9 },
    subscription: { status: 'active', expires_at: '2029-09-09 09:09:09', name: 'inactive 99' },
    balance_after: '90.01',
    days: 9,
  };
  test.each(['active', '9', 'EUR', '9.99', '90.01', 'act', '2029', '09:09'])(
    'does not spoil what it happens to be: %s',
    (short) => {
      expect(hosting(answer, short)).toEqual(answer);
      expect(storage(answer, true, short)).toEqual(answer);
    },
  );

  test.each(['xyz', 'active', 'geheim'])('however short, it is masked by name: %s', (short) => {
    const result = { a: { password: short, root_pass: short, metadata: `x=1, password=${short}` } };
    expect(hosting(result, short)).toEqual({
      a: { root_pass: '********', metadata: 'x=1, password=********' },
    });
    expect(storage(result, true, short)).toEqual({
      a: { password: '********', root_pass: '********', metadata: 'x=1, password=********' },
    });
  });

  test('is masked as a whole text elsewhere, unless it is very short', () => {
    expect(hosting({ note: 'geheim', more: 'so geheim' }, 'geheim')).toEqual({
      ...{ note: '********', more: 'so geheim' },
    });
    expect(hosting({ note: 'xyz' }, 'xyz')).toEqual({ note: 'xyz' });
  });
});

describe('secrets that the server made', () => {
  const result = {
    ...{ root_pass: 'Made-1abc', access_token: 'Made-2abc', info: 'user=root;password=Made-3abc' },
    ...{ login_url: 'https://x/?a=b&pw=Made-4abc', json: '{"password":"Made-5abc"}' },
    ...{ credentials: { user: 'root', x: 'Made-6abc' }, new_password: ['Made-7abc'], pin: 4711 },
    ...{ metadata: 'a=b, password=Made-8abc' },
  };

  test('are masked in text, and in JSON where they are no result', () => {
    for (const shown of [hosting(result), hosting(result, '', false), storage(result, false)]) {
      expect(shown).toEqual({
        ...{ root_pass: '********', access_token: '********', info: 'user=root;password=********' },
        ...{ login_url: 'https://x/?a=b&pw=********', json: '{"password":"********"}' },
        ...{ credentials: '********', new_password: '********', pin: '********' },
        ...{ metadata: 'a=b, password=********' },
      });
    }
  });

  test('are given in JSON where they are the result', () => {
    expect(storage(result, true)).toEqual(result);
  });
});

test('what is no secret stays, whatever its name', () => {
  const result = {
    ...{ has_password: true, password_expires: '2027-01-02', password_changed: '2026-01-02 03:04' },
    ...{ password: null, token: false, metadata: 'Array', tokens_left: 5, password_length: 16 },
    order: { metadata: 'add_extra=1' },
    server: { metadata: 'networkId=net12345, name=Anonymous ASN, billing_cycle=yearly' },
    compass: 'north',
  };
  for (const isJson of [true, false]) {
    expect(hosting(result, 'Abc-123-xyz', isJson)).toEqual(result);
    expect(storage(result, isJson)).toEqual(result);
  }
});
