import { refusal, success } from '../answers.ts';
import { type Cents, decimalString } from '../money.ts';
import { formatWithOffset } from '../times.ts';
import { integer, optionalText, text, textList } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';
import { currency } from './payment.ts';

const pricePerYear: Cents = 20_00;

export const checkDomain = defineEndpoint({
  method: 'POST',
  path: '/API/domains/check_availability',
  encoding: 'json',
  fields: { query: text, suffixes: textList },
  run: (state, { query, suffixes }) => {
    const data = suffixes.map((suffix) => {
      const domain = `${query}.${suffix.replace(/^\./, '')}`;
      const available = !(domain.toLowerCase().endsWith('.com') || state.hasDomain(domain));
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
      success: true,
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
  method: 'POST',
  path: '/API/orders/create_order',
  encoding: 'form',
  fields: {
    user_id: text,
    domain_name: text,
    password: optionalText,
    domain_suffix: text,
    vyear: integer(1, 10),
  },
  run: (state, input) => {
    if (state.hasDomain(input.domain_name)) {
      return refusal(409, 'Domain is already registered');
    }
    const order = state.placePendingOrder(pricePerYear * input.vyear);
    state.addDomain(input.domain_name);
    return success({
      success: true,
      data: {
        id: order.id,
        status: order.status,
        metadata: input.password === undefined ? null : `password=${input.password}`,
        amount: decimalString(order.amount),
        currency,
      },
      domain: null,
    });
  },
});
