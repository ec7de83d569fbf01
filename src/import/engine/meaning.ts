import type { Settled } from '../../api/client.ts';
import { parseJson } from '../../api/json.ts';
import { isObject, type JsonObject } from '../../api/operation.ts';
import type { Outcome } from '../../api/outcome.ts';
import type { OxhostError } from '../../errors.ts';
import { createRedactor, maskPairs } from '../../output/masking.ts';
import { shorten } from '../../output/sanitize.ts';
import type { OutcomeRecord } from '../journal/record.ts';
import { shortened } from './shortened.ts';
import { isAboutBalance, isRedirect, rowCode, stopAfter } from './stop.ts';

/** A request that was answered, or is known not to have left. */
export interface Request {
  row: number;
  login: string;
  password: string;
  /** The password was generated, and another one may take its place. */
  mayReplacePassword: boolean;
  /** An earlier attempt may have created the client. */
  earlierUnknown: boolean;
}

/** What an answer means for its row and for the run. */
export interface Meaning {
  outcome: Pick<OutcomeRecord, 'status' | 'id' | 'plesk_client_id' | 'echoed_login' | 'error'>;
  warnings: readonly { code: string; message: string }[];
  /** What is next for a row that certainly was not created; `end` for all others. */
  next: 'end' | 'after_pause' | 'after_failure' | 'with_new_password';
  /** Why no other row would fare better, or null. */
  stop: OxhostError | null;
}

export interface Circumstances {
  origin: string;
  /** Whether the address has proven to be that of the API, so that a 404 is about the row. */
  endpointWorks: boolean;
  /** Masks the secrets of the run. */
  redact: (text: string) => string;
}

/**
 * What the outcome on one request comes to in an import. Pure.
 *
 * A row that is refused for a reason that is not its own, such as a bad key, is `not_sent` rather
 * than `rejected`: it certainly was not created, and is to be sent when the reason is gone.
 */
export function interpret(
  settled: Settled,
  request: Request,
  circumstances: Circumstances,
): Meaning {
  return shortened(interpretWhole(settled, request, circumstances));
}

function interpretWhole(settled: Settled, request: Request, circumstances: Circumstances): Meaning {
  const { outcome } = settled;
  const redact = redactorOf(request, circumstances);
  const stop = () => stopAfter(settled, { ...request, origin: circumstances.origin, redact });
  const error = (message: string) => ({
    code: rowCode(settled),
    message: redact(message),
  });

  switch (outcome.class) {
    case 'done':
      return created(outcome, request);
    case 'throttled':
      return {
        outcome: {
          status: 'not_sent',
          error: error(`the server asks to wait (status ${outcome.reply.status})`),
        },
        warnings: [],
        next: 'after_pause',
        stop: null,
      };
    case 'not_sent': {
      const { reason, message } = outcome.failure;
      const mayPass = reason === 'network' || reason === 'timeout';
      return {
        outcome: { status: 'not_sent', error: error(`nothing was sent: ${message}`) },
        warnings: [],
        next: mayPass ? 'after_failure' : 'end',
        stop: mayPass ? null : stop(),
      };
    }
    case 'unknown': {
      const stops = isRedirect(outcome.reply) || namesAnotherLogin(outcome, request);
      return {
        outcome: { status: 'unknown', error: error(`${outcome.why}${MAY_EXIST}`) },
        warnings: [],
        next: 'end',
        stop: stops ? stop() : null,
      };
    }
    case 'rejected':
      return rejected(outcome, request, circumstances, error, stop);
  }
}

/** Ends the message of an unknown row, for whoever sees that alone. */
export const MAY_EXIST = ': it may or may not exist';

type Of<Class extends Outcome['class']> = Extract<Outcome, { class: Class }>;

function created({ result, warnings }: Of<'done'>, { login }: Request): Meaning {
  const { id, plesk_client_id, login: echoed } = result as JsonObject;
  return {
    outcome: {
      status: 'created',
      ...(typeof id === 'string' && { id }),
      ...(typeof plesk_client_id === 'string' && { plesk_client_id }),
      ...(typeof echoed === 'string' && echoed !== login && { echoed_login: echoed }),
    },
    warnings,
    next: 'end',
    stop: null,
  };
}

function rejected(
  outcome: Of<'rejected'>,
  request: Request,
  { endpointWorks }: Circumstances,
  error: (message: string) => { code: string; message: string },
  stop: () => OxhostError,
): Meaning {
  const words = refusalWords(outcome);
  const end = { warnings: [], next: 'end', stop: null } as const;
  if (concernsAllRows(outcome, endpointWorks)) {
    return { ...end, outcome: { status: 'not_sent', error: error(words) }, stop: stop() };
  }
  if (outcome.reason === 'exists') {
    const message = request.earlierUnknown ? 'probably created by the earlier attempt' : words;
    return { ...end, outcome: { status: 'already_exists', error: error(message) } };
  }
  if (outcome.reason === 'weak_password' && request.mayReplacePassword) {
    return {
      ...end,
      outcome: { status: 'not_sent', error: error(words) },
      next: 'with_new_password',
    };
  }
  return { ...end, outcome: { status: 'rejected', error: error(words) } };
}

const LONGEST_WORDS = 2_000;

/** Plesk: 1006 permission; 1003, 1004, 1011, 1012 the server; 1024 a limit; 1030 the licence. */
const SERVER_CODES = new Set(['1003', '1004', '1006', '1011', '1012', '1024', '1030']);

/** Whether the refusal would meet every other row too. Pure. */
export function concernsAllRows(outcome: Of<'rejected'>, endpointWorks: boolean): boolean {
  const { reason, reply, refusal } = outcome;
  if (reason === 'auth' || reason === 'redirect') return true;
  if (reason !== 'refused') return false;
  if (isWrongEndpoint(reply.status)) return !endpointWorks;
  return isAboutBalance(outcome) || SERVER_CODES.has(refusal.code ?? '');
}

export function isWrongEndpoint(status: number): boolean {
  return status === 404 || status === 405;
}

/** The answer to somebody else's request, so that no answer on this connection can be trusted. */
function namesAnotherLogin({ reply }: Of<'unknown'>, { login }: Request): boolean {
  if (reply === null || reply.bodyProblem !== null || reply.status < 200 || reply.status > 299) {
    return false;
  }
  const answer = parseJson(reply.body)?.value;
  const data = isObject(answer) ? answer['data'] : undefined;
  const client = Array.isArray(data) && data.length === 1 ? data[0] : data;
  const named = isObject(client) ? client['login'] : undefined;
  return (
    (typeof named === 'string' || typeof named === 'number') &&
    !String(named).toLowerCase().includes(login.toLowerCase())
  );
}

function refusalWords({ reply, refusal }: Of<'rejected'>): string {
  const fields = refusal.fields.map(({ name, message }) => `${name}: ${message}`);
  const said = [...(refusal.message === null ? [] : [refusal.message.trim()]), ...fields];
  const words = said.length === 0 ? '' : `: ${said.join('; ')}`;
  return `the server refused it (status ${reply.status})${words}`;
}

function redactorOf({ password }: Request, { redact }: Circumstances): (text: string) => string {
  return (text) => {
    const own = createRedactor();
    own.add(password);
    // Masked before it is cut, or half a secret would be left.
    return shorten(maskPairs(redact(own.apply(text))), LONGEST_WORDS);
  };
}
