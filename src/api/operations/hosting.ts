import { answering } from '../answer.ts';
import { domainProblem } from '../domain-name.ts';
import type { Field, Operation } from '../operation.ts';
import { needed, neededOncePaid, optional, type Shape } from '../shape.ts';

/** How an order is paid: the reference knows these two. */
export const payment: Field = {
  name: 'type_payment',
  flag: 'payment',
  valueName: 'way',
  required: true,
  secret: false,
  question: 'Pay from',
  help: 'how to pay: balance or crypto',
  choices: ['balance', 'crypto'],
};

const order: Shape = {
  id: needed('id'),
  order_number: 'text',
  status: 'text',
  amount: 'money',
  currency: 'text',
};

const doubt = 'the order may or may not have been placed and paid';

/** `POST /API/orders/create_order_plesk` of the API reference. */
export const createOrder: Operation = {
  words: {
    subject: 'the order',
    verb: 'place',
    done: 'placed',
    doubt,
    activity: 'Placing the order',
    which: ({ domain_name }) => ` for ${domain_name}`,
  },
  method: 'POST',
  path: '/API/orders/create_order_plesk',
  encoding: 'json',
  effect: 'buy',
  fields: [
    {
      name: 'plan_id',
      flag: 'plan',
      valueName: 'id',
      required: true,
      secret: false,
      question: 'Id of the plan',
      help: 'id of the Plesk plan',
    },
    {
      name: 'client_id',
      flag: 'client',
      valueName: 'id',
      required: true,
      secret: false,
      question: 'Id of the client',
      help: 'id of the client, as client create gives it',
    },
    {
      name: 'domain_name',
      flag: 'domain',
      valueName: 'name',
      required: true,
      secret: false,
      question: 'Domain to host',
      help: 'domain to host',
      check: domainProblem,
    },
    {
      name: 'ftp_login',
      flag: 'ftp-login',
      valueName: 'login',
      required: true,
      secret: false,
      question: 'FTP login',
      help: 'FTP user name',
      check: (login) => (/\s/.test(login) ? 'must not contain white space' : null),
    },
    {
      name: 'ftp_password',
      flag: 'ftp-password',
      valueName: 'value',
      required: true,
      secret: true,
      question: 'FTP password',
      help: 'FTP password',
      variable: 'OXHOST_FTP_PASSWORD',
    },
    {
      name: 'subscription_duration',
      flag: 'months',
      valueName: 'n',
      required: true,
      secret: false,
      question: 'Months (1, 2 or 3)',
      help: 'length in months: 1, 2 or 3',
      kind: 'integer',
      minimum: 1,
      maximum: 3,
    },
    payment,
  ],
  ...answering({
    result: 'whole',
    shape: {
      order: needed(order),
      subscription: neededOncePaid({
        id: neededOncePaid('id'),
        domain_name: 'text',
        status: 'text',
        expires_at: 'time',
      }),
      balance_after: optional('money'),
    },
    echoes: { 'subscription.domain_name': 'domain_name' },
  }),
};

const subscriptionId: Field = {
  name: 'subscription_id',
  flag: 'subscription',
  valueName: 'subscription',
  required: true,
  secret: false,
  question: 'Id of the subscription',
  help: 'id of the subscription',
  isOperand: true,
};

/** `POST /API/orders/create_order_scale_plesk` of the API reference. */
export const renewOrder: Operation = {
  words: {
    subject: 'the renewal',
    verb: 'place',
    done: 'placed',
    doubt,
    activity: 'Placing the renewal',
    which: ({ subscription_id }) => ` of ${subscription_id}`,
  },
  method: 'POST',
  path: '/API/orders/create_order_scale_plesk',
  encoding: 'json',
  effect: 'buy',
  fields: [
    subscriptionId,
    {
      name: 'new_plan_id',
      flag: 'new-plan',
      valueName: 'id',
      required: false,
      secret: false,
      question: 'Id of the plan to move up to (may stay empty)',
      help: 'id of a plan to move up to, optional',
    },
    {
      name: 'months',
      flag: 'months',
      valueName: 'n',
      required: true,
      secret: false,
      question: 'Months to add',
      help: 'months to add',
      kind: 'integer',
      minimum: 1,
      maximum: 120,
    },
    payment,
  ],
  ...answering({
    result: 'whole',
    shape: {
      order: needed(order),
      subscription: neededOncePaid({
        id: neededOncePaid('id'),
        domain_name: 'text',
        new_expires_at: 'time',
        months_added: 'number',
      }),
      balance_after: optional('money'),
    },
    echoes: { 'subscription.id': 'subscription_id', 'subscription.months_added': 'months' },
  }),
};

/** `GET /API/plesk/subscriptions/detail` of the API reference. */
export const showSubscription: Operation = {
  words: {
    subject: 'the subscription',
    verb: 'read',
    done: 'read',
    doubt: 'nothing is known of the subscription',
    activity: 'Reading the subscription',
    which: ({ id }) => ` ${id}`,
  },
  method: 'GET',
  path: '/API/plesk/subscriptions/detail',
  encoding: 'query',
  effect: 'read',
  fields: [{ ...subscriptionId, name: 'id', valueName: 'id' }],
  ...answering({
    result: 'whole',
    shape: {
      subscription: needed({
        id: needed('id'),
        domain_name: 'text',
        status: 'text',
        price: 'money',
        plan_name: 'text',
        client_id: 'id',
        client_name: 'text',
        created_at: 'time',
        expires_at: 'time',
        auto_renew: 'flag',
        ftp_username: 'text',
      }),
      orders: [
        { id: 'id', order_number: 'text', amount: 'money', status: 'text', created_at: 'time' },
      ],
    },
    echoes: { 'subscription.id': 'id' },
  }),
};
