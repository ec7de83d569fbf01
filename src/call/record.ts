import type { ApiClient, Settled } from '../api/client.ts';
import { capitalize } from '../api/failure-words.ts';
import { type JsonObject, nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { describe, OxhostError } from '../errors.ts';
import { type Say, withActivity } from '../output/progress.ts';
import type { AttemptRecord, History, OpenAttempt, Subject } from '../store/history.ts';
import { isDevice, writePrivateFile } from '../store/private-files.ts';
import type { Values } from './flags.ts';
import type { GatheredCall } from './gather.ts';

/** A call that must not happen twice, ready to be sent. */
export interface PlannedCall {
  operation: Operation;
  call: GatheredCall;
  /** Asks the person once more, when all that is known has been said. */
  confirm?: () => Promise<void>;
  /** What to do next, and why. */
  notes?: (result: JsonObject) => readonly NextStep[];
}

/** A note after the result. */
export interface NextStep {
  code: string;
  message: string;
  /** To be copied: it follows the message. */
  command?: string;
}

/** What distinguishes a call from others; the same purchase is the same, however it is paid. */
export function subjectOf({ operation, call: { values } }: PlannedCall, origin: string): Subject {
  const secrets = operation.fields.filter(({ secret }) => secret).map(({ name }) => name);
  const isPart = (name: string) =>
    operation.effect === 'create'
      ? operation.identity.includes(name)
      : name !== 'type_payment' && !secrets.includes(name);
  const { login, domain_name: domain } = values;
  return {
    operation: operation.command,
    origin,
    fields: Object.fromEntries(Object.entries(values).filter(([name]) => isPart(name))),
    ...(login === undefined ? {} : { login }),
    ...(domain === undefined ? {} : { domain }),
  };
}

/** Where this call is noted: what is only set, or only tried, is not. */
export async function historyOf(
  { settings, system }: Context,
  { operation }: PlannedCall,
): Promise<History | null> {
  if (settings.sandbox || operation.effect === 'change') return null;
  const { openHistory } = await import('../store/history.ts');
  return openHistory(system);
}

/**
 * What is bought twice is paid for twice; a client's login exists once.
 * @throws OxhostError `outcome_unknown` for a purchase that an earlier attempt may have made.
 */
export function considerEarlier(
  context: Context,
  planned: PlannedCall,
  earlier: readonly OpenAttempt[],
): void {
  const last = stillOpen(earlier).at(-1);
  if (last === undefined) return;
  const { operation, call } = planned;
  const { verb, doubt } = operation.words;
  const what = `An earlier attempt to ${verb} ${nameOf(operation, call.values)} (${whenOf(last)}) is still open: ${doubt}.`;
  if (operation.effect !== 'buy') {
    context.output.warning('earlier_attempt_unknown', what);
    return;
  }
  throw new OxhostError('outcome_unknown', `${what} Nothing was sent now.`, {
    outcome: 'unknown',
    hint: `Look at the orders and the balance in the panel. ${settleHint(last)}`,
  });
}

/** Known to have been made, an attempt stays open only for its password. */
export function stillOpen(attempts: readonly OpenAttempt[]): readonly OpenAttempt[] {
  return attempts.filter(({ state }) => state !== 'created');
}

export function whenOf({ time, file }: OpenAttempt): string {
  return time === '' ? `${file} cannot be read` : time;
}

export function settleHint({ number, state, file }: OpenAttempt): string {
  if (state === 'damaged') {
    return `If nothing of it is there, delete ${file} yourself: it cannot be read.`;
  }
  return `Then say whether it is there: oxhost history settle ${number} --exists yes (or no).`;
}

/**
 * Puts the attempt, and a generated password, where a lost answer, a full disk or a kill cannot
 * take them.
 * @returns null where nothing is noted.
 */
export async function noteAttempt(
  context: Context,
  planned: PlannedCall,
  history: History | null,
  origin: string,
): Promise<AttemptRecord | null> {
  const { operation, call } = planned;
  if (call.passwordOut !== null) await writePasswordFile(context, planned, call.passwordOut);
  if (history === null) return null;
  const isOnlyHere = passwordIsOnlyHere(planned);
  try {
    return await history.begin(subjectOf(planned, origin), {
      ...(isOnlyHere ? { generatedPassword: passwordOf(planned) } : {}),
      // Another process may have begun the same purchase since this one looked.
      ...(operation.effect === 'buy'
        ? { consider: (earlier) => considerEarlier(context, planned, earlier) }
        : {}),
    });
  } catch (error) {
    const isDisk = error instanceof OxhostError && error.code === 'config_error';
    if (isDisk && !isOnlyHere && operation.effect === 'create') {
      context.output.warning('not_noted', `${error.message} This attempt is noted nowhere.`);
      return null;
    }
    if (call.passwordOut !== null) await removePasswordFile(context, call.passwordOut);
    throw isDisk ? notNoted(error, planned, isOnlyHere) : error;
  }
}

/** The error of what could not be noted: it might be paid for twice, or its password lost. */
export function notNoted(
  error: OxhostError,
  planned: PlannedCall,
  isOnlyHere: boolean,
): OxhostError {
  const { subject, done } = planned.operation.words;
  const place = isOnlyHere
    ? `Name a place for the password with --${flagOf(planned)}-out, or`
    : 'Name';
  return new OxhostError(
    error.code,
    `${capitalize(subject)} was not ${done}: what cannot be noted is not sent. ${error.message}`,
    { outcome: 'not_created', hint: `${place} another folder in OXHOST_CONFIG_DIR.` },
  );
}

async function writePasswordFile(
  { system }: Context,
  planned: PlannedCall,
  file: string,
): Promise<void> {
  if (isDevice(file, system.platform)) {
    throw new OxhostError(
      'usage',
      `--${flagOf(planned)}-out: ${file} is a device, which keeps no password; nothing was sent.`,
      { outcome: 'not_created', retry: 'after_fix' },
    );
  }
  try {
    await writePrivateFile(file, `${passwordOf(planned)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const exists = code === 'EEXIST';
    const noFolder = code === 'ENOENT' || code === 'ENOTDIR';
    const why = exists
      ? 'is there already and is never overwritten'
      : `could not be written (${noFolder ? 'there is no such folder' : (code ?? describe(error))})`;
    throw new OxhostError(
      exists ? 'usage' : 'config_error',
      `--${flagOf(planned)}-out: ${file} ${why}; nothing was sent.`,
      { outcome: 'not_created', retry: 'after_fix' },
    );
  }
}

/** What is certain stays certain when a file cannot be changed. */
export async function tidyUp(context: Context, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    context.output.warning('history_not_updated', describe(error));
  }
}

export function removePasswordFile(context: Context, file: string): Promise<void> {
  return tidyUp(context, async () => {
    const { rm } = await import('node:fs/promises');
    await rm(file, { force: true });
  });
}

/** The secret that was sent, or nothing. */
export function passwordOf({ operation, call }: PlannedCall): string {
  const field = operation.fields.find(({ secret }) => secret);
  return field === undefined ? '' : (call.values[field.name] ?? '');
}

/** Whether nobody knows the password but this run. */
export function passwordIsOnlyHere({ call }: PlannedCall): boolean {
  return call.passwordIsGenerated && call.passwordOut === null;
}

function flagOf({ operation }: PlannedCall): string {
  return operation.fields.find(({ secret }) => secret)?.flag ?? 'password';
}

/** One call under a spinner, which says why when it has to wait. */
export function sendCall(
  context: Context,
  api: ApiClient,
  operation: Operation,
  values: Values,
): Promise<Settled> {
  const { activity, which } = operation.words;
  return withActivity(context, `${activity}${which?.(values) ?? ''}`, (say) =>
    api.call(operation, values, {
      signal: context.signal,
      onWait: tellWaits(context, say),
    }),
  );
}

/** A person sees each pause before a repeat, in the spinner or by a note; a pipe with --debug. */
export function tellWaits(
  { output, system }: Context,
  say: Say,
): (seconds: number, reason: string) => void {
  return (seconds, reason) => {
    const text = `Waiting ${Math.ceil(seconds)} s: ${reason}`;
    say(text);
    if (output.mayAnimate) return;
    if (system.stderr.isTTY === true && !output.isJson) output.note('waiting', text);
    else output.debug(text);
  };
}
