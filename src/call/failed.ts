import type { Settled } from '../api/client.ts';
import { toError } from '../api/failure.ts';
import { capitalize } from '../api/failure-words.ts';
import { nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { type ErrorDetails, OxhostError } from '../errors.ts';
import type { AttemptRecord, OpenAttempt } from '../store/history.ts';
import type { SignalName } from '../system.ts';
import {
  type PlannedCall,
  removePasswordFile,
  settleHint,
  stillOpen,
  tidyUp,
  whenOf,
} from './record.ts';
import { placeOf } from './show.ts';

/** The error of a call that is no success. */
export function failureOf(
  { signal, settings, redactor }: Context,
  operation: Operation,
  settled: Settled,
  origin: string,
): OxhostError {
  const error = toError(settled, {
    ...{ origin, operation, timeoutSeconds: settings.timeoutSeconds },
    signalName: signal.aborted ? (signal.reason as SignalName) : null,
    mask: (text) => redactor.apply(text),
  });
  const { http } = error.details;
  const misses = settings.sandbox && (http?.status === 404 || http?.status === 422);
  if (!misses || error.code !== 'rejected') return error;
  return new OxhostError(error.code, error.message, { ...error.details, hint: SANDBOX_HINT });
}

/** With --sandbox nothing that a command makes is there for the next one. */
const SANDBOX_HINT =
  'The server of --sandbox is new for each command, so it knows no client, order or subscription of an earlier one; oxhost sandbox runs one that stays.';

/** The same, with what has to be said of password, history and earlier attempts. */
export async function explainFailure(
  context: Context,
  planned: PlannedCall,
  settled: Settled,
  record: AttemptRecord | null,
  origin: string,
): Promise<OxhostError> {
  const { operation, call } = planned;
  const error = failureOf(context, operation, settled, origin);
  const with_ = (details: ErrorDetails, message = error.message) =>
    new OxhostError(error.code, message, { ...error.details, ...details });

  if (error.details.outcome === 'unknown') {
    const answer = error.details.http?.body ?? error.details.answer;
    if (answer !== undefined && record !== null) {
      await tidyUp(context, () => record.update({ answer }));
    }
    return with_({ hint: unknownHint(planned, record) });
  }
  if (settled.outcome.class === 'unknown') return with_({ hint: unknownHint(planned, record) });
  await tidyUp(context, async () => record?.forget());
  if (call.passwordOut !== null) await removePasswordFile(context, call.passwordOut);
  const earlier = stillOpen(record?.earlier ?? []).at(-1);
  if (earlier === undefined || settled.outcome.class !== 'rejected') return error;
  // The earlier attempt may have made it, whatever this refusal says.
  const name = capitalize(nameOf(operation, call.values));
  const exists = error.code === 'already_exists';
  const open = `the earlier attempt (${whenOf(earlier)}) is still open`;
  return with_(
    {
      ...{ outcome: 'unknown', retry: 'check_first', exitCode: 8 },
      hint: `Look in the panel. ${settleHint(earlier)}${passwordHint(earlier)}`,
    },
    exists
      ? `${error.message.replace(/\.$/, '')}. ${name} was probably ${operation.words.done} by the earlier attempt (${whenOf(earlier)}).`
      : `${error.message.replace(/\.$/, '')}; ${open}.`,
  );
}

function passwordHint({ number, generated_password: password }: OpenAttempt): string {
  return password === undefined ? '' : ` Its generated password: oxhost history show ${number}.`;
}

function unknownHint({ operation, call }: PlannedCall, record: AttemptRecord | null): string {
  const name = nameOf(operation, call.values);
  if (operation.effect === 'change') {
    return `Look in the panel whether ${name} was ${operation.words.done} before you run this again.`;
  }
  const check = `Look in the panel whether ${name} is there before you run this again.`;
  const settle =
    record === null
      ? ''
      : ` Then say so: oxhost history settle ${record.number} --exists yes (or no).`;
  const hasPassword = operation.fields.some(
    ({ secret, name }) => secret && call.values[name] !== undefined,
  );
  if (!hasPassword) return `${check}${settle}`;
  const places = (record?.earlier ?? [])
    .filter(({ generated_password: password }) => password !== undefined)
    .map((attempt) => placeOf(attempt) ?? '');
  const own = call.passwordIsGenerated ? (call.passwordOut ?? placeOf(record)) : null;
  if (own !== null) places.push(own);
  if (!call.passwordIsGenerated) {
    const or = places.length === 0 ? '' : `, or the generated one in ${places.join(' or ')}`;
    return `${check} If it is, its password is the one you gave${or}.${settle}`;
  }
  if (places.length === 0) return `${check}${settle}`;
  const which = `${places.length === 1 ? '' : 'one of '}${places.join(' or ')}`;
  return `${check} If it is, its generated password is in ${which}.${settle}`;
}
