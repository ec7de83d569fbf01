import { refuse, success } from '../answers.ts';
import { defineEndpoint, integer, optionalText, text, textList, texts } from '../fields.ts';
import { type Cents, currency, decimalString, formatWithOffset } from '../values.ts';

const pricePerYear: Cents = 20_00;

export const domainCheck = defineEndpoint({
  path: '/API/domains/check_availability',
  fields: { query: text, suffixes: textList },
  run: (state, { query, suffixes }) => {
    const data = suffixes.map((suffix) => {
      const domain = `${query}.${suffix.replace(/^\./, '')}`;
      const name = domain.toLowerCase();
      const available = !(name.endsWith('.com') || state.domains.has(name));
      return {
        domain,
        available,
        status: available ? 'available' : 'registered',
        premium: false,
        message: available
          ? 'Domain is available for registration'
          : 'Domain is already registered',
      };
    });
    return success({
      data,
      meta: {
        total_checked: data.length,
        available_count: data.filter(({ available }) => available).length,
        checked_at: formatWithOffset(state.sources.now()),
      },
    });
  },
});

export const createDomainOrder = defineEndpoint({
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
    const order = state.placeOrder('DOMAIN', pricePerYear * vyear, 'crypto');
    return success({
      data: {
        id: order.id,
        status: order.status,
        metadata: password === undefined ? null : `password=${password}`,
        amount: decimalString(order.amount),
        currency,
      },
      domain: null,
    });
  },
});
