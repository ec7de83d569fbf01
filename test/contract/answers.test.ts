import { describe, expect, test } from 'vitest';
import type { JsonObject, Operation } from '../../src/api/operation.ts';
import { createInvoice, setNotification } from '../../src/api/operations/account.ts';
import { checkDomain, orderDomain } from '../../src/api/operations/domains.ts';
import {
  createOrder,
  orderStorage,
  renewOrder,
  showSubscription,
} from '../../src/api/operations/hosting.ts';
import { classify } from '../../src/api/outcome.ts';
import { reply } from '../api/replies.ts';
import { documentedExamples } from './examples.ts';

/** Path, what stands there instead (undefined: nothing), and what is said; `!` means unknown. */
type Change = readonly [path: string, instead: unknown, said: string];

const GONE = undefined;
const NO_LIST = 'The answer is not as documented: data is not a list.';
const UNSAID = 'The answer does not say that it is a success.';
const odd = (what: string) => `The answer is not as documented: ${what}.`;
const missing = (path: string) => odd(`${path} is missing`);
const differs = (path: string, got: string, sent: string) =>
  odd(`${path} is "${got}", but "${sent}" was sent`);
const RENEWED = 'SUB123-4567-8901-2345-678901234567';
const SUBSCRIPTION = RENEWED.toLowerCase();
const PAID_ORDER = '594948ab-bb26-11f0-8cae-525400792197';
const failed = (what: string) => `! it says success, but ${what}`;
const noId = (what: string) => `! it has no id of the ${what}`;
const silent = (names: string) => `The server did not answer for ${names}.`;
const alsoSays = (text: string) =>
  `The server says success, but also: "${text}". Look in the panel before you rely on it.`;

/** The documented answer with exactly one member removed or changed. */
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
      ['order', GONE, noId('order')],
      ['order', 'Array', noId('order')],
      ['order.id', GONE, noId('order')],
      ['order.id', ' ', noId('order')],
      ['order.id', ['x'], noId('order')],
      ['order', { address: '0x1', status: 'x', amount: 1 }, missing('order.id')],
      ['order.order_number', GONE, ''],
      ['order.status', GONE, missing('order.status')],
      ['order.status', null, ''],
      ['order.amount', ['x'], ''],
      ['order.amount', GONE, missing('order.amount')],
      ['order.currency', GONE, ''],
      ['subscription', GONE, missing('subscription')],
      ['subscription', null, ''],
      ['subscription.id', GONE, missing('subscription.id')],
      [
        'subscription.domain_name',
        'example.net',
        differs('subscription.domain_name', 'example.net', 'example.com'),
      ],
      ['subscription.domain_name', 'EXAMPLE.com', ''],
      ['subscription.expires_at', GONE, missing('subscription.expires_at')],
      ['subscription.status', 'cancelled', failed('subscription.status is "cancelled"')],
      ['order.status', 'Failed', failed('order.status is "Failed"')],
      ['status', 'error', failed('status is "error"')],
      ['error', 'Mail failed', alsoSays('Mail failed')],
      ['balance_after', GONE, ''],
      ['anything', { else: 1 }, ''],
    ],
  },
  {
    name: 'renewPleskOrder',
    operation: renewOrder,
    sent: {
      subscription_id: RENEWED,
      ...{ months: '03', type_payment: 'balance' },
    },
    changes: [
      ['order', GONE, noId('renewal')],
      ['subscription.id', 4711, differs('subscription.id', '4711', RENEWED)],
      ['subscription.months_added', 99, differs('subscription.months_added', '99', '03')],
      ['subscription.new_expires_at', GONE, missing('subscription.new_expires_at')],
    ],
  },
  {
    name: 'showSubscription',
    operation: showSubscription,
    sent: { id: SUBSCRIPTION },
    changes: [
      ['success', GONE, UNSAID],
      ['subscription', GONE, missing('subscription')],
      ['subscription.id', GONE, missing('subscription.id')],
      ['subscription.id', 'OTHER', differs('subscription.id', 'OTHER', SUBSCRIPTION)],
      ['subscription.status', 'cancelled', ''],
      ['subscription.expires_at', GONE, missing('subscription.expires_at')],
      ['subscription.auto_renew', 0, ''],
      ['orders', GONE, ''],
      ['orders', 'Array', ''],
    ],
  },
  {
    name: 'createStorageOrder',
    operation: orderStorage,
    sent: { type_payment: 'balance' },
    changes: [
      ['order.id', GONE, noId('storage order')],
      ['order.metadata', null, ''],
      ['server_status', GONE, missing('server_status')],
      ['server_status.new_id', GONE, missing('server_status.new_id')],
    ],
  },
  {
    name: 'createDomainOrder',
    operation: orderDomain,
    sent: {},
    changes: [
      ['data', GONE, noId('domain order')],
      ['data', [], noId('domain order')],
      ['data.id', GONE, noId('domain order')],
      ['data.status', GONE, missing('status')],
      ['data.amount', null, ''],
      ['domain', { id: 'domain-1' }, ''],
    ],
  },
  {
    name: 'createInvoice',
    operation: createInvoice,
    sent: {
      order_id: PAID_ORDER,
      ...{ currency: 'EUR', pay_currency: 'eth' },
    },
    changes: [
      ['data', [{}, {}], noId('invoice')],
      ['data.address', GONE, missing('address')],
      ['data.track_id', GONE, missing('track_id')],
      ['data.order_id', 'OTHER', differs('order_id', 'OTHER', PAID_ORDER)],
      ['data.currency', 'USD', differs('currency', 'USD', 'EUR')],
      ['data.expired_at', GONE, missing('expired_at')],
      ['data.qr_code', GONE, ''],
      ['transaction', GONE, ''],
      ['transaction.success', false, failed('transaction.success is false')],
    ],
  },
  {
    name: 'checkDomain',
    operation: checkDomain,
    sent: { query: 'exampledomain', suffixes: 'io,com' },
    changes: [
      ['data', GONE, NO_LIST],
      ['data', {}, NO_LIST],
      ['data.1', 'Array', silent('exampledomain.com')],
      ['data', [], silent('exampledomain.io, exampledomain.com')],
      ['data.0.domain', 'other.com', silent('exampledomain.io')],
      ['data.1.available', GONE, silent('exampledomain.com')],
      ['data.1.available', 'no', silent('exampledomain.com')],
      ['data.1.available', '0', ''],
      ['data.0.status', GONE, ''],
      ['success', GONE, UNSAID],
      ['meta', GONE, ''],
    ],
  },
  {
    name: 'setNotification',
    operation: setNotification,
    sent: { preferences: 'email', days: '3' },
    changes: [
      ['data', GONE, ''],
      ['data', 'ok', ''],
      ['data.preferences', 'telegram', differs('preferences', 'telegram', 'email')],
      ['data.days', 30, differs('days', '30', '3')],
      ['status', 'failed', failed('status is "failed"')],
    ],
  },
];

describe.each(TABLES)('$name', ({ name, operation, sent, changes }) => {
  const { answer } = documentedExamples[name];

  test('as documented: nothing to say', () => {
    expect(classify(reply(200, answer), operation, sent)).toMatchObject({
      ...{ class: 'done', warnings: [] },
    });
  });

  test.each(changes)('%s = %j: %s', (path, instead, said) => {
    const outcome = classify(reply(200, changed(answer, path, instead)), operation, sent);
    if (said.startsWith('! ')) {
      const why = `the answer cannot be used: ${said.slice(2)}`;
      expect(outcome).toMatchObject({ class: 'unknown', why });
      return;
    }
    expect(outcome.class).toBe('done');
    const warnings = outcome.class === 'done' ? outcome.warnings : [];
    expect(warnings.map(({ message }) => message)).toEqual(said === '' ? [] : [said]);
  });
});

describe('an order to be paid by crypto', () => {
  const { answer } = documentedExamples.createPleskOrder;
  const pending = { ...answer, order: { ...answer.order, status: 'Pending' } };
  test.each<[string, object, string]>([
    ['that says so may lack its subscription', pending, 'balance'],
    ['that was sent so may lack its subscription', answer, 'crypto'],
  ])('%s', (_what, body, type_payment) => {
    const sent = { domain_name: 'example.com', type_payment };
    const outcome = classify(reply(200, changed(body, 'subscription', GONE)), createOrder, sent);
    expect(outcome).toMatchObject({ class: 'done', warnings: [] });
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
      ...{ class: 'done', result: answer.data },
    });
  });
});

test('text before what is only read is skipped with a warning', () => {
  const { answer } = documentedExamples.showSubscription;
  const body = `<b>Notice</b>: x ${JSON.stringify(answer)}`;
  expect(
    classify(reply(200, body), showSubscription, { id: answer.subscription.id }),
  ).toMatchObject({
    class: 'done',
    warnings: [{ message: 'The answer has other text before its JSON, which was skipped.' }],
  });
});

test('a flag that is written as a text is a flag in the rows', () => {
  const { answer } = documentedExamples.checkDomain;
  const body = changed(changed(answer, 'data.0.available', '0'), 'data.1.available', 'true');
  const outcome = classify(reply(200, body), checkDomain, {
    query: 'exampledomain',
    suffixes: 'io',
  });
  const rows = outcome.class === 'done' ? outcome.rows : [];
  expect(rows?.map((row) => row['available'])).toEqual([false, true]);
});

test.each([
  [
    createOrder,
    documentedExamples.createPleskOrder,
    {
      order_id: 'order123-4567-8901-2345-678901234567',
      subscription_id: SUBSCRIPTION,
    },
  ],
  [
    orderStorage,
    documentedExamples.createStorageOrder,
    {
      order_id: 'order12345-6789-0123-4567-890123456789',
      server_id: 'server12345-6789-0123-4567-890123456789',
    },
  ],
] as const)('%#: history gets its ids', (operation, { answer }, ids) => {
  const outcome = classify(reply(200, answer), operation, { type_payment: 'balance' });
  expect(outcome.class === 'done' && operation.ids(outcome.result)).toEqual(ids);
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
