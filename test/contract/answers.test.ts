import { describe, expect, test } from 'vitest';
import type { JsonObject, Operation } from '../../src/api/operation.ts';
import { createInvoice, setNotification } from '../../src/api/operations/account.ts';
import { checkDomain, orderDomain } from '../../src/api/operations/domains.ts';
import { createOrder, renewOrder, showSubscription } from '../../src/api/operations/hosting.ts';
import { orderStorage } from '../../src/api/operations/storage.ts';
import { classify } from '../../src/api/outcome.ts';
import { reply } from '../api/replies.ts';
import { documentedExamples } from './examples.ts';

/** Path, what stands there instead (undefined: nothing), and what is said; `!` means unknown. */
type Change = readonly [path: string, instead: unknown, said: string];

const GONE = undefined;
const THOUGH = ', though it names the order';

/** The documented answer with exactly one member removed or of another kind. */
const TABLES: readonly {
  name: keyof typeof documentedExamples;
  operation: Operation;
  sent: JsonObject;
  changes: readonly Change[];
}[] = [
  {
    name: 'createPleskOrder',
    operation: createOrder,
    sent: { domain_name: 'example.com', type_payment: 'balance' },
    changes: [
      ['order', GONE, '! order is missing'],
      ['order', 'Array', '! order is not an object'],
      ['order', [], '! order is not an object'],
      ['order.id', GONE, '! order.id is missing'],
      ['order.id', ' ', '! order.id is not an id'],
      ['order.id', ['x'], '! order.id is not an id'],
      ['order.order_number', GONE, 'order.order_number is missing'],
      ['order.status', 7, 'order.status is not a text'],
      ['order.amount', ['x'], 'order.amount is not an amount'],
      ['order.amount', 'x', 'order.amount is not an amount'],
      ['order.currency', null, 'order.currency is missing'],
      ['subscription', GONE, `! subscription is missing${THOUGH}`],
      ['subscription', null, `! subscription is missing${THOUGH}`],
      ['subscription', 'Array', `! subscription is not an object${THOUGH}`],
      ['subscription.id', GONE, `! subscription.id is missing${THOUGH}`],
      ['subscription.id', {}, `! subscription.id is not an id${THOUGH}`],
      [
        'subscription.domain_name',
        'example.net',
        'subscription.domain_name is not the domain_name that was sent',
      ],
      ['subscription.status', GONE, 'subscription.status is missing'],
      ['subscription.expires_at', 'soon', 'subscription.expires_at is not a time'],
      ['balance_after', { a: 1 }, 'balance_after is not an amount'],
      ['balance_after', GONE, ''],
    ],
  },
  {
    name: 'renewPleskOrder',
    operation: renewOrder,
    sent: {
      subscription_id: 'SUB123-4567-8901-2345-678901234567',
      months: '03',
      type_payment: 'balance',
    },
    changes: [
      ['order', GONE, '! order is missing'],
      ['order.id', null, '! order.id is missing'],
      ['order.amount', true, 'order.amount is not an amount'],
      ['subscription', GONE, `! subscription is missing${THOUGH}`],
      ['subscription.id', GONE, `! subscription.id is missing${THOUGH}`],
      [
        'subscription.id',
        'OTHER',
        `! subscription.id is not the subscription_id that was sent${THOUGH}`,
      ],
      [
        'subscription.months_added',
        99,
        'subscription.months_added is not the months that was sent',
      ],
      ['subscription.months_added', 'many', 'subscription.months_added is not a number'],
      ['subscription.new_expires_at', GONE, 'subscription.new_expires_at is missing'],
      ['subscription.domain_name', 1, 'subscription.domain_name is not a text'],
      ['balance_after', 'x', 'balance_after is not an amount'],
    ],
  },
  {
    name: 'showSubscription',
    operation: showSubscription,
    sent: { id: 'sub123-4567-8901-2345-678901234567' },
    changes: [
      ['subscription', GONE, '! subscription is missing'],
      ['subscription.id', GONE, '! subscription.id is missing'],
      ['subscription.id', 'OTHER', '! subscription.id is not the id that was sent'],
      ['subscription.domain_name', {}, 'subscription.domain_name is not a text'],
      ['subscription.status', GONE, 'subscription.status is missing'],
      ['subscription.price', 'free', 'subscription.price is not an amount'],
      ['subscription.plan_name', 1, 'subscription.plan_name is not a text'],
      ['subscription.client_id', true, 'subscription.client_id is not an id'],
      ['subscription.client_name', [], 'subscription.client_name is not a text'],
      ['subscription.created_at', 'then', 'subscription.created_at is not a time'],
      ['subscription.expires_at', GONE, 'subscription.expires_at is missing'],
      ['subscription.auto_renew', 'maybe', 'subscription.auto_renew is neither true nor false'],
      ['subscription.auto_renew', 0, ''],
      ['subscription.ftp_username', GONE, 'subscription.ftp_username is missing'],
      ['orders', GONE, 'orders is missing'],
      ['orders', {}, 'orders is not a list'],
      ['orders', [], ''],
      ['orders.0', 'Array', 'orders.0 is not an object'],
      ['orders.0', null, 'orders.0 is not an object'],
      ['orders.0.id', GONE, 'orders.0.id is missing'],
      ['orders.0.amount', 'x', 'orders.0.amount is not an amount'],
    ],
  },
  {
    name: 'createStorageOrder',
    operation: orderStorage,
    sent: { type_payment: 'balance' },
    changes: [
      ['order', 'Array', '! order is not an object'],
      ['order.id', GONE, '! order.id is missing'],
      ['order.status', false, 'order.status is not a text'],
      ['order.metadata', null, ''],
      ['order.metadata', 5, 'order.metadata is not a text'],
      ['server_status', GONE, `! server_status is missing${THOUGH}`],
      ['server_status', 'Array', `! server_status is not an object${THOUGH}`],
      ['server_status.new_id', GONE, `! server_status.new_id is missing${THOUGH}`],
      ['server_status.id_solusvm', {}, 'server_status.id_solusvm is not an id'],
      ['server_status.name', GONE, 'server_status.name is missing'],
      ['server_status.metadata', GONE, 'server_status.metadata is missing'],
      ['server_status.primary_ip', null, ''],
      ['server_status.primary_ip', 1, 'server_status.primary_ip is not a text'],
    ],
  },
  {
    name: 'createDomainOrder',
    operation: orderDomain,
    sent: {},
    changes: [
      ['data', GONE, '! data is missing'],
      ['data', 'Array', '! data is not an object'],
      ['data', [], '! data is not an object'],
      ['data.id', GONE, '! data.id is missing'],
      ['data.id', '', '! data.id is not an id'],
      ['data.status', 1, 'data.status is not a text'],
      ['data.amount', 'x', 'data.amount is not an amount'],
      ['data.currency', GONE, 'data.currency is missing'],
      ['balance_after', 'x', 'balance_after is not an amount'],
      ['domain', { id: 'domain-1' }, ''],
    ],
  },
  {
    name: 'createInvoice',
    operation: createInvoice,
    sent: {
      order_id: '594948ab-bb26-11f0-8cae-525400792197',
      currency: 'EUR',
      pay_currency: 'eth',
    },
    changes: [
      ['data', [{}, {}], '! data is not an object'],
      ['data.address', GONE, '! data.address is missing'],
      ['data.address', null, '! data.address is missing'],
      ['data.address', 123, '! data.address is not a text'],
      ['data.address', '', '! data.address is empty'],
      ['data.order_id', GONE, '! data.order_id is missing'],
      ['data.order_id', 'OTHER', '! data.order_id is not the order_id that was sent'],
      ['data.track_id', {}, 'data.track_id is not an id'],
      ['data.amount', 'x', 'data.amount is not an amount'],
      ['data.currency', 'USD', 'data.currency is not the currency that was sent'],
      ['data.pay_amount', GONE, 'data.pay_amount is missing'],
      ['data.pay_currency', 'BTC', 'data.pay_currency is not the pay_currency that was sent'],
      ['data.network', 1, 'data.network is not a text'],
      ['data.qr_code', GONE, 'data.qr_code is missing'],
      ['data.lifetime', 'long', 'data.lifetime is not a number'],
      ['data.expired_at', {}, 'data.expired_at is not a time'],
      ['data.date', GONE, 'data.date is missing'],
      ['transaction', GONE, ''],
      ['transaction', 'Array', 'transaction is not an object'],
      ['transaction.success', false, '! transaction.success is not true'],
      ['transaction.success', 'Array', '! transaction.success is not true'],
      ['transaction.success', GONE, ''],
    ],
  },
  {
    name: 'checkDomain',
    operation: checkDomain,
    sent: { query: 'exampledomain', suffixes: 'io,com' },
    changes: [
      ['data', GONE, '! data is not a list'],
      ['data', {}, '! data is not a list'],
      ['data.1', 'Array', '! data.1 is not an object'],
      ['data.0.domain', GONE, '! data.0.domain is missing'],
      ['data.0.domain', '', '! data.0.domain is empty'],
      ['data.0.domain', 5, '! data.0.domain is not a text'],
      ['data.1.available', GONE, '! data.1.available is missing'],
      ['data.1.available', {}, '! data.1.available is neither true nor false'],
      ['data.1.available', 'no', '! data.1.available is neither true nor false'],
      ['data.1.available', '0', 'data.1.available was taken as false'],
      ['data.1.available', 'false', 'data.1.available was taken as false'],
      ['data.1.available', 1, 'data.1.available was taken as true'],
      ['data.0.status', GONE, 'data.0.status is missing'],
      ['data.0.premium', 'x', 'data.0.premium is neither true nor false'],
      ['data.0.message', 1, 'data.0.message is not a text'],
      ['data.0.domain', 'other.com', 'data.0.domain was not asked for'],
      ['meta', GONE, ''],
      ['meta.total_checked', 'x', 'meta.total_checked is not a number'],
    ],
  },
  {
    name: 'setNotification',
    operation: setNotification,
    sent: { preferences: 'email', days: '3' },
    changes: [
      ['data', GONE, '! data is missing'],
      ['data', {}, '! data.preferences is missing'],
      ['data.preferences', GONE, '! data.preferences is missing'],
      ['data.preferences', 'telegram', '! data.preferences is not the preferences that was sent'],
      ['data.days', GONE, '! data.days is missing'],
      ['data.days', 30, '! data.days is not the days that was sent'],
      ['data.days', '3', ''],
      ['data.user_id', {}, 'data.user_id is not an id'],
      ['data.updated_at', 'now', 'data.updated_at is not a time'],
    ],
  },
];

describe.each(TABLES)('$name', ({ name, operation, sent, changes }) => {
  const { answer } = documentedExamples[name];

  test('as documented: nothing to say', () => {
    expect(classify(reply(200, answer), operation, sent)).toMatchObject({
      class: 'done',
      warnings: [],
    });
  });

  test.each(changes)('%s = %j: %s', (path, instead, said) => {
    const outcome = classify(reply(200, changed(answer, path, instead)), operation, sent);
    if (said.startsWith('! ')) {
      const why = `the answer cannot be used: ${said.slice(2)}`;
      expect(outcome).toMatchObject({ class: 'unknown', why: expect.stringContaining(why) });
      return;
    }
    const message = `The answer is not as documented: ${said}.`;
    const warnings = said === '' ? [] : [{ code: 'unusual_answer', message }];
    expect(outcome).toMatchObject({ class: 'done', warnings });
  });
});

describe('an order to be paid by crypto', () => {
  const { answer } = documentedExamples.createPleskOrder;
  const pending = { ...answer, order: { ...answer.order, status: 'Pending' } };
  test.each<[string, object, string]>([
    ['that says so may lack its subscription', pending, 'balance'],
    ['that was sent so may lack its subscription', answer, 'crypto'],
  ])('%s', (_what, body, type_payment) => {
    const less = changed(body, 'subscription', GONE);
    const sent = { domain_name: 'example.com', type_payment };
    expect(classify(reply(200, less), createOrder, sent)).toMatchObject({
      ...{ class: 'done', warnings: [] },
    });
  });
});

describe.each([
  ['createDomainOrder', orderDomain],
  ['createInvoice', createInvoice],
  ['setNotification', setNotification],
] as const)('%s: data may be a list of exactly one', (name, operation) => {
  const { answer } = documentedExamples[name];
  test('and counts as that one', () => {
    const body = { ...answer, data: [answer.data] };
    expect(classify(reply(200, body), operation, {})).toMatchObject({
      class: 'done',
      result: answer.data,
    });
  });
});

test('what is beside the data is kept', () => {
  const { answer } = documentedExamples.createDomainOrder;
  const body = { ...answer, domain: { id: 'domain-1' }, balance_after: '80.00' };
  expect(classify(reply(200, body), orderDomain, {})).toMatchObject({
    result: answer.data,
    beside: { domain: { id: 'domain-1' }, balance_after: '80.00' },
  });
});

test('many oddities are not all listed', () => {
  const { answer } = documentedExamples.showSubscription;
  const body = { ...answer, orders: Array.from({ length: 30 }, () => 'Array') };
  const sent = { id: answer.subscription.id };
  const outcome = classify(reply(200, body), showSubscription, sent);
  const [warning] = outcome.class === 'done' ? outcome.warnings : [];
  expect(warning?.message).toMatch(/orders\.9 is not an object; and 20 more\.$/);
});

function changed(value: unknown, path: string, instead: unknown): object {
  const [name = '', ...rest] = path.split('.');
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as Record<string, unknown>) };
  if (rest.length > 0) copy[name] = changed(copy[name], rest.join('.'), instead);
  else if (instead === GONE) delete copy[name];
  else copy[name] = instead;
  return copy;
}
