import type { ErrorDetails, FieldMessage, HttpFacts } from '../errors.ts';
import { compactJson, parseJson } from '../output/json.ts';
import { maskByName, maskPairs } from '../output/masking.ts';
import { sanitizeLine, shorten, shortenBytes } from '../output/text.ts';
import type { Reply } from './http.ts';
import type { Operation } from './operation.ts';
import { fieldNamed, type Refusal, saidBy } from './refusal.ts';

/** Hides the secrets of this run in a text, by their values. */
export type Mask = (text: string) => string;

/** What the error's words need to know besides the outcome. */
export interface FailureContext {
  origin: string;
  operation: Operation;
  /** Signal that ended the call, or null. */
  signalName: 'SIGINT' | 'SIGTERM' | null;
  timeoutSeconds: number;
  /** Masks the secrets of this run by their values; what the server said passes it before it is cut. */
  mask: Mask;
}

/** Bytes of a body that are shown, at most. */
const LONGEST_BODY = 2_048;
const LONGEST_ANSWER = 200;
const LONGEST_NAME = 100;
const LONGEST_WORDS = 1_000;

export const CHECK_ADDRESS =
  'Check the address of the API: --api-url, OXHOST_API_URL or that of the profile.';

/** The hint where the server says when. */
export const REPEAT_LATER = 'Repeat the command later, or allow longer waits with --max-wait.';

/** What is worth knowing of the reply behind an error: nothing that the server said is lost. */
export function whatCame(
  reply: Reply,
  retryAfterSeconds: number | null,
  context: FailureContext,
  isUnknown: boolean,
): Pick<ErrorDetails, 'http' | 'answer'> {
  const { words, text, body } = saidBy(reply);
  const id = ['x-request-id', 'request-id', 'cf-ray']
    .map((name) => reply.headers[name])
    .find((value) => value !== undefined);
  const http: HttpFacts = {
    status: reply.status,
    request_id: id === undefined ? null : shown(context.mask(id), LONGEST_NAME),
    retry_after: retryAfterSeconds,
    body: body === null ? null : shortenBytes(maskBody(body, context.mask), LONGEST_BODY),
  };
  const hasLine = text !== null && (isUnknown || words === null);
  const answer = hasLine ? shown(maskBody(text, context.mask), LONGEST_ANSWER) : undefined;
  return { http, ...(answer === undefined ? {} : { answer }) };
}

/** A body of any kind, not yet cut, without the secrets of this run and those that have a name. */
export function maskBody(body: string, mask: Mask): string {
  const parsed = parseJson(body);
  return parsed === undefined ? maskPairs(mask(body)) : compactJson(maskByName(parsed.value, mask));
}

function shown(text: string, maximum: number): string {
  return shorten(sanitizeLine(text).replace(/\s+/g, ' ').trim(), maximum);
}

/** ` and says "The name is taken"`, or nothing. */
export function said(reply: Reply | null, { mask }: Pick<FailureContext, 'mask'>): string {
  const words = reply === null ? null : saidBy(reply).words;
  if (words === null) return '';
  return ` and says "${shown(maskBody(words, mask), LONGEST_WORDS).replace(/\.$/, '')}"`;
}

export function isRedirect({ status }: Reply): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

export function redirected({ status, headers }: Reply, { origin, mask }: FailureContext): string {
  const { location } = headers;
  const where =
    location === undefined ? '' : ` to ${shown(maskBody(location, mask), LONGEST_ANSWER)}`;
  return `${origin} answered with a redirect${where} (status ${status}), which is never followed, so that your key goes to no other host`;
}

/** An id that an answer seems to name, also one that is cut or no JSON, or null. */
export function idIn(body: string): string | null {
  const found = /"(?:id|plesk_client_id|order_id|track_id)"\s*:\s*"?([\w-]{1,64})/.exec(body)?.[1];
  return found === undefined || found === 'null' ? null : found;
}

/** What the server finds wrong, under the names that the command line has. */
export function refusedFields(
  operation: Operation,
  { fields }: Refusal,
  mask: Mask,
): FieldMessage[] {
  return fields.map(({ name, message: words }) => {
    const field = fieldNamed(operation, name);
    const message = shown(maskBody(words, mask), LONGEST_WORDS);
    if (field === undefined)
      return { name: shown(mask(name), LONGEST_NAME), message, isOption: false };
    return field.isOperand === true
      ? { name: field.valueName, message, isOption: false }
      : { name: field.flag, message };
  });
}

/** " and asks for a pause of 90 seconds", or nothing. */
export function asksFor(retryAfterSeconds: number | null): string {
  return retryAfterSeconds === null
    ? ''
    : ` and asks for a pause of ${inSeconds(retryAfterSeconds)}`;
}

export function inSeconds(count: number): string {
  return `${count} ${count === 1 ? 'second' : 'seconds'}`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function signalExitCode(name: 'SIGINT' | 'SIGTERM' | null): number {
  return name === 'SIGTERM' ? 143 : 130;
}
