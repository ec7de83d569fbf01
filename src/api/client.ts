import type { Environment } from '../settings.ts';
import type { System } from '../system.ts';
import { createAgents } from './connection.ts';
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
  /** Null: nobody asked for it. */
  trace: Trace | null;
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
  /** Called before each wait; `reason` is a clause for people. */
  onWait?: (seconds: number, reason: string) => void;
  /** Overrides the client's own limits, for callers with a queue of their own. */
  limits?: RetryLimits;
}

export interface ApiClient {
  readonly origin: string;
  /** Address of the proxy that calls go through, without credentials, or null. */
  readonly proxy: string | null;
  call(operation: Operation, values: JsonObject, options: CallOptions): Promise<Settled>;
  /**
   * A call as it is given. Only what the operation calls a read is repeated; every 2xx is a success,
   * unless it says otherwise. @returns also the last reply, if there was one.
   */
  exchange(
    operation: Operation,
    request: RawRequest,
    options: CallOptions,
  ): Promise<Settled & { reply: Reply | null }>;
  close(): void;
}

/** @throws OxhostError for a proxy setting that cannot be used. */
export async function createApiClient(options: ClientOptions): Promise<ApiClient> {
  const { origin, clock, trace, timeoutSeconds } = options;
  const agents = await createAgents(new URL(origin), options);

  /** Repeats what may be repeated, within the limits; every other end of an attempt is the end. */
  async function settle(
    { effect }: Operation,
    request: HttpRequest,
    judge: (attempt: Attempt) => Outcome,
    { signal, onWait, limits = options.limits }: CallOptions,
  ): Promise<Settled> {
    const largest = effect === 'read' ? LARGEST_READING : LARGEST_ANSWER;
    let state = NOTHING_REPEATED;
    for (let attempts = 0; ; ) {
      trace?.request(request, agents.proxy);
      const attempt = await send(request, { timeoutSeconds, agents, largest }, signal);
      const outcome = judge(attempt);
      trace?.attempt(attempt);
      if (attempt.kind === 'reply' || attempt.sent) attempts += 1;
      if (outcome.class === 'done') return { outcome, attempts, retryAfterSeconds: null };
      const asked = attempt.kind === 'reply' ? waitAskedBy(attempt.headers, clock.now()) : null;
      const settled = { outcome, attempts, retryAfterSeconds: asked };
      const next = nextPause({ outcome, effect, asked, limits, random: clock.random }, state);
      if (next === null) return settled;
      state = next.state;
      onWait?.(next.pause, waitReason(outcome));
      try {
        await clock.sleep(next.pause * 1000, signal);
      } catch {
        return { ...settled, outcome: interrupted(outcome) };
      }
    }
  }

  return {
    origin,
    proxy: agents.proxy,
    close: () => agents.close(),
    call(operation, values, call) {
      const request = buildRequest(origin, operation, values, options);
      return settle(operation, request, (attempt) => classify(attempt, operation, values), call);
    },
    async exchange(operation, raw, call) {
      let reply: Reply | null = null;
      const judge = (attempt: Attempt) => {
        reply = attempt.kind === 'reply' ? attempt : null;
        return classifyRaw(attempt, operation);
      };
      const limits = operation.effect === 'read' ? {} : { limits: NO_REPEATS };
      const request = rawRequest(raw, options);
      return { ...(await settle(operation, request, judge, { ...call, ...limits })), reply };
    },
  };
}

const NO_REPEATS: RetryLimits = { retries: 0, maxWaitSeconds: 0 };

function waitReason(outcome: Outcome): string {
  if (outcome.class === 'throttled') return 'the server asks for a pause';
  return outcome.class === 'unknown' ? outcome.why : 'nothing was sent yet';
}

/** Ctrl-C during a wait: whatever came before it did nothing, or was a read. */
function interrupted(outcome: Outcome): Outcome {
  const message = 'the wait was interrupted';
  if (outcome.class !== 'not_sent' && outcome.class !== 'throttled') {
    return { class: 'unknown', why: message, reply: null, cancelled: true };
  }
  const failure = {
    kind: 'failure',
    sent: false,
    reason: 'cancelled',
    code: null,
    message,
  } as const;
  return { class: 'not_sent', failure };
}
