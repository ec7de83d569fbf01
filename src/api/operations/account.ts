import { field, operation } from '../operation.ts';

/** The account that a call acts for; most operations want it, and no page says how to learn it. */
export const user = field(
  'user_id',
  'user',
  'user id of your account (auth login --user keeps it)',
  {
    question: 'User id of your account',
    remembered: 'user',
  },
);

/** `POST /API/users/change_preferences_notificaction` of the API reference, whose misspelling counts. */
export const setNotification = operation({
  command: 'notification set',
  thing: 'notification setting',
  verbs: ['change', 'changed', 'Changing'],
  doubt: 'the setting may or may not have been changed',
  path: '/API/users/change_preferences_notificaction',
  effect: 'change',
  identity: [],
  fields: [
    user,
    field('preferences', 'preference', 'channel for notices: email, telegram, …', {
      question: 'Channel (email, telegram, …)',
      valueName: 'channel',
    }),
    field('days', 'days', 'how many days before the end to notify', {
      ...{ question: 'Days before the end', kind: 'integer', minimum: 0, maximum: 3_650 },
    }),
  ],
  answer: {
    in: 'data',
    members: ['user_id', 'preferences', 'days', 'updated_at'],
    // The user id is spoilt by a wrong encoding in the documented answer.
    repeats: { preferences: 'preferences', days: 'days' },
  },
});

/** `POST /API/invoice` of the API reference. */
export const createInvoice = operation({
  command: 'invoice create',
  thing: 'invoice',
  verbs: ['make', 'made', 'Making'],
  preposition: 'for the order',
  path: '/API/invoice',
  effect: 'buy',
  identity: ['order_id'],
  fields: [
    user,
    field('order_id', 'order', 'id of the order to pay', { question: 'Id of the order' }),
    field('currency', 'currency', 'currency of the price, such as EUR', { valueName: 'code' }),
    field('pay_currency', 'pay-currency', 'coin to pay with, such as ETH', { valueName: 'code' }),
    field('network', 'network', 'chain, such as Ethereum', { valueName: 'name' }),
  ],
  answer: {
    in: 'data',
    members: [
      ...['track_id', 'amount', 'currency', 'pay_amount', 'pay_currency', 'network', 'address'],
      ...['qr_code', 'lifetime', 'expired_at', 'order_id', 'date'],
    ],
    extra: ['transaction'],
    proof: ['address', 'track_id'],
    expected: ['track_id', 'amount', 'pay_amount', 'address', 'expired_at'],
    repeats: { order_id: 'order_id', currency: 'currency', pay_currency: 'pay_currency' },
    ids: { track_id: 'track_id', order_id: 'order_id' },
  },
});
