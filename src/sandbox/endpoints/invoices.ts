import { invalidFields, success } from '../answers.ts';
import { unixSeconds } from '../times.ts';
import { text } from '../validation.ts';
import { defineEndpoint } from './endpoint.ts';

/** The rate of the documented example: 89.97 EUR for 0.0358619204 ETH. */
const coinsPerEuro = 0.0358619204 / 89.97;
const lifetimeMinutes = 90;

/** Something that has the form of a chain address and belongs to nobody known. */
function inventAddress(randomUUID: () => string): string {
  const digits = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
  return `0x${digits.slice(0, 40)}`;
}

export const createInvoice = defineEndpoint({
  method: 'POST',
  path: '/API/invoice',
  encoding: 'json',
  fields: { user_id: text, order_id: text, currency: text, pay_currency: text, network: text },
  run: (state, input) => {
    const order = state.order(input.order_id);
    if (order === undefined) {
      return invalidFields({ order_id: ['order_id is not the id of an order'] });
    }
    const { randomUUID, now } = state.sources;
    const date = unixSeconds(now());
    const amount = order.amount / 100;
    return success({
      success: true,
      transaction: { id: randomUUID(), success: true },
      message: 'Operation completed successfully!',
      data: {
        track_id: String(100_000_000 + state.nextNumber()),
        amount,
        currency: input.currency,
        pay_amount: Number((amount * coinsPerEuro).toFixed(10)),
        pay_currency: input.pay_currency,
        network: input.network.endsWith(' Network') ? input.network : `${input.network} Network`,
        address: inventAddress(randomUUID),
        qr_code: 'URL',
        lifetime: lifetimeMinutes,
        expired_at: date + lifetimeMinutes * 60,
        order_id: order.id,
        date,
      },
    });
  },
});
