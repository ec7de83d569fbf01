import type { Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { gatherCall } from '../input/operation.ts';
import { type CallOptions, checkChosenFields, givenValues, passwordFlags } from './flags.ts';
import { previewOf, showPreview } from './preview.ts';
import {
  CONSENT,
  confirmPurchase,
  lacksConsent,
  purchaseNotes,
  requireConsent,
} from './purchase.ts';

/** A command that is one documented operation, from its flags to its result. */
export async function runOperation(
  context: Context,
  operation: Operation,
  options: CallOptions,
  operands: readonly string[],
): Promise<void> {
  const password = passwordFlags(operation, options);
  checkChosenFields(context, operation, password);
  const preview = previewOf(context, options);
  const spends = operation.effect === 'buy' && preview === null;
  const call = await gatherCall(context, operation, {
    given: givenValues(operation, options, operands),
    inputSource: typeof options['input'] === 'string' ? options['input'] : undefined,
    password,
    withoutPassword: preview?.kind === 'code',
    rememberedUser: () => rememberedUser(context),
    beforeAsking: async () => {
      if (preview === null) await context.client();
    },
    ...(spends && lacksConsent(context) ? { alsoMissing: [CONSENT] } : {}),
  });
  for (const { name, secret } of operation.fields) {
    if (secret) context.redactor.add(call.values[name] ?? '');
  }
  if (preview !== null) return showPreview(context, operation, call, preview);
  if (operation.effect === 'read') {
    const { readCall } = await import('./read.ts');
    return readCall(context, operation, call.values);
  }
  if (spends) requireConsent(context, operation);
  const { callOnce } = await import('./once.ts');
  await callOnce(context, {
    operation,
    call,
    ...(spends
      ? {
          confirm: () => confirmPurchase(context, operation, call.values),
          notes: purchaseNotes,
          retriesUnknown: options['retryUnknown'] === true,
        }
      : {}),
  });
}

/** The profile's user id; without a key there is no profile either. */
async function rememberedUser(context: Context): Promise<string | null> {
  try {
    return (await context.access()).user;
  } catch (error) {
    if (error instanceof OxhostError && error.code === 'no_api_key') return null;
    throw error;
  }
}
