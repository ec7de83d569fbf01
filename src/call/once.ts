import type { Settled } from '../api/client.ts';
import { capitalize } from '../api/failure-words.ts';
import { isObject, type JsonObject, nameOf } from '../api/operation.ts';
import type { Outcome } from '../api/outcome.ts';
import type { Context } from '../context.ts';
import { describe, OxhostError } from '../errors.ts';
import { configFolder } from '../store/folders.ts';
import { type EarlierAttempt, findAttempts, type PendingRecord } from '../store/pending.ts';
import {
  type Attempt,
  generatedName,
  type NextStep,
  passwordOf,
  passwordPlace,
} from './attempt.ts';
import { explainEnd, tidyUp } from './ending.ts';
import { keepPassword, subjectOf } from './keeping.ts';
import { sendCall } from './send.ts';
import { HIDDEN_NOTE, shownResult } from './shown.ts';

/**
 * One request that must not happen twice, and nothing lost whatever happens on the way. Order
 * matters. First the password is on the disk, then the request goes out, then the result is on
 * stdout, and only then is the disk's copy given up.
 * @throws OxhostError for every end but a success that is certain and was shown.
 */
export async function callOnce(context: Context, attempt: Attempt): Promise<void> {
  const { operation, call, confirm } = attempt;
  const { output } = context;
  const { origin } = await context.access();
  // The slowest part to load comes in while the disk is asked for earlier attempts.
  const opening = context.client();
  await Promise.all([opening, considerEarlierAttempts(context, attempt, origin)]);
  const api = await opening;
  await confirm?.();
  const record = await keepPassword(context, attempt, api.origin);

  const settled = await sendCall(context, api, operation, call.values);
  if (settled.outcome.class !== 'done') {
    throw await explainEnd(context, attempt, settled, record, api.origin);
  }
  for (const { code, message } of settled.outcome.warnings) output.warning(code, message);
  await show(context, attempt, settled, settled.outcome, record);
  await tidyUp(context, async () => record?.settle());
  const kept = record?.earlier.filter(({ hasPassword }) => hasPassword) ?? [];
  if (kept.length > 0) {
    output.note(
      'earlier_password_kept',
      `The password of the earlier attempt stays in ${kept.map(({ file }) => file).join(' and ')}; delete it when the panel shows only one.`,
    );
  }
}

/**
 * A client's login exists once; what is bought twice is paid for twice.
 * @throws OxhostError `outcome_unknown` for a purchase that an earlier attempt may have made.
 */
async function considerEarlierAttempts(
  context: Context,
  attempt: Attempt,
  origin: string,
): Promise<void> {
  if (context.settings.sandbox) return;
  const { operation, call } = attempt;
  const earlier = await findAttempts(configFolder(context.system), subjectOf(attempt, origin));
  const last = earlier.at(-1);
  if (last === undefined) return;
  const { verb, doubt } = operation.words;
  const what = `An earlier attempt to ${verb} ${nameOf(operation, call.values)} (${last.startedAt}) ended without a usable answer: ${doubt}.`;
  if (operation.effect === 'buy' && attempt.retriesUnknown !== true) {
    throw new OxhostError('outcome_unknown', `${what} Nothing was sent now.`, {
      outcome: 'unknown',
      hint: `Look at the orders and the balance in the panel; --retry-unknown then sends it once more.${keptPasswords(earlier)}`,
    });
  }
  context.output.warning('earlier_attempt_unknown', what);
}

function keptPasswords(earlier: readonly EarlierAttempt[]): string {
  const files = earlier.filter(({ hasPassword }) => hasPassword).map(({ file }) => file);
  return files.length === 0 ? '' : ` The password made for it is in ${files.join(' and ')}.`;
}

async function show(
  context: Context,
  attempt: Attempt,
  { attempts }: Settled,
  { result }: Extract<Outcome, { class: 'done' }>,
  record: PendingRecord | null,
): Promise<void> {
  const { operation, call } = attempt;
  const { output } = context;
  const { key } = await context.access();
  const sent = { values: call.values, key };
  const { shown, isShort } = shownResult(operation, result, sent, output.isJson);
  const isShown = call.passwordIsGenerated && call.passwordOut === null;
  try {
    await output.record(
      isShown ? { ...shown, [generatedName(operation)]: passwordOf(attempt) } : shown,
    );
  } catch (error) {
    const place = passwordPlace(attempt, record);
    const why = describe(error).replace(/^The /, 'the ');
    const { subject, done } = operation.words;
    const id = identityOf(result);
    throw new OxhostError(
      'internal',
      `${capitalize(subject)} was ${done}${id === undefined ? '' : ` (id ${id})`}, but ${why}`,
      {
        outcome: 'created',
        retry: 'no',
        attempts,
        hint: `Do not run the command again${place === null ? '' : `; the generated password is in ${place}`}.`,
      },
    );
  }
  if (call.passwordOut !== null) {
    output.note('password_kept', `The generated password is in ${call.passwordOut}.`);
  }
  if (isShort) output.note('secrets_hidden', HIDDEN_NOTE);
  for (const step of attempt.notes?.(result) ?? []) tell(context, step);
}

/** As text the command has a line of its own, which nothing breaks. */
function tell({ output, settings }: Context, { code, message, command }: NextStep): void {
  const isWhole = command === undefined || !output.isJson;
  output.note(code, isWhole ? message : `${message} ${command}`);
  if (command !== undefined && !settings.quiet) output.command(`  ${command}`);
}

/** The id of what was made: its own, or that of the first object in the answer. */
function identityOf(result: JsonObject): unknown {
  return result['id'] ?? Object.values(result).find(isObject)?.['id'];
}
