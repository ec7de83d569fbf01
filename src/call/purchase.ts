import { identifierOf, isPending } from '../api/answer.ts';
import { capitalize } from '../api/failure-words.ts';
import { isObject, type JsonObject, nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { type FieldMessage, OxhostError } from '../errors.ts';
import type { Values } from '../input/fields.ts';
import { DEFAULT_ORIGIN } from '../settings.ts';
import { shellWord } from '../shell-word.ts';

/** Beside missing fields. */
export const CONSENT: FieldMessage = {
  name: 'yes',
  message: 'is missing: it spends money, and nobody can be asked',
};

export function lacksConsent({ settings, mayAsk }: Context): boolean {
  return !(settings.yes || mayAsk);
}

/**
 * Nobody there to ask means that the answer has to be given beforehand.
 * @throws OxhostError `usage`.
 */
export function requireConsent(context: Context, operation: Operation): void {
  if (!lacksConsent(context)) return;
  throw new OxhostError(
    'usage',
    `Nothing was sent: ${operation.words.subject} spends money, so without questions it needs --yes.`,
    { outcome: 'not_created' },
  );
}

/**
 * Asks, with all that is about to be bought and whose money it is; the price is known only after.
 * @throws OxhostError `cancelled` on anything but a yes.
 */
export async function confirmPurchase(
  context: Context,
  operation: Operation,
  values: Values,
): Promise<void> {
  if (context.settings.yes) return;
  const { origin, profile } = await context.access();
  const prompter = await context.prompter();
  const what = `${capitalize(operation.words.verb)} ${nameOf(operation, values)}`;
  const where = origin === DEFAULT_ORIGIN ? '' : ` at ${origin}`;
  const whose = profile === null ? '' : ` for the profile "${profile}"`;
  const agreed = await prompter.confirm(
    `${what}${where}${whose}, at the server's price? (${described(operation, values)})`,
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

/**
 * What is worth knowing after money was spent: the balance, and whether it is still to be paid.
 * @param beside what the answer has beside the result.
 */
export function purchaseNotes(
  result: JsonObject,
  beside: JsonObject,
): { code: string; message: string }[] {
  const order = isObject(result['order']) ? result['order'] : result;
  const balance = identifierOf(
    result['balance_after'] ?? beside['balance_after'] ?? order['balance_after'],
  );
  const notes: { code: string; message: string }[] = [];
  if (balance !== undefined) {
    const currency = typeof order['currency'] === 'string' ? ` ${order['currency']}` : '';
    notes.push({
      code: 'balance',
      message: `The balance after this order is ${balance}${currency}.`,
    });
  }
  if (isPending(order['status'])) {
    const id = shellWord(String(order['id']));
    notes.push({
      code: 'next_step',
      message: `The order is pending; oxhost invoice create --order ${id} makes an invoice for it.`,
    });
  }
  return notes;
}
