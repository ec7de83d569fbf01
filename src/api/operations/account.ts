import { answering } from '../answer.ts';
import type { Field, Operation } from '../operation.ts';
import { needed, optional, rightIfThere } from '../shape.ts';

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
      maximum: 3_650,
    },
  ],
  ...answering({
    result: 'data',
    shape: {
      // Not compared: in the documented answer it is spoilt by a wrong encoding.
      user_id: 'id',
      preferences: needed('text'),
      days: needed('number'),
      updated_at: 'time',
    },
    echoes: { preferences: 'preferences', days: 'days' },
  }),
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
  ...answering({
    result: 'data',
    shape: {
      track_id: 'id',
      amount: 'money',
      currency: 'text',
      pay_amount: 'money',
      pay_currency: 'text',
      network: 'text',
      address: needed('text'),
      qr_code: 'text',
      lifetime: 'number',
      expired_at: 'time',
      order_id: needed('id'),
      date: 'time',
    },
    beside: { transaction: optional({ id: 'id', success: rightIfThere('yes') }) },
    echoes: { order_id: 'order_id', currency: 'currency', pay_currency: 'pay_currency' },
  }),
};
