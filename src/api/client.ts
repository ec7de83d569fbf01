import type { Environment } from '../settings.ts';
import type { System } from '../system.ts';
import { type Agents, createAgents } from './agents.ts';
import {
  type Attempt,
  type HttpRequest,
  LARGEST_ANSWER,
  LARGEST_READING,
  type Reply,
  send,
} from './http.ts';
import type { JsonObject, Operation } from './operation.ts';
import { classify, classifyRaw, type Outcome } from './outcome.ts';
import { buildRequest, type RawRequest, rawRequest } from './request.ts';
import { NOTHING_REPEATED, nextPause, type RetryLimits, waitAskedBy } from './retry.ts';
import type { Trace } from './trace.ts';

export interface ClientOptions {
  /** Scheme, host and port; the key goes nowhere else. */
  origin: string;
  /** Null: none is sent. */
  key: string | null;
  userAgent: string;
  /** Seconds for one answer. */
  timeoutSeconds: number;
  limits: RetryLimits;
  /** Connections at once. */
  concurrency: number;
  /** Where a proxy is named. */
  env?: Environment;
  trace: Trace;
  clock: Pick<System, 'sleep' | 'random' | 'now'>;
}

/** The end of a call: the last outcome, and how many requests left this machine for it. */
export interface Settled {
  outcome: Outcome;
  attempts: number;
  /** Seconds that the last answer asked for, or null. */
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

/** A client that also makes calls as they are given to it. */
export interface RawClient extends ApiClient {
  /** Address of the proxy that calls go through, without credentials, or null. */
  readonly proxy: string | null;
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
    proxy: agents.proxy,
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
  judge: (attempt: Attempt) => Outcome;
}

/** Repeats what may be repeated, within the limits; every other end of an attempt is the end. */
async function callUntilSettled(
  options: ClientOptions,
  agents: Agents,
  { operation, request, judge }: Plan,
  call: CallOptions,
): Promise<Settled> {
  const { clock, trace, timeoutSeconds } = options;
  const limits = call.limits ?? options.limits;
  const { effect } = operation;
  const largest = effect === 'read' ? LARGEST_READING : LARGEST_ANSWER;
  let state = NOTHING_REPEATED;
  let attempts = 0;
  for (;;) {
    trace.request(request, agents.proxy);
    const attempt = await send(request, { timeoutSeconds, agents, largest }, call.signal);
    const outcome = judge(attempt);
    trace.attempt(attempt);
    if (attempt.kind === 'reply' || attempt.sent) attempts += 1;
    const asked = attempt.kind === 'reply' ? waitAskedBy(attempt.headers, clock.now()) : null;
    const settled = { outcome, attempts, retryAfterSeconds: asked };
    const next = nextPause({ outcome, effect, asked, limits, random: clock.random }, state);
    if (next.pause === null) return settled;
    state = next.state;
    call.onWait?.(next.pause, waitReason(outcome));
    try {
      await clock.sleep(next.pause * 1000, call.signal);
    } catch {
      return { ...settled, outcome: interrupted(outcome) };
    }
  }
}

function waitReason(outcome: Outcome): string {
  if (outcome.class === 'throttled') return 'the server asks for a pause';
  return outcome.class === 'unknown' ? outcome.why : 'nothing was sent yet';
}

/** Ctrl-C during a wait: whatever came before it did nothing, or was a read. */
function interrupted(outcome: Outcome): Outcome {
  const failure = {
    kind: 'failure',
    sent: false,
    reason: 'cancelled',
    code: null,
    message: 'the wait was interrupted',
  } as const;
  return outcome.class === 'not_sent' || outcome.class === 'throttled'
    ? { class: 'not_sent', failure }
    : { class: 'unknown', why: failure.message, reply: null, cancelled: true };
}
