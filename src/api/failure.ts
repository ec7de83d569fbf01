import { type ErrorCode, type ErrorDetails, OxhostError } from '../errors.ts';
import type { Settled } from './client.ts';
import { type Failure, NO_ANSWER } from './connection.ts';
import {
  asksFor,
  CHECK_ADDRESS,
  capitalize,
  type FailureContext,
  idIn,
  inSeconds,
  isRedirect,
  REPEAT_LATER,
  redirected,
  refusedFields,
  said,
  signalExitCode,
  whatCame,
} from './failure-words.ts';
import type { Reply } from './http.ts';
import { labelOf, type Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';
import { mayPass } from './retry.ts';

type Of<Class extends Outcome['class']> = Extract<Outcome, { class: Class }>;

/** What an end is, and why: a clause behind "The client was not created: ". */
type Why = readonly [code: ErrorCode, why: string, details?: ErrorDetails];

/** Turns every outcome but `done` into the error that people and scripts see. Pure. */
export function toError(settled: Settled, context: FailureContext): OxhostError {
  const { outcome, attempts } = settled;
  const { effect, words } = context.operation;
  const isRead = effect === 'read';
  const isUnknown = outcome.class === 'unknown' && !isRead;
  const reply = 'reply' in outcome ? outcome.reply : null;
  const [code, why, details] = explain(settled, context);
  const what = isUnknown ? words.doubt : `${words.subject} was not ${words.done}`;
  // What is only read or set is neither created nor bought.
  const isMade = effect === 'create' || effect === 'buy';
  return new OxhostError(code, `${capitalize(what)}: ${why}.`, {
    attempts,
    ...(isMade ? { outcome: isUnknown ? 'unknown' : 'not_created' } : {}),
    ...(isUnknown ? { retry: 'check_first' } : {}),
    ...(reply === null ? {} : whatCame(reply, settled.retryAfterSeconds, context, isUnknown)),
    ...details,
  });
}

function explain(settled: Settled, context: FailureContext): Why {
  const { outcome } = settled;
  switch (outcome.class) {
    case 'not_sent':
      return notSent(outcome.failure, settled, context);
    case 'unknown':
      return outcome.reply === null
        ? unanswered(outcome, context)
        : unusable(outcome.why, outcome.reply, settled, context);
    case 'throttled':
      return throttled(outcome.reply, settled, context);
    case 'rejected':
      return rejected(outcome, context);
    case 'done':
      return ['internal', 'a success was taken for a failure', { outcome: 'created' }];
  }
}

const SAFE = 'Nothing was sent, so the same command is safe to repeat.';

function notSent(failure: Failure, { attempts }: Settled, context: FailureContext): Why {
  const { message, proxy, reason, hint = `Check the address and the network. ${SAFE}` } = failure;
  if (reason === 'cancelled') {
    const when =
      attempts === 0 ? 'before anything was sent' : 'while it waited to repeat the request';
    const exitCode = signalExitCode(context.signalName);
    return ['cancelled', `the command was stopped ${when}`, { exitCode }];
  }
  const code = reason === 'certificate' ? 'tls_failed' : 'unreachable';
  const nothing = `nothing was sent to ${context.origin}, because`;
  if (proxy === undefined) return [code, `${nothing} ${message}`, { hint }];
  return [
    code,
    `${nothing} the proxy ${proxy} could not be reached, since ${message}`,
    { hint: `Check HTTPS_PROXY, ALL_PROXY and NO_PROXY. ${SAFE}` },
  ];
}

function unanswered({ why, cancelled }: Of<'unknown'>, context: FailureContext): Why {
  const isRead = context.operation.effect === 'read';
  if (cancelled) {
    const exitCode = signalExitCode(context.signalName);
    const when = isRead ? '' : ' after the request had been sent';
    return ['cancelled', `the command was stopped${when}`, { exitCode }];
  }
  const isLate = why === NO_ANSWER;
  const reason = isLate ? `no answer came within ${inSeconds(context.timeoutSeconds)}` : why;
  if (!isRead) return ['outcome_unknown', `the request was sent, but ${reason}`];
  const hint = 'Check the address and the network; the same command is safe to repeat.';
  return ['unreachable', reason, { hint }];
}

function unusable(why: string, reply: Reply, settled: Settled, context: FailureContext): Why {
  const isRead = context.operation.effect === 'read';
  if (isRedirect(reply)) {
    const end = isRead ? { hint: CHECK_ADDRESS } : { exitCode: 8 };
    return ['redirect_refused', redirected(reply, context), end];
  }
  const words = said(reply, context);
  if (!isRead) {
    const isSuccess = reply.status >= 200 && reply.status < 300;
    const id = idIn(reply.body);
    const named = id === null ? '' : `; the answer names the id ${id}`;
    const code = isSuccess ? 'bad_response' : 'outcome_unknown';
    return [code, `the request was sent, but ${why}${words}${named}`];
  }
  const message = `${why}${asksFor(settled.retryAfterSeconds)}${words}`;
  if (!mayPass(reply)) return ['bad_response', message, { exitCode: 1, retry: 'no' }];
  const isAsked = settled.retryAfterSeconds !== null;
  const hint = isAsked ? REPEAT_LATER : 'The same command is safe to repeat later.';
  return ['bad_response', message, { exitCode: 1, retry: 'safe', hint }];
}

function throttled(reply: Reply, settled: Settled, context: FailureContext): Why {
  const why =
    reply.status === 429
      ? 'the server has had too many requests'
      : `the server could not take the request now (status ${reply.status})`;
  const message = `${why}${asksFor(settled.retryAfterSeconds)}${said(reply, context)}`;
  return ['rate_limited', message, { hint: REPEAT_LATER }];
}

const KEY_HINT =
  'Keys can expire, be bound to an IP address or lack a permission: look at the keys page of your account, then run oxhost auth login.';
const FIREWALL_HINT =
  'It did not reach the API, so nobody judged the key. Try again from another network, or ask the provider.';
const PASSWORD_HINT =
  'or a password of 16 characters or more with upper and lower case, three digits and two of !@#$%^&*?_~.';

function rejected(outcome: Of<'rejected'>, context: FailureContext): Why {
  const { reply, refusal, reason } = outcome;
  const { operation } = context;
  const words = said(reply, context);
  const status = `(status ${reply.status})`;
  const fields = refusedFields(operation, refusal, context.mask);
  const flag = operation.fields.find(({ secret }) => secret)?.flag ?? 'password';
  const isCreate = operation.effect === 'create';
  const exists = isCreate
    ? 'Choose another login, or use the client that is there.'
    : 'Look in the panel at what is there.';
  const also = words.replace(/^ and says/, ', the server says');
  const hint = fields.length > 0 ? null : refusalHint(outcome, operation);
  const ends: Record<typeof reason, Why> = {
    exists: ['already_exists', `it exists already${also}`, { fields, hint: exists }],
    redirect: ['redirect_refused', redirected(reply, context), { hint: CHECK_ADDRESS }],
    auth: ['auth_failed', `the server refused the key ${status}${words}`, { hint: KEY_HINT }],
    firewall: [
      ...([
        'rejected',
        `a firewall in front of the server refused this request ${status}${words}`,
      ] as const),
      { hint: FIREWALL_HINT },
    ],
    weak_password: [
      ...(['rejected', `the password is too weak for the server${words}`] as const),
      { fields, hint: `Use --generate-${flag}, ${PASSWORD_HINT}` },
    ],
    refused: [
      ...(['rejected', `the server refused it ${status}${words}`] as const),
      hint === null ? { fields } : { hint },
    ],
  };
  return ends[reason];
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
