import type { System } from '../context.ts';
import { type Agents, createAgents } from './agents.ts';
import { type Attempt, send } from './http.ts';
import type { JsonObject, Operation } from './operation.ts';
import { classify, type Verdict } from './outcome.ts';
import { buildRequest } from './request.ts';
import {
  parseRateLimitReset,
  parseRetryAfter,
  pauseAfterNotSent,
  pauseAfterThrottle,
  type RetryLimits,
} from './retry.ts';
import type { Trace } from './trace.ts';

export interface ClientOptions {
  /** Scheme, host and port; the key goes nowhere else. */
  origin: string;
  key: string;
  userAgent: string;
  /** Seconds for one answer. */
  timeoutSeconds: number;
  limits: RetryLimits;
  /** Connections at once. */
  concurrency: number;
  /** Never through a proxy. */
  direct: boolean;
  trace: Trace;
  clock: Pick<System, 'sleep' | 'random' | 'now'>;
}

/** The end of a call: the last verdict, and how many requests left this machine for it. */
export interface Settled {
  verdict: Verdict;
  attempts: number;
  /** Seconds that a 429 asked for, or null. */
  retryAfterSeconds: number | null;
}

export interface CallOptions {
  signal: AbortSignal;
  /** Told before each wait; `reason` is a clause for people. */
  onWait?: (seconds: number, reason: string) => void;
  /** Overrides the client's own limits, for callers with a queue of their own. */
  limits?: RetryLimits;
}

export interface ApiClient {
  readonly origin: string;
  call(operation: Operation, values: JsonObject, options: CallOptions): Promise<Settled>;
  close(): void;
}

/** @throws OxhostError for a proxy setting that cannot be used. */
export async function createApiClient(options: ClientOptions): Promise<ApiClient> {
  const agents = await createAgents(new URL(options.origin), options);
  return {
    origin: options.origin,
    close: () => agents.close(),
    call: (operation, values, call) => callUntilSettled(options, agents, operation, values, call),
  };
}

/**
 * Repeats only what certainly was not sent, and 429; both within limits. Every other end of an
 * attempt is the end of the call.
 */
async function callUntilSettled(
  options: ClientOptions,
  agents: Agents,
  operation: Operation,
  values: JsonObject,
  call: CallOptions,
): Promise<Settled> {
  const { clock, trace } = options;
  const limits = call.limits ?? options.limits;
  const request = buildRequest(options.origin, operation, values, options);
  let attempts = 0;
  let failures = 0;
  let throttles = 0;
  let waited = 0;
  for (;;) {
    trace.request(request, agents.proxy);
    const attempt = await send(
      request,
      { timeoutSeconds: options.timeoutSeconds, agents },
      call.signal,
    );
    trace.attempt(attempt);
    if (attempt.kind === 'reply' || attempt.sent) attempts += 1;
    const verdict = classify(attempt, operation, values);
    const asked = retryAfter(attempt, clock.now());
    const settled = { verdict, attempts, retryAfterSeconds: asked };

    let pause: number | null = null;
    if (isTransient(verdict)) {
      pause = pauseAfterNotSent(++failures, limits, clock.random);
    } else if (verdict.class === 'throttled' && verdict.reply.status === 429) {
      pause = pauseAfterThrottle(asked, waited, ++throttles, limits);
      waited += pause ?? 0;
    }
    if (pause === null) return settled;
    call.onWait?.(
      pause,
      verdict.class === 'throttled' ? 'the server asks for a pause' : 'nothing was sent yet',
    );
    try {
      await clock.sleep(pause * 1000, call.signal);
    } catch {
      return { ...settled, verdict: interrupted(verdict) };
    }
  }
}

/** Certificate trouble, a refused tunnel or a malformed request does not get better by itself. */
function isTransient(verdict: Verdict): boolean {
  return (
    verdict.class === 'not_sent' &&
    (verdict.failure.reason === 'network' || verdict.failure.reason === 'timeout')
  );
}

function retryAfter(attempt: Attempt, now: Date): number | null {
  if (attempt.kind === 'failure') return null;
  const { headers } = attempt;
  return (
    parseRetryAfter(headers['retry-after'], now) ??
    parseRateLimitReset(headers['x-ratelimit-reset'], now)
  );
}

/** Ctrl-C during a wait: whatever came before it certainly did nothing. */
function interrupted(verdict: Verdict): Verdict {
  const failure = {
    kind: 'failure',
    sent: false,
    reason: 'cancelled',
    code: null,
    message: 'the wait was interrupted',
  } as const;
  return verdict.class === 'not_sent' || verdict.class === 'throttled'
    ? { class: 'not_sent', failure }
    : verdict;
}
