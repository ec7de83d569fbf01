import type { RawRequest, Settled } from '../api/client.ts';
import { toError } from '../api/failure.ts';
import type { Reply } from '../api/http.ts';
import { indentJson } from '../api/json.ts';
import { METHODS, type Method } from '../api/methods.ts';
import type { Operation } from '../api/operation.ts';
import { redactBody } from '../api/trace.ts';
import type { Context, SignalName } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { readStandardInput, readTextFile } from '../input/text-sources.ts';
import { withActivity } from '../output/activity.ts';
import { escapeUnsafe, sanitizeLine } from '../output/sanitize.ts';
import { jsonBody, type RawField, readField } from './raw-fields.ts';
import { addressOf } from './raw-path.ts';

/** Flags of `oxhost api`. */
export interface RawOptions {
  method?: string;
  rawField?: readonly string[];
  field?: readonly string[];
  input?: string;
}

/** Makes one call as it was given, and gives the answer as it came. */
export async function callRaw(context: Context, path: string, options: RawOptions): Promise<void> {
  if (context.settings.fields !== null) {
    throw new OxhostError('usage', '--fields does not work here: the answer is given as it is.');
  }
  // Before there is a key or an origin: a bad path needs neither.
  addressOf('https://localhost', path);
  const method = methodOf(options);
  const fields = await readFields(context, options);
  const given = options.input === undefined ? null : await readBody(context, options.input);
  const api = await context.client();
  const url = addressOf(api.origin, path);
  const request = requestOf(method, url, fields, given);
  const operation = operationOf(method);
  const settled = await withActivity(context, `${method} ${url.pathname}`, () =>
    api.exchange(operation, request, { signal: context.signal }),
  );
  const { reply } = settled;
  const isDone = settled.verdict.class === 'done';
  if (reply !== null && (isDone || !context.output.isJson)) await show(context, reply);
  if (!isDone) throw failure(context, settled, operation, api.origin);
}

function methodOf({ method, rawField = [], field = [], input }: RawOptions): Method {
  const hasFields = rawField.length + field.length > 0;
  if (input !== undefined && hasFields) {
    throw new OxhostError('usage', 'Give the body by --input or by -f and -F, not both.');
  }
  const name = method?.toUpperCase() ?? (hasFields || input !== undefined ? 'POST' : 'GET');
  const known = METHODS.find((candidate) => candidate === name);
  if (known === undefined)
    throw new OxhostError('usage', `-X must be one of ${METHODS.join(', ')}.`);
  if (input !== undefined && (known === 'GET' || known === 'HEAD')) {
    throw new OxhostError('usage', `${known} has no body: leave out --input.`);
  }
  return known;
}

async function readFields(
  context: Context,
  { rawField = [], field = [] }: RawOptions,
): Promise<RawField[]> {
  if (field.filter((given) => given.endsWith('=@-')).length > 1) {
    throw new OxhostError('usage', 'Only one -F can read standard input.');
  }
  const fields: RawField[] = [];
  for (const given of rawField) fields.push(await readField(context, given, false));
  for (const given of field) fields.push(await readField(context, given, true));
  return fields;
}

function readBody({ system, signal }: Context, input: string): Promise<string> {
  return input === '-'
    ? readStandardInput(system.stdin, '--input', signal)
    : readTextFile(input, '--input', signal);
}

function requestOf(
  method: Method,
  address: URL,
  fields: readonly RawField[],
  given: string | null,
): RawRequest {
  const url = new URL(address);
  if (method === 'GET' || method === 'HEAD') {
    for (const { name, text } of fields) url.searchParams.append(name, text);
    return { method, url, contentType: null, body: null };
  }
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new OxhostError('usage', `The field ${twice} is given twice.`);
  const body = given ?? (fields.length === 0 ? null : jsonBody(fields));
  return { method, url, contentType: body === null ? null : 'application/json', body };
}

/** Nothing is known of the call but whether its method only reads (RFC 9110 section 9.2.1). */
function operationOf(method: Method): Operation {
  return {
    words: {
      subject: 'the call',
      verb: 'make',
      done: 'carried out',
      doubt: 'what it asked for may or may not have been done',
      activity: 'Calling',
    },
    method: method === 'GET' ? 'GET' : 'POST',
    path: '/',
    encoding: 'json',
    effect: method === 'GET' || method === 'HEAD' ? 'read' : 'change',
    fields: [],
    resultFields: [],
    accept: () => ({ ok: true, result: {}, warnings: [] }),
  };
}

/** As it came; on a terminal JSON is indented, and nothing can act on the terminal. */
async function show({ output, system }: Context, { body }: Reply): Promise<void> {
  if (system.stdout.isTTY !== true) return output.write(body);
  if (body === '') return;
  const indented = indentJson(body);
  const text =
    indented === undefined
      ? body.split(/\r?\n/).map(sanitizeLine).join('\n').trimEnd()
      : escapeUnsafe(indented);
  return output.write(`${text}\n`);
}

function failure(
  context: Context,
  settled: Settled & { reply: Reply | null },
  operation: Operation,
  origin: string,
): OxhostError {
  const error = toError(settled, {
    origin,
    operation,
    signalName: context.signal.aborted ? (context.signal.reason as SignalName) : null,
    timeoutSeconds: context.settings.timeoutSeconds,
  });
  const { http } = error.details;
  if (http === undefined || settled.reply === null || !context.output.isJson) return error;
  const body = settled.reply.body === '' ? null : redactBody(settled.reply.body);
  return new OxhostError(error.code, error.message, {
    ...error.details,
    http: { ...http, body },
  });
}
