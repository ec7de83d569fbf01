import * as fs from 'node:fs/promises';
import type { Settled } from './api/client.ts';
import { toError } from './api/failure.ts';
import { isObject, type JsonObject } from './api/operation.ts';
import { createClient } from './api/operations/clients.ts';
import type { Context, SignalName } from './context.ts';
import { describe, type ErrorDetails, OxhostError } from './errors.ts';
import { configFolder } from './folders.ts';
import type { GatheredClient } from './input/client.ts';
import type { Values } from './input/fields.ts';
import { withActivity } from './output/activity.ts';
import { MASK } from './output/redact.ts';
import { type PendingRecord, recordAttempt } from './pending.ts';
import { writePrivateFile } from './private-files.ts';

const IDENTIFIERS = new Set(['id', 'plesk_client_id']);

/**
 * The main job: one POST, and nothing lost whatever happens on the way. Order matters. First the
 * password is on the disk, then the request goes out, then the result is on stdout, and only
 * then is the disk's copy given up.
 * @throws OxhostError for every end but a client that certainly was created and was shown.
 */
export async function createOnce(context: Context, client: GatheredClient): Promise<void> {
  const api = await context.client();
  const record = await keepPassword(context, client, api.origin);
  warnOfEarlierAttempts(context, client, record);

  const settled = await withActivity(
    context,
    `Creating the client ${client.values['login']}`,
    (say) =>
      api.call(createClient, client.values, {
        signal: context.signal,
        onWait: (seconds, reason) => {
          const text = `Waiting ${Math.ceil(seconds)} s: ${reason}`;
          say(text);
          if (!context.output.mayAnimate) context.output.note('waiting', text);
        },
      }),
  );
  if (settled.verdict.class !== 'done') {
    throw await explain(context, client, settled, record, api.origin);
  }
  for (const { code, message } of settled.verdict.warnings) context.output.warning(code, message);
  await show(context, client, settled, settled.verdict.result, record);
  await tidyUp(context, async () => record?.settle());
}

/** Puts the password where a lost answer, a full disk or a kill cannot take it. */
async function keepPassword(
  context: Context,
  client: GatheredClient,
  origin: string,
): Promise<PendingRecord | null> {
  const { system, settings } = context;
  const { login = '', password = '' } = client.values;
  if (client.passwordOut !== null) await writePasswordFile(client.passwordOut, password);
  if (settings.sandbox) return null;
  const isOnlyHere = client.passwordIsGenerated && client.passwordOut === null;
  try {
    return await recordAttempt(
      configFolder(system),
      {
        origin,
        login,
        started_at: system.now().toISOString(),
        ...(isOnlyHere ? { generated_password: password } : {}),
      },
      system.randomUUID(),
    );
  } catch (error) {
    if (!isOnlyHere) {
      context.output.debug(`The attempt could not be noted on the disk: ${describe(error)}`);
      return null;
    }
    throw new OxhostError(
      'config_error',
      `The generated password could not be kept in ${configFolder(system)} (${describe(error)}), so nothing was sent.`,
      {
        outcome: 'not_created',
        hint: 'Name a place for it with --password-out, or another folder in OXHOST_CONFIG_DIR.',
      },
    );
  }
}

async function writePasswordFile(file: string, password: string): Promise<void> {
  try {
    await writePrivateFile(file, `${password}\n`);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const why = exists
      ? 'is there already and is never overwritten'
      : `could not be written (${describe(error)})`;
    throw new OxhostError(
      exists ? 'usage' : 'internal',
      `--password-out: ${file} ${why}; nothing was sent.`,
      {
        outcome: 'not_created',
        retry: 'after_fix',
      },
    );
  }
}

function warnOfEarlierAttempts(
  context: Context,
  client: GatheredClient,
  record: PendingRecord | null,
): void {
  const last = record?.earlier.at(-1);
  if (last === undefined) return;
  context.output.warning(
    'earlier_attempt_unknown',
    `An earlier attempt to create ${client.values['login']} (${last.startedAt}) ended without a usable answer; that client may exist.`,
  );
}

async function show(
  context: Context,
  client: GatheredClient,
  { attempts }: Settled,
  result: JsonObject,
  record: PendingRecord | null,
): Promise<void> {
  const { password = '' } = client.values;
  const shown = withoutPassword(result, client.values);
  const isShown = client.passwordIsGenerated && client.passwordOut === null;
  try {
    await context.output.record(isShown ? { ...shown, generated_password: password } : shown);
  } catch (error) {
    const place = passwordPlace(client, record);
    const why = describe(error).replace(/^The /, 'the ');
    throw new OxhostError('internal', `The client was created (id ${result['id']}), but ${why}`, {
      outcome: 'created',
      retry: 'no',
      attempts,
      hint: `Do not run the command again${place === null ? '' : `; the generated password is in ${place}`}.`,
    });
  }
  if (client.passwordOut !== null) {
    context.output.note('password_kept', `The generated password is in ${client.passwordOut}.`);
  }
  context.output.note(
    'next_step',
    'The client cannot log in before it has hosting; order that next, with the id of the client.',
  );
}

/** Whatever the server repeats; what we sent as another field or it calls an id is no leak. */
function withoutPassword(result: JsonObject, sent: Values): JsonObject {
  const { password = '', ...others } = sent;
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(password, MASK);
    if (Array.isArray(value)) return value.map(masked);
    return isObject(value) ? maskedMembers(value) : value;
  };
  const maskedMembers = (object: JsonObject) =>
    Object.fromEntries(
      Object.entries(object)
        .filter(([name]) => !/password|passwd/i.test(name))
        .map(([name, value]) => [name, masked(value)]),
    );
  const plain = Object.entries(result).filter(
    ([name, value]) => IDENTIFIERS.has(name) || (value !== undefined && value === others[name]),
  );
  return { ...maskedMembers(result), ...Object.fromEntries(plain) };
}

function passwordPlace(client: GatheredClient, record: PendingRecord | null): string | null {
  if (!client.passwordIsGenerated) return null;
  return client.passwordOut ?? record?.file ?? null;
}

/** What is certain stays certain when a file cannot be removed. */
async function tidyUp(context: Context, remove: () => Promise<void>): Promise<void> {
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
async function explain(
  context: Context,
  client: GatheredClient,
  settled: Settled,
  record: PendingRecord | null,
  origin: string,
): Promise<OxhostError> {
  const error = toError(settled, {
    origin,
    operation: createClient,
    signalName: context.signal.aborted ? (context.signal.reason as SignalName) : null,
    timeoutSeconds: context.settings.timeoutSeconds,
  });
  const with_ = (details: ErrorDetails, message = error.message) =>
    new OxhostError(error.code, message, { ...error.details, ...details });

  if (error.details.outcome === 'unknown') return with_({ hint: unknownHint(client, record) });
  const { passwordOut } = client;
  await tidyUp(context, async () => record?.forget());
  if (passwordOut !== null) await tidyUp(context, () => fs.rm(passwordOut, { force: true }));
  const earlier = record?.earlier.at(-1);
  if (error.code === 'already_exists' && earlier !== undefined) {
    const kept = record?.earlier.filter(({ hasPassword }) => hasPassword) ?? [];
    const password =
      kept.length === 0
        ? 'set a new password there if you do not have that one'
        : `its generated password is in ${kept.map(({ file }) => file).join(' or ')}`;
    return with_(
      { hint: `Look in the panel: if the client is yours, go on with it; ${password}.` },
      `The client ${client.values['login']} exists already, probably created by the earlier attempt (${earlier.startedAt}) that had no usable answer.`,
    );
  }
  return error;
}

function unknownHint(client: GatheredClient, record: PendingRecord | null): string {
  const check = `Look in the panel whether the client ${client.values['login']} is there before you run this again.`;
  if (!client.passwordIsGenerated) return `${check} If it is, its password is the one you gave.`;
  const place = passwordPlace(client, record);
  return place === null ? check : `${check} If it is, its generated password is in ${place}.`;
}
