import type { System } from '../context.ts';
import { type Agents, createAgents } from './agents.ts';
import { type Attempt, type HttpRequest, type Reply, send } from './http.ts';
import type { JsonObject, Operation } from './operation.ts';
import { classify, classifyRaw, type Verdict } from './outcome.ts';
import { buildRequest, rawRequest } from './request.ts';
import {
  parseRateLimitReset,
  parseRetryAfter,
  pauseAfterNotSent,
  pauseAfterThrottle,
  pauseBeforeReading,
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

/** A call of which nothing is known beforehand. */
export interface RawRequest {
  method: HttpRequest['method'];
  /** On the client's own origin. */
  url: URL;
  contentType: string | null;
  body: string | null;
}

/** A client that also makes calls as they are given to it. */
export interface RawClient extends ApiClient {
  /**
   * Repeats only what the operation calls a read; every 2xx is a success, unless it says otherwise.
   * @returns the end of the call, and the last reply if there was one.
   */
  exchange(
    operation: Operation,
    request: RawRequest,
    options: CallOptions,
  ): Promise<Settled & { reply: Reply | null }>;
}

/** @throws OxhostError for a proxy setting that cannot be used. */
export async function createApiClient(options: ClientOptions): Promise<RawClient> {
  const agents = await createAgents(new URL(options.origin), options);
  return {
    origin: options.origin,
    close: () => agents.close(),
    call: (operation, values, call) =>
      callUntilSettled(
        options,
        agents,
        {
          operation,
          request: buildRequest(options.origin, operation, values, options),
          judge: (attempt) => classify(attempt, operation, values),
        },
        call,
      ),
    async exchange(operation, raw, call) {
      let reply: Reply | null = null;
      const judge = (attempt: Attempt) => {
        reply = attempt.kind === 'reply' ? attempt : null;
        return classifyRaw(attempt, operation);
      };
      const limits = operation.effect === 'read' ? {} : { limits: NO_REPEATS };
      const request = rawRequest(raw, options);
      const plan = { operation, request, judge };
      const settled = await callUntilSettled(options, agents, plan, { ...call, ...limits });
      return { ...settled, reply };
    },
  };
}

const NO_REPEATS: RetryLimits = { retries: 0, maxWaitSeconds: 0 };

interface Plan {
  operation: Operation;
  request: HttpRequest;
  judge: (attempt: Attempt) => Verdict;
}

/**
 * Repeats only what certainly was not sent, and 429; of reads, also what had no usable answer. All
 * within limits. Every other end of an attempt is the end of the call.
 */
async function callUntilSettled(
  options: ClientOptions,
  agents: Agents,
  { operation, request, judge }: Plan,
  call: CallOptions,
): Promise<Settled> {
  const { clock, trace } = options;
  const limits = call.limits ?? options.limits;
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
    const verdict = judge(attempt);
    const asked = retryAfter(attempt, clock.now());
    const settled = { verdict, attempts, retryAfterSeconds: asked };

    let pause: number | null = null;
    if (isTransient(verdict)) {
      pause = pauseAfterNotSent(++failures, limits, clock.random);
    } else if (operation.effect === 'read' && isWorthReadingAgain(verdict)) {
      pause = pauseBeforeReading(++failures, asked, waited, limits, clock.random);
      waited += asked === null ? 0 : (pause ?? 0);
    } else if (verdict.class === 'throttled' && verdict.reply.status === 429) {
      pause = pauseAfterThrottle(asked, waited, ++throttles, limits);
      waited += pause ?? 0;
    }
    if (pause === null) return settled;
    call.onWait?.(pause, waitReason(verdict));
    try {
      await clock.sleep(pause * 1000, call.signal);
    } catch {
      return { ...settled, verdict: interrupted(verdict) };
    }
  }
}

function waitReason(verdict: Verdict): string {
  if (verdict.class === 'throttled') return 'the server asks for a pause';
  return verdict.class === 'unknown' ? verdict.why : 'nothing was sent yet';
}

/** For reads alone, which may be repeated: no answer, a 5xx, or one that cannot be used. */
function isWorthReadingAgain(verdict: Verdict): boolean {
  if (verdict.class !== 'unknown' || verdict.cancelled) return false;
  const status = verdict.reply?.status ?? 0;
  return status < 300 || status >= 500;
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

/** Ctrl-C during a wait: whatever came before it did nothing, or was a read. */
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
    : { class: 'unknown', why: failure.message, reply: null, cancelled: true };
}
