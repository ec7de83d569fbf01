import type { Settled } from '../api/client.ts';
import { capitalize } from '../api/failure-words.ts';
import { type JsonObject, nameOf, type Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { describe, OxhostError } from '../errors.ts';
import { compactJson, isObject, WrittenNumber } from '../output/json.ts';
import { createRedactor, isSecretName, MASK, maskByName } from '../output/masking.ts';
import type { AttemptRecord } from '../store/history.ts';
import { generatedName, type Values } from './flags.ts';
import { type NextStep, type PlannedCall, passwordIsOnlyHere, passwordOf } from './record.ts';

/**
 * Shows what was made, and what to do next.
 * @throws OxhostError with outcome `created` when standard output cannot take it.
 */
export async function showMade(
  context: Context,
  planned: PlannedCall,
  result: JsonObject,
  { attempts }: Settled,
  record: AttemptRecord | null,
): Promise<void> {
  const { operation, call } = planned;
  const { output } = context;
  const { key } = await context.access();
  const sent = { values: call.values, key };
  const { shown, isShort } = shownResult(operation, result, sent, output.isJson);
  const isOnlyHere = passwordIsOnlyHere(planned);
  try {
    await output.record(
      isOnlyHere ? { ...shown, [generatedName(operation)]: passwordOf(planned) } : shown,
    );
  } catch (error) {
    const why = describe(error).replace(/^The /, 'the ');
    const { subject, done } = operation.words;
    const [id] = Object.values(operation.ids(result));
    const place = isOnlyHere ? placeOf(record) : call.passwordOut;
    throw new OxhostError(
      'internal',
      `${capitalize(subject)} was ${done}${id === undefined ? '' : ` (id ${id})`}, but ${why}`,
      {
        ...{ outcome: 'created', retry: 'no', attempts },
        hint: `Do not run the command again${place === null ? '' : `; the generated password is in ${place}`}.`,
      },
    );
  }
  if (call.passwordOut !== null) {
    output.note('password_kept', `The generated password is in ${call.passwordOut}.`);
  }
  if (isShort) output.note('secrets_hidden', HIDDEN_NOTE);
  if (!isAtTerminal(context)) return;
  output.success(`${capitalize(operation.words.done)} ${nameOf(operation, call.values)}`);
  for (const step of planned.notes?.(result) ?? []) tell(context, step);
}

/** Where a kept password is seen. */
export function placeOf(record: Pick<AttemptRecord, 'number'> | null): string | null {
  return record === null ? null : `oxhost history show ${record.number}`;
}

/** In a pipe, in JSON and with --quiet the result speaks for itself. */
function isAtTerminal({ output, settings, system }: Context): boolean {
  const isTerminal = system.stdout.isTTY === true && system.stderr.isTTY === true;
  return isTerminal && !output.isJson && !settings.quiet;
}

/** The command has a line of its own, which nothing breaks. */
function tell({ output }: Context, { code, message, command }: NextStep): void {
  output.note(code, message);
  if (command !== undefined) output.lines([`  ${command}`]);
}

/** Shorter passwords are also found in ordinary words and numbers. */
const SHORTEST_PART = 8;

/** An id that the API gives is no password, though it may have the same text. */
const IDENTIFIER = /(?:^|_)id(?:_|$)|_number$/;

/** What a run has sent that must not come back. */
export interface Sent {
  values: Values;
  key: string;
}

export const HIDDEN_NOTE = `What is secret is hidden (${MASK}); --json shows it.`;

/**
 * The part of an answer that may be shown: without the key and the password that were sent, and as
 * text without what is secret by its name. Pure.
 * @returns it, and whether JSON has more.
 */
export function shownResult(
  operation: Operation,
  result: JsonObject,
  { values, key }: Sent,
  isJson: boolean,
): { shown: JsonObject; isShort: boolean } {
  const secretName = operation.fields.find(({ secret }) => secret)?.name ?? '';
  const password = values[secretName] ?? '';
  const known = createRedactor();
  known.add(key);
  const withPassword = createRedactor();
  withPassword.add(key);
  if (password.length >= SHORTEST_PART) withPassword.add(password);

  const isSentElsewhere = (name: string, value: unknown) =>
    name !== secretName && value === values[name];
  const hide = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((member) => hide(name, member));
    if (isObject(value)) return members(value);
    if (password !== '' && isSecretName(name) && String(value) === password) return MASK;
    const isPlain = IDENTIFIER.test(name) || isSentElsewhere(name, value);
    const redactor = isPlain ? known : withPassword;
    if (typeof value === 'string') return redactor.apply(value);
    const isNumber = typeof value === 'number' || value instanceof WrittenNumber;
    return isNumber && redactor.apply(String(value)) !== String(value) ? MASK : value;
  };
  const members = (object: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => [withPassword.apply(name), hide(name, value)]),
    );

  const whole = members(result);
  if (isJson) return { shown: whole, isShort: false };
  const masked = maskByName(whole) as JsonObject;
  return { shown: masked, isShort: compactJson(masked) !== compactJson(whole) };
}
