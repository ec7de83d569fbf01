import type { HttpFacts } from '../errors.ts';
import type { Settled } from './client.ts';
import type { Reply } from './http.ts';
import { parseJson } from './json.ts';
import type { Operation } from './operation.ts';
import type { Refusal } from './refusal.ts';
import { maskBody } from './trace.ts';

/** What is worth knowing of the reply behind an error. Pure. */
export function facts(
  reply: Reply,
  settled: Pick<Settled, 'retryAfterSeconds'>,
  isExpected = true,
): HttpFacts {
  const parsed = reply.bodyProblem === null ? parseJson(reply.body) : undefined;
  const id = ['x-request-id', 'request-id', 'cf-ray']
    .map((name) => reply.headers[name])
    .find((value) => value !== undefined);
  return {
    status: reply.status,
    request_id: id ?? null,
    retry_after: settled.retryAfterSeconds,
    body:
      (parsed === undefined || !isExpected) && reply.body !== ''
        ? maskBody(reply.body, (text) => text)
        : null,
  };
}

/** The server's own words behind a colon, or nothing. */
export function words(refusal: Refusal): string {
  return refusal.message === null ? '' : `: ${refusal.message.trim().replace(/\.$/, '')}`;
}

/** "the client was not created" */
export function notDone({ words: { subject, done } }: Operation): string {
  return `${subject} was not ${done}`;
}

/** " and asks for a pause of 90 seconds", or nothing. */
export function asksFor({ retryAfterSeconds }: Pick<Settled, 'retryAfterSeconds'>): string {
  return retryAfterSeconds === null
    ? ''
    : ` and asks for a pause of ${inSeconds(retryAfterSeconds)}`;
}

/** The hint where the server says when. */
export const REPEAT_LATER = 'Repeat the command later, or allow longer waits with --max-wait.';

export function inSeconds(count: number): string {
  return `${count} ${count === 1 ? 'second' : 'seconds'}`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function signalExitCode(name: 'SIGINT' | 'SIGTERM' | null): number {
  return name === 'SIGTERM' ? 143 : 130;
}
