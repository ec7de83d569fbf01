import { type Answer, refusal } from '../answers.ts';
import { type Cents, decimalString } from '../money.ts';
import type { Order, SandboxState } from '../state.ts';
import { compactDate } from '../times.ts';
import { oneOf } from '../validation.ts';

/** The one currency of the API reference. */
export const currency = 'EUR';

export const payment = oneOf('balance', 'crypto');

/** The refusal of an order that the balance cannot pay. */
export function balanceTooLow(state: SandboxState, amount: Cents): Answer {
  return refusal(
    402,
    `Insufficient balance: ${decimalString(amount)} ${currency} needed, ` +
      `${decimalString(state.balance)} ${currency} available`,
  );
}

/** An order number in the documented form, such as `PLK_20250320_123456`. */
export function orderNumber(prefix: string, order: Order): string {
  return `${prefix}_${compactDate(order.createdAt)}_${String(order.sequence).padStart(6, '0')}`;
}
