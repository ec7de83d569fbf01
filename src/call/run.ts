import type { JsonObject, Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { variable } from '../settings.ts';
import type { Access } from '../store/access.ts';
import { type CallOptions, checkChosenFields } from './flags.ts';
import { gather } from './gather.ts';
import { previewOf, showPreview } from './preview.ts';
import {
  CONSENT,
  confirmPurchase,
  lacksConsent,
  purchaseNotes,
  requireConsent,
} from './purchase.ts';
import type { NextStep } from './record.ts';

/** A command that is one documented operation, from its flags to its result. */
export async function runOperation(
  context: Context,
  operation: Operation,
  options: CallOptions,
  operands: readonly string[],
  next?: (result: JsonObject, platform: NodeJS.Platform) => readonly NextStep[],
): Promise<void> {
  const preview = previewOf(context, options);
  if (preview === null) checkChosenFields(context, operation, options);
  const spends = operation.effect === 'buy' && preview === null;
  const call = await gather(context, operation, options, {
    operands,
    withoutPassword: preview?.kind === 'code',
    rememberedUser: async () => (await accessIfAny(context))?.user ?? null,
    beforeAsking: async () => {
      if (preview === null) await context.client();
    },
    alsoMissing: spends && lacksConsent(context) ? [CONSENT] : [],
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
  const { profileIsExplicit, profile, apiUrl } = context.settings;
  const purchase = {
    values: call.values,
    rememberedUser: spends ? (await context.access()).user : null,
    profile: profileIsExplicit ? profile : null,
    apiUrl: variable(context.system.env, 'OXHOST_API_URL') === undefined ? apiUrl : null,
    platform: context.system.platform,
  };
  const { callOnce } = await import('./once.ts');
  await callOnce(context, {
    operation,
    call,
    ...(spends
      ? {
          confirm: () => confirmPurchase(context, operation, call.values),
          notes: (result) => purchaseNotes(purchase, result),
        }
      : next === undefined
        ? {}
        : { notes: (result) => next(result, context.system.platform) }),
  });
}

/** Without a key there is no profile either. */
async function accessIfAny(context: Context): Promise<Access | null> {
  try {
    return await context.access();
  } catch (error) {
    if (error instanceof OxhostError && error.code === 'no_api_key') return null;
    throw error;
  }
}
