import type { Settled } from '../../api/client.ts';
import { toError } from '../../api/failure.ts';
import type { Reply } from '../../api/http.ts';
import type { Method, Operation } from '../../api/operation.ts';
import { type RawRequest, rawOperation } from '../../api/request.ts';
import { tellWaits } from '../../call/record.ts';
import { readStandardInput, readTextFile } from '../../call/text-sources.ts';
import type { Context } from '../../context.ts';
import { OxhostError } from '../../errors.ts';
import { parseJson, stringifyJson } from '../../output/json.ts';
import { secretsIn } from '../../output/masking.ts';
import { withActivity } from '../../output/progress.ts';
import { sanitizeLine } from '../../output/text.ts';
import type { SignalName } from '../../system.ts';
import { addressOf, type GivenField, jsonBody, type RawField, readField } from './raw-fields.ts';

/** Flags of `oxhost api`. */
export interface RawOptions {
  method?: Method;
  givenFields?: readonly GivenField[];
  input?: string;
  form?: boolean;
}

/** Makes one call as it was given, and gives the answer as it came. */
export async function callRaw(context: Context, path: string, options: RawOptions): Promise<void> {
  const { fields: chosen, get } = context.settings;
  if (chosen !== null || get !== null) {
    const name = get === null ? '--fields' : '--get';
    throw new OxhostError('usage', `${name} does not work here: the answer is given as it is.`);
  }
  // Before there is a key or an origin: a bad path needs neither.
  addressOf('https://localhost', path);
  const method = methodOf(options);
  const fields = await readFields(context, options);
  const given = options.input === undefined ? null : await readBody(context, options.input);
  const api = await context.client();
  const url = addressOf(api.origin, path);
  const request = requestOf(method, url, fields, given, options.form === true);
  rememberSecrets(context, request);
  const operation = rawOperation(method);
  const settled = await withActivity(context, `${method} ${url.pathname}`, (say) =>
    api.exchange(operation, request, {
      signal: context.signal,
      onWait: tellWaits(context, say),
    }),
  );
  const { reply } = settled;
  const isDone = settled.outcome.class === 'done';
  // Half an answer would be taken for a whole one.
  const isWhole = reply?.bodyProblem === null;
  if (reply !== null && isWhole && (isDone || !context.output.isJson)) await show(context, reply);
  if (!isDone) throw failure(context, settled, { operation, method }, api.origin);
}

function methodOf({ method, givenFields = [], input, form }: RawOptions): Method {
  const hasFields = givenFields.length > 0;
  if (input !== undefined && hasFields) {
    throw new OxhostError('usage', 'Give the body by --input or by -f and -F, not both.');
  }
  if (form === true && input === undefined && !hasFields) {
    throw new OxhostError('usage', '--form needs -f, -F or --input.');
  }
  const known = method ?? (hasFields || input !== undefined ? 'POST' : 'GET');
  const lacksBody = known === 'GET' || known === 'HEAD';
  const needless = input !== undefined ? '--input' : form === true ? '--form' : null;
  if (lacksBody && needless !== null) {
    throw new OxhostError('usage', `${known} has no body: leave out ${needless}.`);
  }
  return known;
}

async function readFields(context: Context, { givenFields = [] }: RawOptions): Promise<RawField[]> {
  if (givenFields.filter(({ given, isTyped }) => isTyped && given.endsWith('=@-')).length > 1) {
    throw new OxhostError('usage', 'Only one -F can read standard input.');
  }
  const fields: RawField[] = [];
  for (const given of givenFields) fields.push(await readField(context, given));
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
  isForm: boolean,
): RawRequest {
  const url = new URL(address);
  const pairs = fields.map(({ name, text }): [string, string] => [name, text]);
  if (method === 'GET' || method === 'HEAD') {
    for (const [name, text] of pairs) url.searchParams.append(name, text);
    return { method, url, contentType: null, body: null };
  }
  if (given === null && fields.length === 0) return { method, url, contentType: null, body: null };
  if (isForm) {
    const body = given ?? new URLSearchParams(pairs).toString();
    return { method, url, contentType: 'application/x-www-form-urlencoded', body };
  }
  return { method, url, contentType: 'application/json', body: given ?? jsonBody(fields) };
}

/** What is secret by its name is known by its value too, wherever an answer repeats it. */
function rememberSecrets({ redactor }: Context, { url, contentType, body }: RawRequest): void {
  const isForm = contentType === 'application/x-www-form-urlencoded';
  const pairs = [...url.searchParams, ...new URLSearchParams(isForm ? (body ?? '') : '')];
  const given = isForm || body === null ? undefined : parseJson(body)?.value;
  const secrets = [
    ...pairs.flatMap((pair) => secretsIn(Object.fromEntries([pair]))),
    ...secretsIn(given),
  ];
  for (const secret of secrets) redactor.add(secret);
}

/** As it came; on a terminal JSON is indented, and nothing can act on the terminal. */
async function show({ output, system }: Context, { body, bytes }: Reply): Promise<void> {
  if (system.stdout.isTTY !== true) return output.write(bytes);
  if (body === '') return;
  const parsed = parseJson(body);
  const text =
    parsed === undefined
      ? body.split(/\r?\n/).map(sanitizeLine).join('\n').trimEnd()
      : stringifyJson(parsed.value, { isIndented: true });
  return output.write(`${text}\n`);
}

function failure(
  context: Context,
  settled: Settled & { reply: Reply | null },
  { operation, method }: { operation: Operation; method: Method },
  origin: string,
): OxhostError {
  return withHint(
    method,
    toError(settled, {
      origin,
      operation,
      signalName: context.signal.aborted ? (context.signal.reason as SignalName) : null,
      timeoutSeconds: context.settings.timeoutSeconds,
      mask: (text) => context.redactor.apply(text),
    }),
  );
}

/** Here path and method are the user's own. */
function withHint(method: Method, error: OxhostError): OxhostError {
  const status = error.details.http?.status;
  if (error.code !== 'rejected' || (status !== 404 && status !== 405)) return error;
  const other = method === 'GET' || method === 'HEAD' ? 'POST' : 'GET';
  const hint =
    status === 404
      ? 'Check the path and what it names; then --api-url, OXHOST_API_URL or the address of the profile.'
      : `This path wants another method than ${method}, such as -X ${other}.`;
  return new OxhostError(error.code, error.message, { ...error.details, hint });
}
