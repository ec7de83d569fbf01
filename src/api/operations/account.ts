import { acceptUnless } from '../answer.ts';
import { type Field, isObject, type JsonObject, type Operation } from '../operation.ts';

/** The account that a call acts for; most operations want it, and no page says how to learn it. */
export const user: Field = {
  name: 'user_id',
  flag: 'user',
  valueName: 'id',
  required: true,
  secret: false,
  question: 'User id of your account',
  help: 'user id of your account (auth login --user keeps it)',
  remembered: 'user',
};

/** `POST /API/users/change_preferences_notificaction` of the API reference, whose misspelling counts. */
export const setNotification: Operation = {
  words: {
    subject: 'the notification setting',
    verb: 'change',
    done: 'changed',
    doubt: 'the setting may or may not have been changed',
    activity: 'Changing the notification setting',
  },
  method: 'POST',
  path: '/API/users/change_preferences_notificaction',
  encoding: 'json',
  effect: 'change',
  fields: [
    user,
    {
      name: 'preferences',
      flag: 'preference',
      valueName: 'channel',
      required: true,
      secret: false,
      question: 'Channel (email, telegram, …)',
      help: 'channel for notices: email, telegram, …',
    },
    {
      name: 'days',
      flag: 'days',
      valueName: 'n',
      required: true,
      secret: false,
      question: 'Days before the end',
      help: 'how many days before the end to notify',
      kind: 'integer',
      minimum: 0,
    },
  ],
  resultFields: ['user_id', 'preferences', 'days', 'updated_at'],
  accept: ({ data }) =>
    acceptUnless([isObject(data) ? null : 'it has no object "data"'], () => ({
      result: data as JsonObject,
    })),
};

/** `POST /API/invoice` of the API reference. */
export const createInvoice: Operation = {
  words: {
    subject: 'the invoice',
    verb: 'make',
    done: 'made',
    doubt: 'the invoice may or may not have been made',
    activity: 'Making the invoice',
    which: ({ order_id }) => ` for the order ${order_id}`,
  },
  method: 'POST',
  path: '/API/invoice',
  encoding: 'json',
  effect: 'buy',
  fields: [
    user,
    {
      name: 'order_id',
      flag: 'order',
      valueName: 'id',
      required: true,
      secret: false,
      question: 'Id of the order',
      help: 'id of the order to pay',
    },
    {
      name: 'currency',
      flag: 'currency',
      valueName: 'code',
      required: true,
      secret: false,
      question: 'Currency of the price, such as EUR',
      help: 'currency of the price, such as EUR',
    },
    {
      name: 'pay_currency',
      flag: 'pay-currency',
      valueName: 'code',
      required: true,
      secret: false,
      question: 'Coin to pay with, such as ETH',
      help: 'coin to pay with, such as ETH',
    },
    {
      name: 'network',
      flag: 'network',
      valueName: 'name',
      required: true,
      secret: false,
      question: 'Chain, such as Ethereum',
      help: 'chain, such as Ethereum',
    },
  ],
  resultFields: [
    'track_id',
    'amount',
    'currency',
    'pay_amount',
    'pay_currency',
    'network',
    'address',
    'qr_code',
    'lifetime',
    'expired_at',
    'order_id',
    'date',
  ],
  accept: ({ data }) =>
    acceptUnless(
      [
        !isObject(data) ? 'it has no object "data"' : null,
        isObject(data) && data['address'] === undefined ? 'its "data" has no "address"' : null,
      ],
      () => ({ result: data as JsonObject }),
    ),
};
