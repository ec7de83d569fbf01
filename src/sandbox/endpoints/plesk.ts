import { currency, refuse, success, unknownId } from '../answers.ts';
import {
  defineEndpoint,
  integer,
  optional,
  optionalText,
  payment,
  text,
  texts,
} from '../fields.ts';
import { money, type Order, type Subscription, timeText } from '../state.ts';

const PRICE_PER_MONTH = 9_99;

export const createClient = defineEndpoint({
  path: '/API/plesk/clients/create',
  fields: { ...texts('name', 'login', 'email', 'password'), company: optionalText },
  run: (state, { name, login, email, company }) => {
    const { id, pleskClientId } = state.addClient(login, name);
    return success({
      message: 'Client created successfully',
      // JSON leaves out a company that was not sent.
      data: {
        id,
        plesk_client_id: pleskClientId,
        name,
        login,
        email,
        company: company || undefined,
      },
    });
  },
});

/** The same day of a later month at the same time of day, or that month's last day. */
export function addMonths(time: Date, months: number): Date {
  const moved = new Date(time);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  if (moved.getUTCDate() !== time.getUTCDate()) moved.setUTCDate(0);
  return moved;
}

function describeOrder({ id, number, status, amount }: Order): object {
  return { id, order_number: number, status, amount: money(amount), currency };
}

const statusOf = ({ orders: [{ status }] }: Subscription) =>
  status === 'completed' ? 'active' : 'pending';

export const createOrder = defineEndpoint({
  path: '/API/orders/create_order_plesk',
  fields: {
    ...texts('plan_id', 'client_id', 'domain_name', 'ftp_login', 'ftp_password'),
    subscription_duration: integer(1, 3),
    type_payment: payment,
  },
  run: (state, sent) => {
    const client = state.clients.get(sent.client_id) ?? unknownId('client_id', 'client');
    const months = Number(sent.subscription_duration);
    const order = state.placeOrder('PLK', PRICE_PER_MONTH * months, sent.type_payment);
    const subscription: Subscription = {
      id: state.sources.randomUUID(),
      client,
      domainName: sent.domain_name,
      ftpLogin: sent.ftp_login,
      planId: sent.plan_id,
      planName: 'Basic',
      expiresAt: addMonths(order.createdAt, months),
      orders: [order],
    };
    state.subscriptions.set(subscription.id, subscription);
    return success({
      message: 'Plesk order created successfully',
      order: describeOrder(order),
      subscription: {
        id: subscription.id,
        domain_name: subscription.domainName,
        status: statusOf(subscription),
        expires_at: timeText(subscription.expiresAt),
      },
      balance_after: money(state.balance),
    });
  },
});

export const renewOrder = defineEndpoint({
  path: '/API/orders/create_order_scale_plesk',
  fields: {
    subscription_id: text,
    new_plan_id: optional(text),
    months: integer(1, 120),
    type_payment: payment,
  },
  run: (state, sent) => {
    const subscription =
      state.subscriptions.get(sent.subscription_id) ?? unknownId('subscription_id', 'subscription');
    const months = Number(sent.months);
    const order = state.placeOrder('PLK_RENEW', PRICE_PER_MONTH * months, sent.type_payment);
    const { id, domainName, planId } = subscription;
    const expiresAt = addMonths(subscription.expiresAt, months);
    subscription.orders.push(order);
    if (order.status === 'completed') {
      subscription.expiresAt = expiresAt;
      if (![planId, ''].includes(sent.new_plan_id)) {
        subscription.planId = sent.new_plan_id;
        subscription.planName = sent.new_plan_id;
      }
    }
    return success({
      message: 'Subscription renewed successfully',
      order: describeOrder(order),
      subscription: {
        id,
        domain_name: domainName,
        new_expires_at: timeText(expiresAt),
        months_added: months,
      },
      balance_after: money(state.balance),
    });
  },
});

export const showSubscription = defineEndpoint({
  method: 'GET',
  path: '/API/plesk/subscriptions/detail',
  encoding: 'query',
  fields: { id: text },
  run: (state, { id }) => {
    const subscription = state.subscriptions.get(id) ?? refuse(404, 'Subscription not found');
    const { client, orders } = subscription;
    return success({
      subscription: {
        id,
        domain_name: subscription.domainName,
        status: statusOf(subscription),
        price: money(PRICE_PER_MONTH),
        plan_name: subscription.planName,
        client_id: client.id,
        client_name: client.name,
        created_at: timeText(orders[0].createdAt),
        expires_at: timeText(subscription.expiresAt),
        auto_renew: true,
        ftp_username: subscription.ftpLogin,
      },
      orders: orders.map((order) => ({
        id: order.id,
        order_number: order.number,
        amount: money(order.amount),
        status: order.status,
        created_at: timeText(order.createdAt),
      })),
    });
  },
});
