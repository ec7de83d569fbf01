import { refuse, success, unknownId } from '../answers.ts';
import {
  defineEndpoint,
  integer,
  optional,
  optionalText,
  payment,
  text,
  texts,
} from '../fields.ts';
import type { Order, Subscription } from '../state.ts';
import { addMonths, type Cents, currency, decimalString, formatWallTime } from '../values.ts';

const pricePerMonth: Cents = 9_99;
const newPlan = optional(text);

export const createClient = defineEndpoint({
  path: '/API/plesk/clients/create',
  fields: { ...texts('name', 'login', 'email', 'password'), company: optionalText },
  run: (state, { name, login, email, company }) => {
    const { id, pleskClientId } = state.addClient(login, name);
    return success({
      message: 'Client created successfully',
      // JSON leaves out a company that was not sent.
      data: { id, plesk_client_id: pleskClientId, name, login, email, company },
    });
  },
});

function describeOrder({ id, number, status, amount }: Order): object {
  return { id, order_number: number, status, amount: decimalString(amount), currency };
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
  run: (state, input) => {
    const client = state.clients.get(input.client_id) ?? unknownId('client_id', 'client');
    const amount = pricePerMonth * input.subscription_duration;
    const order = state.placeOrder('PLK', amount, input.type_payment);
    const subscription: Subscription = {
      id: state.sources.randomUUID(),
      client,
      domainName: input.domain_name,
      ftpLogin: input.ftp_login,
      price: pricePerMonth,
      planId: input.plan_id,
      planName: 'Basic',
      expiresAt: addMonths(order.createdAt, input.subscription_duration),
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
        expires_at: formatWallTime(subscription.expiresAt),
      },
      balance_after: decimalString(state.balance),
    });
  },
});

export const renewOrder = defineEndpoint({
  path: '/API/orders/create_order_scale_plesk',
  fields: {
    subscription_id: text,
    new_plan_id: newPlan,
    months: integer(1, 120),
    type_payment: payment,
  },
  run: (state, { subscription_id, new_plan_id, months, type_payment }) => {
    const subscription =
      state.subscriptions.get(subscription_id) ?? unknownId('subscription_id', 'subscription');
    const order = state.placeOrder('PLK_RENEW', subscription.price * months, type_payment);
    const { id, domainName, planId } = subscription;
    const expiresAt = addMonths(subscription.expiresAt, months);
    subscription.orders.push(order);
    if (order.status === 'completed') {
      subscription.expiresAt = expiresAt;
      if (new_plan_id !== undefined && new_plan_id !== planId) {
        subscription.planId = new_plan_id;
        subscription.planName = new_plan_id;
      }
    }
    return success({
      message: 'Subscription renewed successfully',
      order: describeOrder(order),
      subscription: {
        id,
        domain_name: domainName,
        new_expires_at: formatWallTime(expiresAt),
        months_added: months,
      },
      balance_after: decimalString(state.balance),
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
        price: decimalString(subscription.price),
        plan_name: subscription.planName,
        client_id: client.id,
        client_name: client.name,
        created_at: formatWallTime(orders[0].createdAt),
        expires_at: formatWallTime(subscription.expiresAt),
        auto_renew: true,
        ftp_username: subscription.ftpLogin,
      },
      orders: orders.map((order) => ({
        id: order.id,
        order_number: order.number,
        amount: decimalString(order.amount),
        status: order.status,
        created_at: formatWallTime(order.createdAt),
      })),
    });
  },
});
