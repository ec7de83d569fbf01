import { currency, refuse, success, unknownId } from '../answers.ts';
import {
  defineEndpoint,
  integer,
  oneOf,
  optional,
  optionalText,
  parseJson,
  payment,
  text,
  textList,
  texts,
} from '../fields.ts';
import { money, timeText } from '../state.ts';

const DOMAIN_PRICE_PER_YEAR = 20_00;
const STORAGE_PRICE = 12_99;
const STORAGE_HOURS = 720;

export const checkDomain = defineEndpoint({
  path: '/API/domains/check_availability',
  fields: { query: text, suffixes: textList },
  run: (state, { query, suffixes }) => {
    const data = (parseJson(suffixes) as string[]).map((suffix) => {
      const domain = `${query}.${suffix.replace(/^\./, '')}`;
      const name = domain.toLowerCase();
      const available = !(name.endsWith('.com') || state.domains.has(name));
      const message = available
        ? 'Domain is available for registration'
        : 'Domain is already registered';
      const status = available ? 'available' : 'registered';
      return { domain, available, status, premium: false, message };
    });
    return success({
      data,
      meta: {
        total_checked: data.length,
        available_count: data.filter(({ available }) => available).length,
        checked_at: `${state.sources.now().toISOString().slice(0, 19)}+00:00`,
      },
    });
  },
});

export const orderDomain = defineEndpoint({
  path: '/API/orders/create_order',
  encoding: 'form',
  fields: {
    ...texts('user_id', 'domain_name', 'domain_suffix'),
    password: optionalText,
    vyear: integer(1, 10),
  },
  run: (state, { domain_name, password, vyear }) => {
    const name = domain_name.toLowerCase();
    if (state.domains.has(name)) refuse(409, 'Domain is already registered');
    state.domains.add(name);
    // Never paid from the balance.
    const order = state.placeOrder('DOMAIN', DOMAIN_PRICE_PER_YEAR * Number(vyear), 'crypto');
    return success({
      data: {
        id: order.id,
        status: order.status,
        metadata: password === '' ? null : `password=${password}`,
        amount: money(order.amount),
        currency,
      },
      domain: null,
    });
  },
});

export const orderStorage = defineEndpoint({
  path: '/API/orders/create_order_storage',
  fields: {
    ...texts('user_id', 'plan_id', 'os_image_id'),
    rental_duration: integer(1, 87_600),
    name_server: optionalText,
    password: text,
    type_payment: payment,
    auto_renew: integer(0, 1),
    versions: text,
    add_extra: optional(oneOf('1')),
  },
  run: (state, sent) => {
    const amount = STORAGE_PRICE * Math.ceil(Number(sent.rental_duration) / STORAGE_HOURS);
    const order = state.placeOrder('STORAGE', amount, sent.type_payment);
    const number = state.nextNumber();
    const server = {
      new_id: state.sources.randomUUID(),
      id_solusvm: number,
      name: sent.name_server || `storage-${number}`,
      metadata: `password=${sent.password}`,
      // RFC 5737: an address for documentation, so that nobody connects to a stranger.
      primary_ip: `192.0.2.${(number % 254) + 1}`,
    };
    return success({
      order: {
        id: order.id,
        status: order.status,
        metadata: sent.add_extra === '' ? null : `add_extra=${sent.add_extra}`,
        amount: money(order.amount),
        currency,
      },
      server_status: order.status === 'pending' ? null : server,
    });
  },
});

/** The rate of the documented example: 89.97 EUR for 0.0358619204 ETH. */
const COINS_PER_EURO = 0.0358619204 / 89.97;
const LIFETIME_MINUTES = 90;

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
        pay_amount: Number((amount * COINS_PER_EURO).toFixed(10)),
        pay_currency: input.pay_currency,
        network: network.endsWith(' Network') ? network : `${network} Network`,
        // The form of a chain address, which belongs to nobody known.
        address: `0x${`${randomUUID()}${randomUUID()}`.replaceAll('-', '').slice(0, 40)}`,
        qr_code: 'URL',
        lifetime: LIFETIME_MINUTES,
        expired_at: date + LIFETIME_MINUTES * 60,
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
        days: Number(days),
        updated_at: timeText(state.sources.now()),
      },
    }),
});
