import type { JsonObject, Operation } from '../api/operation.ts';
import type { Outcome } from '../api/outcome.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { variable } from '../settings.ts';
import type { Access } from '../store/access.ts';
import type { AttemptRecord, History } from '../store/history.ts';
import { explainFailure } from './failed.ts';
import { type CallOptions, checkChosenFields, previewOf } from './flags.ts';
import { gather } from './gather.ts';
import {
  CONSENT,
  confirmPurchase,
  lacksConsent,
  purchaseNotes,
  requireConsent,
} from './purchase.ts';
import {
  considerEarlier,
  historyOf,
  type NextStep,
  noteAttempt,
  notNoted,
  type PlannedCall,
  passwordIsOnlyHere,
  sendCall,
  stillOpen,
  subjectOf,
  tidyUp,
} from './record.ts';
import { placeOf, showMade } from './show.ts';

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
  if (preview !== null) {
    const { showPreview } = await import('./preview.ts');
    return showPreview(context, operation, call, preview);
  }
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
  const { callOnce } = await import('./run.ts');
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

/**
 * One request that must not happen twice, and nothing lost whatever happens on the way. Order
 * matters. First the attempt is on the disk, then the request goes out, then the result is on
 * stdout, and only then is the disk's copy given up.
 * @throws OxhostError for every end but a success that is certain and was shown.
 */
export async function callOnce(context: Context, planned: PlannedCall): Promise<void> {
  const { operation, call, confirm } = planned;
  const { output } = context;
  const { origin } = await context.access();
  const history = await historyOf(context, planned);
  // The slowest part to load comes in while the disk is asked for earlier attempts.
  const opening = context.client();
  await Promise.all([opening, lookForEarlier(context, planned, history, origin)]);
  const api = await opening;
  await confirm?.();
  const record = await noteAttempt(context, planned, history, api.origin);

  const settled = await sendCall(context, api, operation, call.values);
  const { outcome } = settled;
  if (outcome.class !== 'done') {
    throw await explainFailure(context, planned, settled, record, api.origin);
  }
  for (const { code, message } of outcome.warnings) output.warning(code, message);
  try {
    await showMade(context, planned, outcome.result, settled, record);
  } catch (error) {
    await tidyUp(context, () => keepOpen(record, planned, outcome));
    throw error;
  }
  await tidyUp(context, () => settle(context, planned, outcome, history, record));
}

/** What an unreadable history means for this call is said when it is to be noted. */
async function lookForEarlier(
  context: Context,
  planned: PlannedCall,
  history: History | null,
  origin: string,
): Promise<void> {
  if (history === null) return;
  const found = history.findOpen(subjectOf(planned, origin)).catch((error: OxhostError) => {
    if (planned.operation.effect === 'buy') throw notNoted(error, planned, false);
    return [];
  });
  considerEarlier(context, planned, await found);
}

type Done = Extract<Outcome, { class: 'done' }>;

async function settle(
  context: Context,
  planned: PlannedCall,
  outcome: Done,
  history: History | null,
  record: AttemptRecord | null,
): Promise<void> {
  if (record === null || history === null) return;
  const { output } = context;
  if (passwordIsOnlyHere(planned) && output.reachesNobody) {
    output.warning(
      'password_unread',
      `Standard output leads nowhere, so the generated password is kept: ${placeOf(record)} has it.`,
    );
    return keepOpen(record, planned, outcome);
  }
  await record.settle(planned.operation.ids(outcome.result));
  // A login exists once: this success says that the earlier attempt made none.
  for (const { number, generated_password: password } of stillOpen(record.earlier)) {
    if (password === undefined) await history.settle(number, false);
    else {
      output.note(
        'earlier_password_kept',
        `The password of the earlier attempt stays in oxhost history show ${number}.`,
      );
    }
  }
}

/** It is known to be made, and its password is known to nobody else. */
async function keepOpen(
  record: AttemptRecord | null,
  { operation }: PlannedCall,
  { result }: Done,
): Promise<void> {
  await record?.update({ state: 'created', ids: operation.ids(result) });
}
