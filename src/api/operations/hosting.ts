import { field, operation, secret } from '../operation.ts';
import { user } from './account.ts';
import { domainProblem } from './domains.ts';

/** How an order is paid: the reference knows these two. */
const payment = field('type_payment', 'payment', 'how to pay: balance or crypto', {
  ...{ question: 'Pay from', valueName: 'way', choices: ['balance', 'crypto'] },
});

/** An order that names itself, or where to pay for it, was placed. */
const ORDER_PROOF = ['order.id', 'order_id', 'id', 'address', 'order.address'];

const ORDER = ['order.id', 'order.order_number', 'order.status', 'order.amount', 'order.currency'];
const EXPECTED_OF_ORDER = ['order.id', 'order.status', 'order.amount', 'subscription.id'];
const ORDER_IDS = { order_id: 'order.id', subscription_id: 'subscription.id' };

const placed = {
  verbs: ['place', 'placed', 'Placing'],
  doubt: 'the order may or may not have been placed and paid',
  effect: 'buy',
} as const;

/** `POST /API/orders/create_order_plesk` of the API reference. */
export const createOrder = operation({
  ...placed,
  command: 'plesk order create',
  thing: 'order',
  preposition: 'for',
  path: '/API/orders/create_order_plesk',
  identity: ['domain_name'],
  fields: [
    field('plan_id', 'plan', 'id of the Plesk plan', { question: 'Id of the plan' }),
    field('client_id', 'client', 'id of the client, as client create gives it', {
      question: 'Id of the client',
    }),
    field('domain_name', 'domain', 'domain to host', { valueName: 'name', check: domainProblem }),
    field('ftp_login', 'ftp-login', 'FTP user name', {
      ...{ question: 'FTP login', valueName: 'login' },
      check: (login) => (/\s/.test(login) ? 'must not contain white space' : null),
    }),
    secret('ftp_password', 'ftp-password', 'FTP password', 'OXHOST_FTP_PASSWORD'),
    field('subscription_duration', 'months', 'length in months: 1, 2 or 3', {
      ...{ question: 'Months (1, 2 or 3)', kind: 'integer', minimum: 1, maximum: 3 },
    }),
    payment,
  ],
  answer: {
    in: 'whole',
    members: [
      ...ORDER,
      ...['id', 'domain_name', 'status', 'expires_at'].map((name) => `subscription.${name}`),
      'balance_after',
    ],
    proof: ORDER_PROOF,
    expected: [...EXPECTED_OF_ORDER, 'subscription.expires_at'],
    repeats: { 'subscription.domain_name': 'domain_name' },
    ids: ORDER_IDS,
  },
});

const subscriptionId = field('subscription_id', 'subscription', 'id of the subscription', {
  valueName: 'subscription',
  isOperand: true,
});

/** `POST /API/orders/create_order_scale_plesk` of the API reference. */
export const renewOrder = operation({
  ...placed,
  command: 'plesk order renew',
  thing: 'renewal',
  preposition: 'of',
  path: '/API/orders/create_order_scale_plesk',
  identity: ['subscription_id'],
  fields: [
    subscriptionId,
    field('new_plan_id', 'new-plan', 'id of a plan to move up to', { required: false }),
    field('months', 'months', 'months to add', { kind: 'integer', minimum: 1, maximum: 120 }),
    payment,
  ],
  answer: {
    in: 'whole',
    members: [
      ...ORDER,
      ...['id', 'domain_name', 'new_expires_at', 'months_added'].map(
        (name) => `subscription.${name}`,
      ),
      'balance_after',
    ],
    proof: ORDER_PROOF,
    expected: [...EXPECTED_OF_ORDER, 'subscription.new_expires_at'],
    repeats: { 'subscription.id': 'subscription_id', 'subscription.months_added': 'months' },
    ids: ORDER_IDS,
  },
});

/** `GET /API/plesk/subscriptions/detail` of the API reference. */
export const showSubscription = operation({
  command: 'plesk subscription show',
  thing: 'subscription',
  verbs: ['read', 'read', 'Reading'],
  method: 'GET',
  path: '/API/plesk/subscriptions/detail',
  encoding: 'query',
  effect: 'read',
  identity: ['id'],
  fields: [{ ...subscriptionId, name: 'id', valueName: 'id' }],
  answer: {
    in: 'whole',
    members: [
      ...[
        ...['id', 'domain_name', 'status', 'price', 'plan_name', 'client_id', 'client_name'],
        ...['created_at', 'expires_at', 'auto_renew', 'ftp_username'],
      ].map((name) => `subscription.${name}`),
      'orders',
    ],
    expected: ['subscription.id', 'subscription.status', 'subscription.expires_at'],
    repeats: { 'subscription.id': 'id' },
  },
});

/** `POST /API/orders/create_order_storage` of the API reference. */
export const orderStorage = operation({
  command: 'storage order',
  thing: 'storage order',
  verbs: ['place', 'placed', 'Placing'],
  doubt: 'the order may or may not have been placed and paid',
  path: '/API/orders/create_order_storage',
  effect: 'buy',
  identity: ['name_server'],
  fields: [
    user,
    field('plan_id', 'plan', 'id of the plan'),
    field('os_image_id', 'image', 'id of the operating system image'),
    field('rental_duration', 'hours', 'length in hours', {
      ...{ question: 'Hours', kind: 'integer', minimum: 1, maximum: 87_600 },
    }),
    field('name_server', 'name', 'name for the server', { required: false }),
    secret('password', 'server-password', 'root password of the server', 'OXHOST_SERVER_PASSWORD'),
    payment,
    field('auto_renew', 'auto-renew', 'renew by itself', { kind: 'switch' }),
    field('versions', 'os-version', 'version of the operating system'),
    field('add_extra', 'extra-storage', 'add extra storage', { kind: 'mark', required: false }),
  ],
  answer: {
    in: 'whole',
    members: [
      ...['id', 'status', 'metadata', 'amount', 'currency'].map((name) => `order.${name}`),
      ...['new_id', 'id_solusvm', 'name', 'metadata', 'primary_ip'].map(
        (name) => `server_status.${name}`,
      ),
    ],
    proof: ORDER_PROOF,
    expected: ['order.id', 'order.status', 'order.amount', 'server_status.new_id'],
    ids: { order_id: 'order.id', server_id: 'server_status.new_id' },
  },
});
