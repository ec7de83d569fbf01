import { expect, test } from 'vitest';
import { createOrder, renewOrder } from '../../src/api/operations/hosting.ts';
import { orderStorage } from '../../src/api/operations/storage.ts';
import { readRefusal } from '../../src/api/refusal.ts';
import { refusedFields } from '../../src/api/refused-fields.ts';

const message = 'is wrong';

test.each([
  [createOrder, 'client_id', { name: 'client', message }],
  [createOrder, 'subscription_duration', { name: 'months', message }],
  [createOrder, 'data.attributes.type_payment', { name: 'payment', message }],
  [createOrder, 'body/ftp_password', { name: 'ftp-password', message }],
  [createOrder, 'plan_id.0', { name: 'plan', message }],
  [renewOrder, 'subscription_id', { name: '<subscription>', message }],
  [orderStorage, 'add_extra', { name: 'extra-storage', message }],
  [orderStorage, 'captcha', { name: 'captcha', message, isOption: false }],
  [createOrder, 'client', { name: 'client', message, isOption: false }],
  [createOrder, 'constructor', { name: 'constructor', message, isOption: false }],
])('%#: %s', (operation, name, expected) => {
  const refusal = readRefusal({ success: false, errors: [{ field: name, message }] });
  expect(refusedFields(operation, refusal)).toEqual([expected]);
});

test('every field of an operation is known by its own name', () => {
  for (const { fields } of [createOrder, renewOrder, orderStorage]) {
    const errors = Object.fromEntries(fields.map(({ name }) => [name, [message]]));
    const found = refusedFields({ ...createOrder, fields }, readRefusal({ errors }));
    expect(found.map(({ name }) => name.replace(/[<>]/g, ''))).toEqual(
      fields.map(({ flag }) => flag),
    );
  }
});
