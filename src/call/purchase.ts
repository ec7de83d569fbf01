import { capitalize } from '../api/failure-words.ts';
import { type JsonObject, nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { declined, type FieldMessage, OxhostError } from '../errors.ts';
import { isObject } from '../output/json.ts';
import { shellWord } from '../output/text.ts';
import type { Access } from '../store/access.ts';
import type { Values } from './flags.ts';
import type { NextStep } from './record.ts';

/** Said together with missing fields. */
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
  const access = await context.access();
  const prompter = await context.prompter();
  const lines: [string, string][] = [
    ...described(operation, values),
    ['address', access.origin],
    ['key', keyOf(context, access)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  context.output.lines(lines.map(([name, value]) => `  ${name.padEnd(width)}${value}`));
  const what = nameOf(operation, values);
  const isAgreed = await prompter.confirm(
    `${capitalize(operation.words.verb)} ${what}, at the server's price?`,
  );
  if (!isAgreed) throw declined();
}

function keyOf({ settings }: Context, { source, profile }: Access): string {
  if (settings.sandbox) return 'that of the sandbox';
  if (profile !== null) return `that of the profile ${profile}`;
  return `that of ${source === 'command' ? 'OXHOST_KEY_COMMAND' : 'OXHOST_API_KEY'}`;
}

/** All that was given, but for secrets. */
function described({ fields }: Operation, values: Values): [string, string][] {
  return fields.flatMap(({ name, secret, flag, kind, isOperand }): [string, string][] => {
    const value = values[name];
    if (secret || value === undefined) return [];
    const label =
      isOperand === true
        ? name.replace(/_id$/, '')
        : flag.replaceAll('-', ' ').replace(/^ftp\b/, 'FTP');
    if (kind !== 'switch' && kind !== 'mark') return [[label, value]];
    return [[label, value === '1' ? 'yes' : 'no']];
  });
}

/** What was bought, and by whom. */
export interface Purchase {
  values: Values;
  /** The profile's user id, which need not be given again; or null. */
  rememberedUser: string | null;
  /** A profile that was named, or null. */
  profile: string | null;
  /** An address that was named by a flag, or null. */
  apiUrl: string | null;
  /** Whose shells are to take the command. */
  platform: NodeJS.Platform;
}

/** What is to be done after money was spent: an order that is pending is still to be paid. */
export function purchaseNotes(purchase: Purchase, result: JsonObject): NextStep[] {
  const order = isObject(result['order']) ? result['order'] : result;
  if (/^\s*pending\s*$/i.test(String(order['status']))) {
    const command = invoiceCommand(purchase, order);
    const message = 'The order is pending; this makes an invoice for it:';
    return [{ code: 'next_step', message, command }];
  }
  return [];
}

/** Whole but for what only a person knows: pasted as it is, a shell refuses it. */
function invoiceCommand(
  { values, rememberedUser, profile, apiUrl, platform }: Purchase,
  { id, currency }: JsonObject,
): string {
  const user = values['user_id'];
  const word = (text: string) => shellWord(text, platform);
  const userWord = user === undefined ? '<id>' : word(user);
  const isKept = rememberedUser !== null && (user ?? rememberedUser) === rememberedUser;
  return [
    `oxhost invoice create --order ${word(String(id))}`,
    ...(isKept ? [] : [`--user ${userWord}`]),
    `--currency ${typeof currency === 'string' && currency !== '' ? word(currency) : '<code>'}`,
    '--pay-currency <coin> --network <chain>',
    ...(profile === null ? [] : [`--profile ${word(profile)}`]),
    ...(apiUrl === null ? [] : [`--api-url ${word(apiUrl)}`]),
  ].join(' ');
}
