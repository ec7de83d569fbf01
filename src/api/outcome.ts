import { findJson, isObject, textOf } from '../output/json.ts';
import { accept, readFlag, type Warning } from './accept.ts';
import type { Failure } from './connection.ts';
import type { Attempt, Reply } from './http.ts';
import type { JsonObject, Operation } from './operation.ts';
import { type Refusal, readRefusal } from './refusal.ts';

/** What is known after one attempt. What is on no list is `unknown` (RFC 9110 section 9.2.2). */
export type Outcome =
  /** The server says it is done, in a shape that proves it. Of a list `rows` are the result. */
  | {
      class: 'done';
      result: JsonObject;
      rows?: readonly JsonObject[];
      warnings: readonly Warning[];
    }
  /** The server certainly did not do it. */
  | {
      class: 'rejected';
      reason: 'refused' | 'exists' | 'weak_password' | 'auth' | 'redirect' | 'firewall';
      refusal: Refusal;
      reply: Reply;
    }
  /** Not done; the server asks for a wait. */
  | { class: 'throttled'; refusal: Refusal; reply: Reply }
  /** The request certainly never left. */
  | { class: 'not_sent'; failure: Failure }
  /** It may or may not be done; `why` is a clause. */
  | { class: 'unknown'; why: string; reply: Reply | null; cancelled: boolean };

function unknown(why: string, reply: Reply | null, cancelled = false): Outcome {
  return { class: 'unknown', why, reply, cancelled };
}

/** Classifies an attempt at a documented operation. Pure. */
export function classify(attempt: Attempt, operation: Operation, sent: JsonObject): Outcome {
  const { effect } = operation;
  const outcome = judge(attempt, operation, effect === 'read', (reply, answer, before) =>
    effect === 'read' || readFlag(answer['success']) === true
      ? succeeded(reply, operation, answer, sent, before)
      : null,
  );
  // A setting is always there already: whatever was meant, it is a refusal like any other.
  const isSetting = effect === 'change' && outcome.class === 'rejected';
  return isSetting && outcome.reason === 'exists' ? { ...outcome, reason: 'refused' } : outcome;
}

/**
 * Classifies an attempt at a call whose answer is not known beforehand: every whole 2xx is a
 * success, unless it is JSON that says otherwise, also by an `error` without `success`. Pure.
 */
export function classifyRaw(attempt: Attempt, operation: Operation): Outcome {
  const outcome = judge(attempt, operation, true, () => null);
  const isWhole = attempt.kind === 'reply' && attempt.bodyProblem === null;
  return outcome.class === 'unknown' && isWhole && attempt.status >= 200 && attempt.status < 300
    ? { class: 'done', result: {}, warnings: [] }
    : outcome;
}

const WAIT = new Set([408, 421, 425, 429]);

/**
 * Status first; a success is for `done` to say, of readable JSON with a status that can mean one.
 * @param errorWins whether an `error` without `success` is a failure also next to a result.
 */
function judge(
  attempt: Attempt,
  operation: Operation,
  errorWins: boolean,
  done: (reply: Reply, answer: JsonObject, before: string) => Outcome | null,
): Outcome {
  if (attempt.kind === 'failure') {
    return attempt.sent
      ? unknown(attempt.message, null, attempt.reason === 'cancelled')
      : { class: 'not_sent', failure: attempt };
  }
  const { status, body, bodyProblem } = attempt;
  const json = bodyProblem === null ? findJson(body) : undefined;
  const answer = isObject(json?.value) ? json.value : undefined;
  const rejected = (known?: 'auth' | 'firewall' | 'redirect'): Outcome => {
    const refusal = readRefusal(attempt, operation);
    const said = refusal.says === 'bad_key' ? 'auth' : (refusal.says ?? 'refused');
    return { class: 'rejected', reason: known ?? said, refusal, reply: attempt };
  };

  if (status === 401) return rejected('auth');
  if (status === 403) return rejected(answer === undefined ? 'firewall' : 'auth');
  if (WAIT.has(status)) {
    return { class: 'throttled', refusal: readRefusal(attempt, operation), reply: attempt };
  }
  if (status === 307 || status === 308) return rejected('redirect');
  if (status >= 400 && status < 500) return rejected();
  if (status >= 301 && status <= 303)
    return unknown('the server answered with a redirect', attempt);
  if (status < 200 || status >= 300) {
    return unknown(`the server answered with status ${status}`, attempt);
  }
  if (bodyProblem !== null) return unknown(bodyProblem, attempt);
  if (status === 202 && operation.effect !== 'read') {
    return unknown('the server accepted the request but did not finish it', attempt);
  }
  if (json === undefined || answer === undefined) return unknown(noObject(body), attempt);
  if (json.before === '' && saysFailure(answer, errorWins)) return rejected();
  return (
    done(attempt, answer, json.before) ??
    unknown('the answer does not say whether it worked', attempt)
  );
}

function noObject(body: string): string {
  if (body.trim() === '') return 'the answer is empty';
  return /<[a-z!]/i.test(body)
    ? 'the answer is a page, not JSON'
    : 'the answer is not a JSON object';
}

const RESULTS = ['data', 'id', 'plesk_client_id', 'order', 'order_id', 'subscription'];

/**
 * `success: false`; or what the provider's pages show as an error, `{"error": "…"}`, where nothing
 * else could be a result. What is only read is no result next to an error.
 */
function saysFailure(answer: JsonObject, errorWins: boolean): boolean {
  const success = readFlag(answer['success']);
  if (success !== undefined) return !success;
  const hasResult = RESULTS.some((name) => !isEmpty(answer[name]));
  if (hasResult && !(errorWins && textOf(answer['error']) !== undefined)) return false;
  const hasError = !isEmpty(answer['error']) || !isEmpty(answer['errors']);
  return hasError || /^(?:error|failed|fail)$/i.test(String(answer['status']));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function succeeded(
  reply: Reply,
  operation: Operation,
  answer: JsonObject,
  sent: JsonObject,
  before: string,
): Outcome {
  const acceptance = accept(operation, answer, sent);
  if ('problem' in acceptance) {
    return unknown(`the answer cannot be used: ${acceptance.problem}`, reply);
  }
  const { recognizedBy: name } = operation.answer;
  const isMark = before === '\uFEFF';
  if (name !== undefined && !isMark && before !== '' && acceptance.result[name] !== sent[name]) {
    return unknown(
      `the answer has other text before its JSON and does not name the ${name}`,
      reply,
    );
  }
  const what = isMark ? 'a byte order mark' : 'other text';
  const said = [
    ...(before === '' ? [] : [`The answer has ${what} before its JSON, which was skipped.`]),
    ...(readFlag(answer['success']) === true
      ? []
      : ['The answer does not say that it is a success.']),
  ].map((message) => ({ code: 'unusual_answer', message }));
  return { class: 'done', ...acceptance, warnings: [...said, ...acceptance.warnings] };
}
