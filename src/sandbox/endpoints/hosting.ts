import { invalidFields, refusal, success } from '../answers.ts';
import { type Cents, decimalString } from '../money.ts';
import type { Order } from '../state.ts';
import { addMonths, formatWallTime } from '../times.ts';
import { integer, optional, text } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';
import { balanceTooLow, currency, orderNumber, payment } from './payment.ts';

const pricePerMonth: Cents = 9_99;
const planName = 'Basic';
const orderPrefix = 'PLK';
const renewalPrefix = 'PLK_RENEW';
const newPlan = optional(text);

function describeOrder(prefix: string, order: Order): object {
  return {
    id: order.id,
    order_number: orderNumber(prefix, order),
    status: order.status,
    amount: decimalString(order.amount),
    currency,
  };
}

export const createPleskOrder = defineEndpoint({
  method: 'POST',
  path: '/API/orders/create_order_plesk',
  encoding: 'json',
  fields: {
    plan_id: text,
    client_id: text,
    domain_name: text,
    ftp_login: text,
    ftp_password: text,
    subscription_duration: integer(1, 3),
    type_payment: payment,
  },
  run: (state, input) => {
    const client = state.client(input.client_id);
    if (client === undefined) {
      return invalidFields({ client_id: ['client_id is not the id of a client'] });
    }
    const months = input.subscription_duration;
    const order = state.placeOrder(pricePerMonth * months, input.type_payment);
    if (order === undefined) {
      return balanceTooLow(state, pricePerMonth * months);
    }
    const subscription = state.addSubscription(order, orderPrefix, months, {
      client,
      domainName: input.domain_name,
      ftpLogin: input.ftp_login,
      planId: input.plan_id,
      planName,
      price: pricePerMonth,
    });
    return success({
      success: true,
      message: 'Plesk order created successfully',
      order: describeOrder(orderPrefix, order),
      subscription: {
        id: subscription.id,
        domain_name: subscription.domainName,
        status: subscription.status,
        expires_at: formatWallTime(subscription.expiresAt),
      },
      balance_after: decimalString(state.balance),
    });
  },
});

export const renewPleskOrder = defineEndpoint({
  method: 'POST',
  path: '/API/orders/create_order_scale_plesk',
  encoding: 'json',
  fields: {
    subscription_id: text,
    new_plan_id: newPlan,
    months: integer(1, 120),
    type_payment: payment,
  },
  run: (state, input) => {
    const subscription = state.subscription(input.subscription_id);
    if (subscription === undefined) {
      return invalidFields({ subscription_id: ['subscription_id is not that of a subscription'] });
    }
    const amount = subscription.price * input.months;
    const order = state.placeOrder(amount, input.type_payment);
    if (order === undefined) {
      return balanceTooLow(state, amount);
    }
    const expiresAt = addMonths(subscription.expiresAt, input.months);
    const { planId } = subscription;
    const newPlanId = input.new_plan_id ?? planId;
    state.renewSubscription(subscription, order, renewalPrefix, {
      expiresAt,
      planId: newPlanId,
      planName: newPlanId === planId ? subscription.planName : newPlanId,
    });
    return success({
      success: true,
      message: 'Subscription renewed successfully',
      order: describeOrder(renewalPrefix, order),
      subscription: {
        id: subscription.id,
        domain_name: subscription.domainName,
        new_expires_at: formatWallTime(expiresAt),
        months_added: input.months,
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
    const subscription = state.subscription(id);
    if (subscription === undefined) {
      return refusal(404, 'Subscription not found');
    }
    return success({
      success: true,
      subscription: {
        id: subscription.id,
        domain_name: subscription.domainName,
        status: subscription.status,
        price: decimalString(subscription.price),
        plan_name: subscription.planName,
        client_id: subscription.client.id,
        client_name: subscription.client.name,
        created_at: formatWallTime(subscription.createdAt),
        expires_at: formatWallTime(subscription.expiresAt),
        auto_renew: true,
        ftp_username: subscription.ftpLogin,
      },
      orders: subscription.orders.map(({ prefix, order }) => ({
        id: order.id,
        order_number: orderNumber(prefix, order),
        amount: decimalString(order.amount),
        status: order.status,
        created_at: formatWallTime(order.createdAt),
      })),
    });
  },
});
