import * as fs from 'node:fs/promises';
import type { Settled } from '../api/client.ts';
import { toError } from '../api/failure.ts';
import { capitalize } from '../api/failure-words.ts';
import { nameOf } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { describe, type ErrorDetails, OxhostError } from '../errors.ts';
import type { PendingRecord } from '../store/pending.ts';
import type { SignalName } from '../system.ts';
import { type Attempt, passwordPlace } from './attempt.ts';

/** What is certain stays certain when a file cannot be removed. */
export async function tidyUp(context: Context, remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    context.output.warning(
      'record_not_removed',
      `A record of this attempt could not be removed from the disk: ${describe(error)}`,
    );
  }
}

/** The error for an end that is not a success, with what has to be said of password and repeats. */
export async function explainEnd(
  ...given: Parameters<typeof explainCreation>
): Promise<OxhostError> {
  const [context, { operation }] = given;
  const error = explainSandbox(context, await explainCreation(...given));
  if (operation.effect !== 'change') return error;
  // A setting is neither created nor bought.
  const { outcome: _outcome, ...details } = error.details;
  return new OxhostError(error.code, error.message, details);
}

/** With --sandbox nothing that a command makes is there for the next one. */
export function explainSandbox({ settings }: Context, error: OxhostError): OxhostError {
  const { http } = error.details;
  const misses = settings.sandbox && (http?.status === 404 || http?.status === 422);
  if (!misses || error.code !== 'rejected') return error;
  return new OxhostError(error.code, error.message, { ...error.details, hint: SANDBOX_HINT });
}

const SANDBOX_HINT =
  'The server of --sandbox is new for each command, so it knows no client, order or subscription of an earlier one; oxhost sandbox runs one that stays.';

async function explainCreation(
  context: Context,
  attempt: Attempt,
  settled: Settled,
  record: PendingRecord | null,
  origin: string,
): Promise<OxhostError> {
  const { operation, call } = attempt;
  const error = toError(settled, {
    origin,
    operation,
    signalName: context.signal.aborted ? (context.signal.reason as SignalName) : null,
    timeoutSeconds: context.settings.timeoutSeconds,
    mask: (text) => context.redactor.apply(text),
  });
  const with_ = (details: ErrorDetails, message = error.message) =>
    new OxhostError(error.code, message, { ...error.details, ...details });

  if (error.details.outcome === 'unknown') return with_({ hint: unknownHint(attempt, record) });
  const { passwordOut } = call;
  await tidyUp(context, async () => record?.forget());
  if (passwordOut !== null) await tidyUp(context, () => fs.rm(passwordOut, { force: true }));
  const earlier = record?.earlier.at(-1);
  if (error.code === 'already_exists' && earlier !== undefined) {
    const { subject, done } = operation.words;
    return with_(
      {
        // It is most likely ours: no plain conflict, and nothing that is known not to exist.
        outcome: 'unknown',
        retry: 'check_first',
        hint: `Look in the panel: if ${subject} is yours, go on with it${passwordHint(attempt, record)}.`,
      },
      `${capitalize(nameOf(operation, call.values))} exists already, probably ${done} by the earlier attempt (${earlier.startedAt}) that had no usable answer.`,
    );
  }
  return error;
}

function passwordHint({ operation }: Attempt, record: PendingRecord | null): string {
  if (!operation.fields.some(({ secret }) => secret)) return '';
  const kept = keptEarlier(record);
  return kept.length === 0
    ? '; set a new password there if you do not have that one'
    : `; its generated password is in ${kept.join(' or ')}`;
}

/** Files with passwords that earlier attempts at the same have generated, oldest first. */
function keptEarlier(record: PendingRecord | null): string[] {
  return record?.earlier.filter(({ hasPassword }) => hasPassword).map(({ file }) => file) ?? [];
}

function unknownHint(attempt: Attempt, record: PendingRecord | null): string {
  const { operation, call } = attempt;
  const state = operation.effect === 'change' ? `was ${operation.words.done}` : 'is there';
  const check = `Look in the panel whether ${nameOf(operation, call.values)} ${state} before you run this again.`;
  if (!operation.fields.some(({ secret, name }) => secret && call.values[name] !== undefined)) {
    return check;
  }
  const earlier = keptEarlier(record);
  if (!call.passwordIsGenerated) {
    const or = earlier.length === 0 ? '' : `, or the generated one in ${earlier.join(' or ')}`;
    return `${check} If it is, its password is the one you gave${or}.`;
  }
  const place = passwordPlace(attempt, record);
  const places = place === null ? earlier : [...earlier, place];
  if (places.length === 0) return check;
  const which = `${places.length === 1 ? '' : 'one of '}${places.join(' or ')}`;
  return `${check} If it is, its generated password is in ${which}.`;
}
