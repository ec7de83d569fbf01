import { success } from '../answers.ts';
import { type Cents, decimalString } from '../money.ts';
import { integer, oneOf, optional, optionalText, text } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';
import { balanceTooLow, currency, payment } from './payment.ts';

const pricePerPeriod: Cents = 12_99;
const hoursPerPeriod = 720;
const longestRentalHours = 87_600;
const extraStorage = optional(oneOf('1'));

export const createStorageOrder = defineEndpoint({
  method: 'POST',
  path: '/API/orders/create_order_storage',
  encoding: 'json',
  fields: {
    user_id: text,
    plan_id: text,
    os_image_id: text,
    rental_duration: integer(1, longestRentalHours),
    name_server: optionalText,
    password: text,
    type_payment: payment,
    auto_renew: integer(0, 1),
    versions: text,
    add_extra: extraStorage,
  },
  run: (state, input) => {
    const amount = pricePerPeriod * Math.ceil(input.rental_duration / hoursPerPeriod);
    const order = state.placeOrder(amount, input.type_payment);
    if (order === undefined) {
      return balanceTooLow(state, amount);
    }
    const solusVmId = state.nextNumber();
    return success({
      success: true,
      order: {
        id: order.id,
        status: order.status,
        metadata: input.add_extra === undefined ? null : `add_extra=${input.add_extra}`,
        amount: decimalString(order.amount),
        currency,
      },
      server_status:
        order.status === 'pending'
          ? null
          : {
              new_id: state.sources.randomUUID(),
              id_solusvm: solusVmId,
              name: input.name_server ?? `storage-${solusVmId}`,
              metadata: `password=${input.password}`,
              // RFC 5737: an address for documentation, so that nobody connects to a stranger.
              primary_ip: `192.0.2.${(solusVmId % 254) + 1}`,
            },
    });
  },
});
