import { success, unknownId } from '../answers.ts';
import {
  defineEndpoint,
  integer,
  oneOf,
  optional,
  optionalText,
  payment,
  text,
  texts,
} from '../fields.ts';
import { type Cents, currency, decimalString, formatWallTime, wallTime } from '../values.ts';

const storagePrice: Cents = 12_99;
const hoursForPrice = 720;
const longestRentalHours = 87_600;
const extraStorage = optional(oneOf('1'));

export const createStorageOrder = defineEndpoint({
  path: '/API/orders/create_order_storage',
  fields: {
    ...texts('user_id', 'plan_id', 'os_image_id'),
    rental_duration: integer(1, longestRentalHours),
    name_server: optionalText,
    password: text,
    type_payment: payment,
    auto_renew: integer(0, 1),
    versions: text,
    add_extra: extraStorage,
  },
  run: (state, input) => {
    const amount = storagePrice * Math.ceil(input.rental_duration / hoursForPrice);
    const order = state.placeOrder('STORAGE', amount, input.type_payment);
    const number = state.nextNumber();
    const server = {
      new_id: state.sources.randomUUID(),
      id_solusvm: number,
      name: input.name_server ?? `storage-${number}`,
      metadata: `password=${input.password}`,
      // RFC 5737: an address for documentation, so that nobody connects to a stranger.
      primary_ip: `192.0.2.${(number % 254) + 1}`,
    };
    return success({
      order: {
        id: order.id,
        status: order.status,
        metadata: input.add_extra === undefined ? null : `add_extra=${input.add_extra}`,
        amount: decimalString(order.amount),
        currency,
      },
      server_status: order.status === 'pending' ? null : server,
    });
  },
});

/** The rate of the documented example: 89.97 EUR for 0.0358619204 ETH. */
const coinsPerEuro = 0.0358619204 / 89.97;
const lifetimeMinutes = 90;

export const createInvoice = defineEndpoint({
  path: '/API/invoice',
  fields: texts('user_id', 'order_id', 'currency', 'pay_currency', 'network'),
  run: (state, { order_id, network, ...input }) => {
    const order = state.orders.get(order_id) ?? unknownId('order_id', 'order');
    const { randomUUID, now } = state.sources;
    const date = Math.floor(now().getTime() / 1000);
    const amount = order.amount / 100;
    return success({
      transaction: { id: randomUUID(), success: true },
      message: 'Operation completed successfully!',
      data: {
        track_id: String(100_000_000 + state.nextNumber()),
        amount,
        currency: input.currency,
        pay_amount: Number((amount * coinsPerEuro).toFixed(10)),
        pay_currency: input.pay_currency,
        network: network.endsWith(' Network') ? network : `${network} Network`,
        // The form of a chain address, which belongs to nobody known.
        address: `0x${`${randomUUID()}${randomUUID()}`.replaceAll('-', '').slice(0, 40)}`,
        qr_code: 'URL',
        lifetime: lifetimeMinutes,
        expired_at: date + lifetimeMinutes * 60,
        order_id,
        date,
      },
    });
  },
});

export const setNotification = defineEndpoint({
  // Misspelt in the API reference, and so here.
  path: '/API/users/change_preferences_notificaction',
  fields: { ...texts('user_id', 'preferences'), days: integer(0, 3650) },
  run: (state, { user_id, preferences, days }) =>
    success({
      message: 'Notification preferences updated successfully',
      data: {
        user_id,
        preferences,
        days,
        updated_at: formatWallTime(wallTime(state.sources.now())),
      },
    }),
});
