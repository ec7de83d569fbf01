import { capitalize } from '../api/failure-words.ts';
import { isObject, type JsonObject, nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { Values } from '../input/fields.ts';

/**
 * Nobody there to ask means that the answer has to be given beforehand.
 * @throws OxhostError `usage`.
 */
export function requireConsent({ settings, mayAsk }: Context, operation: Operation): void {
  if (settings.yes || mayAsk) return;
  throw new OxhostError(
    'usage',
    `Nothing was sent: ${operation.words.subject} spends money, so without questions it needs --yes.`,
    { outcome: 'not_created' },
  );
}

/**
 * Asks, with all that is about to be bought; the price is known only after it.
 * @throws OxhostError `cancelled` on anything but a yes.
 */
export async function confirmPurchase(
  context: Context,
  operation: Operation,
  values: Values,
): Promise<void> {
  if (context.settings.yes) return;
  const prompter = await context.prompter();
  const { verb } = operation.words;
  const agreed = await prompter.confirm(
    `${capitalize(verb)} ${nameOf(operation, values)}, at the server's price? (${described(operation, values)})`,
  );
  if (agreed) return;
  throw new OxhostError('cancelled', 'Nothing was sent.', {
    exitCode: 1,
    outcome: 'not_created',
  });
}

function described({ fields }: Operation, values: Values): string {
  return fields
    .filter(({ name, secret }) => !secret && values[name] !== undefined)
    .map(({ name, flag, kind }) => {
      const value = values[name];
      if (kind !== 'switch' && kind !== 'mark') return `${flag} ${value}`;
      return value === '1' ? flag : `no ${flag}`;
    })
    .join(', ');
}

/** What is worth knowing after money was spent: the balance, and whether it is still to be paid. */
export function purchaseNotes(result: JsonObject): { code: string; message: string }[] {
  const order = isObject(result['order']) ? result['order'] : result;
  const balance = result['balance_after'];
  const notes: { code: string; message: string }[] = [];
  if (typeof balance === 'string' || typeof balance === 'number') {
    const currency = typeof order['currency'] === 'string' ? ` ${order['currency']}` : '';
    notes.push({
      code: 'balance',
      message: `The balance after this order is ${balance}${currency}.`,
    });
  }
  if (order['status'] === 'pending') {
    notes.push({
      code: 'next_step',
      message: `The order is pending; oxhost invoice create --order ${order['id']} makes an invoice for it.`,
    });
  }
  return notes;
}
