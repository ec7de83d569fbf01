import type { Attempt, Failure, Reply } from './http.ts';
import { parseAnswer, parseJson } from './json.ts';
import { type Acceptance, isObject, type JsonObject, type Operation } from './operation.ts';
import { type Refusal, readRefusal } from './refusal.ts';
import { readFlag } from './shape.ts';

export interface Warning {
  code: string;
  message: string;
}

/** What is known after one attempt. What is on no list is `unknown` (RFC 9110 section 9.2.2). */
export type Outcome =
  /** The server says it is done, in a shape that proves it. */
  | {
      class: 'done';
      result: JsonObject;
      /** When the result is a list: its rows. */
      rows?: readonly JsonObject[];
      /** What the answer has beside the result. */
      beside?: JsonObject;
      warnings: readonly Warning[];
    }
  /** The server certainly did not do it. */
  | {
      class: 'rejected';
      reason: 'refused' | 'exists' | 'weak_password' | 'auth' | 'redirect';
      refusal: Refusal;
      reply: Reply;
    }
  /** Not done; the server asks for a wait. */
  | { class: 'throttled'; refusal: Refusal; reply: Reply }
  /** The request certainly never left. */
  | { class: 'not_sent'; failure: Failure }
  /** It may or may not be done. */
  | { class: 'unknown'; why: string; reply: Reply | null; cancelled: boolean };

type Rejection = Extract<Outcome, { class: 'rejected' }>;

/** Classifies an attempt at something that must not happen twice. Pure. */
export function classify(attempt: Attempt, operation: Operation, sent: JsonObject): Outcome {
  const outcome = judge(attempt, operation, sent);
  // A setting is always there already: whatever was meant, it is a refusal like any other.
  const isSetting = operation.effect === 'change' && outcome.class === 'rejected';
  return isSetting && outcome.reason === 'exists' ? { ...outcome, reason: 'refused' } : outcome;
}

function judge(attempt: Attempt, operation: Operation, sent: JsonObject): Outcome {
  if (attempt.kind === 'failure') {
    if (!attempt.sent) return { class: 'not_sent', failure: attempt };
    const cancelled = attempt.reason === 'cancelled';
    return { class: 'unknown', why: attempt.message, reply: null, cancelled };
  }
  return classifyReply(attempt, operation, sent);
}

/**
 * Classifies an attempt at a call whose answer is not known beforehand: every whole 2xx is a
 * success, unless it is JSON that says otherwise, also by an `error` without `success`. Pure.
 */
export function classifyRaw(attempt: Attempt, operation: Operation): Outcome {
  if (attempt.kind === 'reply' && attempt.bodyProblem === null) {
    const answer = parseJson(attempt.body)?.value;
    const refuses = isObject(answer) && isFalse(answer['success']);
    if (attempt.status >= 200 && attempt.status < 300 && !refuses) {
      if (!saysError(answer)) return { class: 'done', result: {}, warnings: [] };
      const refusal = readRefusal(answer);
      const reason = refusalReason(refusal, attempt.status);
      return { class: 'rejected', reason, refusal, reply: attempt };
    }
  }
  return judge(attempt, operation, {});
}

/** `{"error": "Transaction not found", "data": {}}`, the one error body that the reference shows. */
function saysError(answer: unknown): boolean {
  if (!isObject(answer) || isTrue(answer['success'])) return false;
  const { error } = answer;
  return typeof error === 'string' && error.trim() !== '';
}

const AUTH = new Set([401, 403, 407]);
const WAIT = new Set([408, 421, 425, 429]);

function classifyReply(reply: Reply, operation: Operation, sent: JsonObject): Outcome {
  const { status } = reply;
  const unknown = (why: string): Outcome => ({ class: 'unknown', why, reply, cancelled: false });
  const answer = reply.bodyProblem === null ? parseJson(reply.body)?.value : undefined;
  const rejected = (known: Rejection['reason'] | null): Outcome => {
    const refusal = readRefusal(answer);
    return {
      class: 'rejected',
      reason: known ?? refusalReason(refusal, status),
      refusal,
      reply,
    };
  };

  if (status >= 500) return unknown(`the server answered with status ${status}`);
  if (AUTH.has(status)) return rejected('auth');
  if (WAIT.has(status)) return { class: 'throttled', refusal: readRefusal(answer), reply };
  if (status === 307 || status === 308) return rejected('redirect');
  if (status >= 400) return rejected(null);
  if (isObject(answer) && isFalse(answer['success'])) return rejected(null);
  if (status >= 300 || status < 200) return unknown(`the server answered with status ${status}`);

  if (reply.bodyProblem !== null) return unknown(reply.bodyProblem);
  if (status === 202) return unknown('the server has accepted the request but not finished it');
  if (!isObject(answer)) return unknown('the answer is not a JSON object');
  if (!isTrue(answer['success'])) return unknown('the answer does not say whether it worked');
  const written = parseAnswer(reply.body)?.value as JsonObject;
  const acceptance = operation.accept(written, sent);
  if (!acceptance.ok) return unknown(`the answer cannot be used: ${acceptance.problem}`);
  const { ok: _ok, ...accepted } = acceptance;
  return { class: 'done', ...accepted, warnings: envelopeWarnings(answer, acceptance) };
}

function refusalReason(refusal: Refusal, status: number): Rejection['reason'] {
  if (refusal.saysExists || status === 409) return 'exists';
  if (refusal.saysWeakPassword) return 'weak_password';
  return refusal.saysBadKey ? 'auth' : 'refused';
}

function isTrue(success: unknown): boolean {
  return readFlag(success) === true;
}

function isFalse(success: unknown): boolean {
  return readFlag(success) === false;
}

function envelopeWarnings(answer: JsonObject, acceptance: Acceptance & { ok: true }): Warning[] {
  if (answer['success'] === true) return [...acceptance.warnings];
  const code = 'unusual_answer';
  const message =
    'The server wrote "success" in another form than documented; it was taken as true.';
  return [...acceptance.warnings, { code, message }];
}
