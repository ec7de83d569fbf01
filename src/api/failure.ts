import { type ErrorCode, type ErrorDetails, OxhostError } from '../errors.ts';
import type { Settled } from './client.ts';
import type { Failure } from './connection.ts';
import {
  asksFor,
  CHECK_ADDRESS,
  capitalize,
  type FailureContext,
  idIn,
  isRedirect,
  notDone,
  REPEAT_LATER,
  redirected,
  refusedFields,
  said,
  signalExitCode,
  whatCame,
  whyOf,
} from './failure-words.ts';
import { labelOf, type Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';
import { mayPass } from './retry.ts';

type Of<Class extends Outcome['class']> = Extract<Outcome, { class: Class }>;

/** Turns every outcome but `done` into the error that people and scripts see. Pure. */
export function toError(settled: Settled, context: FailureContext): OxhostError {
  const { effect } = context.operation;
  const { code, message, details } = explain(settled, context);
  const { outcome, ...others } = { attempts: settled.attempts, ...details };
  // What is only read or set is neither created nor bought.
  const isMade = outcome !== undefined && (effect === 'create' || effect === 'buy');
  return new OxhostError(code, message, isMade ? { ...others, outcome } : others);
}

function explain(settled: Settled, context: FailureContext): OxhostError {
  const { outcome } = settled;
  switch (outcome.class) {
    case 'not_sent':
      return notSent(outcome.failure, settled, context);
    case 'unknown':
      return context.operation.effect === 'read'
        ? unread(outcome, settled, context)
        : unknown(outcome, settled, context);
    case 'throttled':
      return throttled(outcome, settled, context);
    case 'rejected':
      return rejected(outcome, settled, context);
    case 'done':
      return error('internal', 'A success was taken for a failure.', { outcome: 'created' });
  }
}

function error(code: ErrorCode, message: string, ...details: ErrorDetails[]): OxhostError {
  return new OxhostError(code, message, Object.assign({}, ...details));
}

const SAFE = 'Nothing was sent, so the same command is safe to repeat.';

function notSent(failure: Failure, { attempts }: Settled, context: FailureContext): OxhostError {
  const undone = notDone(context.operation);
  const { message, proxy, reason, hint = `Check the address and the network. ${SAFE}` } = failure;
  const outcome = 'not_created';
  if (reason === 'cancelled') {
    const exitCode = signalExitCode(context.signalName);
    return attempts === 0
      ? error('cancelled', 'Stopped before anything was sent.', { outcome, exitCode })
      : error('cancelled', `Stopped while waiting to repeat the request: ${undone}.`, {
          ...{ outcome, exitCode },
        });
  }
  const code = reason === 'certificate' ? 'tls_failed' : 'unreachable';
  const nothing = `${capitalize(undone)}: nothing was sent to ${context.origin}, because`;
  if (proxy === undefined) return error(code, `${nothing} ${message}.`, { outcome, hint });
  return error(code, `${nothing} the proxy ${proxy} could not be reached, since ${message}.`, {
    ...{ outcome, hint: `Check HTTPS_PROXY, ALL_PROXY and NO_PROXY. ${SAFE}` },
  });
}

function unknown(outcome: Of<'unknown'>, settled: Settled, context: FailureContext): OxhostError {
  const { reply, cancelled } = outcome;
  const doubt = capitalize(context.operation.words.doubt);
  const came = whatCame(reply, settled, context, true);
  const details: ErrorDetails = { outcome: 'unknown', retry: 'check_first', ...came };
  if (cancelled) {
    const message = `${doubt}: the command was stopped after the request had been sent.`;
    return error('cancelled', message, details, { exitCode: signalExitCode(context.signalName) });
  }
  if (reply !== null && isRedirect(reply)) {
    const message = `${doubt}: ${redirected(reply, context)}.`;
    return error('redirect_refused', message, details, { exitCode: 8 });
  }
  const isSuccess = reply !== null && reply.status >= 200 && reply.status < 300;
  const id = reply === null ? null : idIn(reply.body);
  const named = id === null ? '' : `; the answer names the id ${id}`;
  const why = `${whyOf(outcome, context)}${said(reply, context)}${named}`;
  const message = `${doubt}: the request was sent, but ${why}.`;
  return error(isSuccess ? 'bad_response' : 'outcome_unknown', message, details);
}

/** A read without a usable answer: nothing was to be made, so nothing is in doubt. */
function unread(outcome: Of<'unknown'>, settled: Settled, context: FailureContext): OxhostError {
  const { reply, cancelled, why } = outcome;
  const undone = capitalize(notDone(context.operation));
  const details: ErrorDetails = { retry: 'safe', ...whatCame(reply, settled, context, false) };
  if (cancelled) {
    const exitCode = signalExitCode(context.signalName);
    return error('cancelled', `Stopped: ${notDone(context.operation)}.`, details, { exitCode });
  }
  if (reply === null) {
    const hint = 'Check the address and the network; the same command is safe to repeat.';
    return error('unreachable', `${undone}: ${whyOf(outcome, context)}.`, details, { hint });
  }
  if (isRedirect(reply)) {
    const message = `${undone}: ${redirected(reply, context)}.`;
    return error('redirect_refused', message, details, { retry: 'after_fix', hint: CHECK_ADDRESS });
  }
  const message = `${undone}: ${why}${asksFor(settled)}${said(reply, context)}.`;
  if (!mayPass(reply)) return error('bad_response', message, details, { exitCode: 1, retry: 'no' });
  const isAsked = settled.retryAfterSeconds !== null;
  const hint = isAsked ? REPEAT_LATER : 'The same command is safe to repeat later.';
  return error('bad_response', message, details, { exitCode: 1, hint });
}

function throttled({ reply }: Of<'throttled'>, settled: Settled, context: FailureContext) {
  const why =
    reply.status === 429
      ? 'the server has had too many requests'
      : `the server could not take the request now (status ${reply.status})`;
  const undone = capitalize(notDone(context.operation));
  const message = `${undone}: ${why}${asksFor(settled)}${said(reply, context)}.`;
  const details: ErrorDetails = { outcome: 'not_created', retry: 'safe', hint: REPEAT_LATER };
  return error('rate_limited', message, details, whatCame(reply, settled, context, false));
}

const KEY_HINT =
  'Keys can expire, be bound to an IP address or lack a permission: look at the keys page of your account, then run oxhost auth login.';
const FIREWALL_HINT =
  'It did not reach the API, so nobody judged the key. Try again from another network, or ask the provider.';
const PASSWORD_HINT =
  'or a password of 16 characters or more with upper and lower case, three digits and two of !@#$%^&*?_~.';

function rejected(outcome: Of<'rejected'>, settled: Settled, context: FailureContext): OxhostError {
  const { reply, refusal, reason } = outcome;
  const { operation, mask } = context;
  const undone = capitalize(notDone(operation));
  const words = said(reply, context);
  const status = `(status ${reply.status})`;
  const fields = refusedFields(operation, refusal, mask);
  const came = whatCame(reply, settled, context, false);
  const details: ErrorDetails = { outcome: 'not_created', fields, ...came };
  switch (reason) {
    case 'exists': {
      const hint =
        operation.effect === 'create'
          ? 'Choose another login, or use the client that is there.'
          : 'Look in the panel at what is there.';
      const also = words.replace(/^ and says/, ', the server says');
      return error('already_exists', `${undone}: it exists already${also}.`, details, { hint });
    }
    case 'redirect': {
      const message = `${undone}: ${redirected(reply, context)}.`;
      return error('redirect_refused', message, details, { hint: CHECK_ADDRESS });
    }
    case 'auth': {
      const message = `${undone}: the server refused the key ${status}${words}.`;
      return error('auth_failed', message, details, { hint: KEY_HINT });
    }
    case 'firewall': {
      const message = `${undone}: a firewall in front of the server refused this request ${status}${words}.`;
      return error('rejected', message, details, { hint: FIREWALL_HINT });
    }
    case 'weak_password': {
      const flag = operation.fields.find(({ secret }) => secret)?.flag ?? 'password';
      const message = `${undone}: the password is too weak for the server${words}.`;
      return error('rejected', message, details, {
        hint: `Use --generate-${flag}, ${PASSWORD_HINT}`,
      });
    }
    case 'refused': {
      const message = `${undone}: the server refused it ${status}${words}.`;
      const hint = fields.length > 0 ? null : refusalHint(outcome, operation);
      return error('rejected', message, details, hint === null ? {} : { hint });
    }
  }
}

const LACKS_MONEY =
  /\b(?:insufficient|not enough|low)\b[^.\n]{0,20}\b(?:balance|funds|credit|money)\b|\b(?:balance|funds|credit)\b[^.\n]{0,20}\b(?:insufficient|not enough|too low|exhausted)\b|\bpayment required\b/i;

/** Whether the account has no money left. */
export function lacksMoney({ reply, refusal }: Pick<Of<'rejected'>, 'reply' | 'refusal'>): boolean {
  return reply.status === 402 || LACKS_MONEY.test(refusal.message ?? '');
}

/** Only where it fits: most refusals say by themselves what is to be done. */
function refusalHint(outcome: Of<'rejected'>, operation: Operation): string | null {
  const { reply, refusal } = outcome;
  if (lacksMoney(outcome)) return 'Top up the balance of your account, then repeat the command.';
  if (reply.status !== 404 && reply.status !== 405) return null;
  // A page comes from a web server that knows nothing of such a call.
  if (refusal.message === null || /<[a-z!]/i.test(reply.body)) return CHECK_ADDRESS;
  const ids = operation.fields.filter(({ name }) => /(?:^|_)id$/.test(name));
  if (reply.status === 405 || ids.length === 0) return null;
  const flags = ids.map((field) => (field.isOperand === true ? labelOf(field) : `--${field.flag}`));
  return `Check the id${ids.length === 1 ? '' : 's'} (${flags.join(', ')}), then repeat the command.`;
}
