import { type ErrorDetails, OxhostError } from '../errors.ts';
import type { Settled } from './client.ts';
import {
  asksFor,
  capitalize,
  facts,
  inSeconds,
  notDone,
  REPEAT_LATER,
  signalExitCode,
  words,
} from './failure-words.ts';
import type { Operation } from './operation.ts';
import type { Outcome } from './outcome.ts';
import { unread } from './read-failure.ts';
import type { Refusal } from './refusal.ts';
import { refusedFields } from './refused-fields.ts';

/** Only these say it by status; the same words under another status are a refusal like any other. */
const KEY_REFUSED = new Set([401, 403]);

/** What the error's words need to know beside the outcome. */
export interface FailureContext {
  origin: string;
  operation: Operation;
  /** Signal that ended the call, or null. */
  signalName: 'SIGINT' | 'SIGTERM' | null;
  timeoutSeconds: number;
}

/** Turns every outcome but `done` into the error that people and scripts see. Pure. */
export function toError(settled: Settled, context: FailureContext): OxhostError {
  const error = explain(settled, context);
  if (context.operation.effect !== 'read') return error;
  const { outcome: _outcome, ...details } = error.details;
  return new OxhostError(error.code, error.message, details);
}

function explain(settled: Settled, context: FailureContext): OxhostError {
  const { outcome } = settled;
  switch (outcome.class) {
    case 'not_sent':
      return notSent(outcome, settled, context);
    case 'unknown':
      return context.operation.effect === 'read'
        ? unread(outcome, settled, context)
        : unknown(outcome, settled, context);
    case 'throttled':
      return throttled(outcome, settled, context);
    case 'rejected':
      return rejected(outcome, settled, context);
    case 'done':
      return new OxhostError('internal', 'A success was taken for a failure.', {
        outcome: 'created',
      });
  }
}

type Of<Class extends Outcome['class']> = Extract<Outcome, { class: Class }>;

function notSent(outcome: Of<'not_sent'>, settled: Settled, context: FailureContext): OxhostError {
  const { failure } = outcome;
  const details: ErrorDetails = { outcome: 'not_created', attempts: settled.attempts };
  if (failure.reason === 'cancelled') {
    const what =
      settled.attempts === 0
        ? 'Stopped before anything was sent.'
        : `Stopped while waiting to repeat the request: ${notDone(context.operation)}.`;
    return new OxhostError('cancelled', what, {
      ...details,
      exitCode: signalExitCode(context.signalName),
    });
  }
  const code = failure.reason === 'certificate' ? 'tls_failed' : 'unreachable';
  const hints = {
    certificate:
      'If a proxy of your own network signs certificates, set NODE_EXTRA_CA_CERTS to its certificate file. Nothing was sent.',
    proxy: 'Check HTTPS_PROXY and its user name and password. Nothing was sent.',
    malformed: 'Nothing was sent. Please report this with the output of --debug.',
    network:
      'Check the address and the network. Nothing was sent, so the same command is safe to repeat.',
    timeout:
      'Check the address and the network. Nothing was sent, so the same command is safe to repeat.',
  };
  // A handshake that fails before any certificate was seen is no matter of certificates.
  const isHandshake = /^EPROTO$|^ERR_SSL/.test(failure.code ?? '');
  const hint = hints[isHandshake ? 'network' : failure.reason];
  const because =
    failure.proxy === undefined
      ? failure.message
      : `the proxy ${failure.proxy} could not be reached: ${failure.message}`;
  return new OxhostError(
    code,
    `${capitalize(notDone(context.operation))}: nothing was sent to ${context.origin}, because ${because}.`,
    { ...details, hint: failure.proxy === undefined ? hint : PROXY_HINT },
  );
}

const PROXY_HINT =
  'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Nothing was sent, so the same command is safe to repeat.';

function unknown(outcome: Of<'unknown'>, settled: Settled, context: FailureContext): OxhostError {
  const { reply } = outcome;
  const details: ErrorDetails = {
    outcome: 'unknown',
    retry: 'check_first',
    attempts: settled.attempts,
    ...(reply === null ? {} : { http: facts(reply, settled) }),
  };
  const { doubt } = context.operation.words;
  if (outcome.cancelled) {
    return new OxhostError('cancelled', `Stopped after the request had been sent: ${doubt}.`, {
      ...details,
      exitCode: signalExitCode(context.signalName),
    });
  }
  const why =
    outcome.why === 'no answer came in time'
      ? `no answer came within ${inSeconds(context.timeoutSeconds)}`
      : outcome.why;
  const successful = reply !== null && reply.status >= 200 && reply.status < 300;
  return new OxhostError(
    successful ? 'bad_response' : 'outcome_unknown',
    `The request was sent, but ${why}: ${doubt}.`,
    details,
  );
}

function throttled(
  outcome: Of<'throttled'>,
  settled: Settled,
  context: FailureContext,
): OxhostError {
  const { reply, refusal } = outcome;
  const base: ErrorDetails = {
    outcome: 'not_created',
    retry: 'safe',
    attempts: settled.attempts,
    http: facts(reply, settled),
  };
  const wait = settled.retryAfterSeconds;
  const asks = asksFor(settled);
  if (reply.status !== 429) {
    return new OxhostError(
      'rejected',
      `${capitalize(notDone(context.operation))}: the server could not take the request (status ${reply.status})${asks}${words(refusal)}.`,
      {
        ...base,
        hint:
          wait === null
            ? `Nothing was ${context.operation.words.done}, so the same command is safe to repeat a little later.`
            : REPEAT_LATER,
      },
    );
  }
  return new OxhostError(
    'rate_limited',
    `${capitalize(notDone(context.operation))}: the server has had too many requests${asks}${words(refusal)}.`,
    { ...base, hint: REPEAT_LATER },
  );
}

function rejected(outcome: Of<'rejected'>, settled: Settled, context: FailureContext): OxhostError {
  const { reply, refusal, reason } = outcome;
  const undone = capitalize(notDone(context.operation));
  const said = words(refusal);
  const details: ErrorDetails = {
    outcome: 'not_created',
    attempts: settled.attempts,
    fields: refusedFields(context.operation, refusal),
    http: facts(reply, settled),
  };
  switch (reason) {
    case 'exists':
      return new OxhostError('already_exists', `${undone}${existing(said)}.`, {
        ...details,
        hint:
          context.operation.effect === 'create'
            ? 'Choose another login, or use the client that is there.'
            : 'Look in the panel at what is there.',
      });
    case 'redirect':
      return new OxhostError(
        'redirect_refused',
        `${undone}: ${context.origin} answered with a redirect (status ${reply.status}), which is never followed, so that your key goes to no other host.`,
        { ...details, hint: 'Check --api-url, OXHOST_API_URL or the address of the profile.' },
      );
    case 'auth':
      if (reply.status === 407) {
        return new OxhostError('rejected', `${undone}: the proxy wants a user name and password.`, {
          ...details,
          hint: 'Put them into HTTPS_PROXY or HTTP_PROXY: http://user:password@host:port.',
        });
      }
      return new OxhostError(
        KEY_REFUSED.has(reply.status) ? 'auth_failed' : 'rejected',
        `${undone}: the server refused the key (status ${reply.status})${said}.`,
        {
          ...details,
          hint: 'Keys can expire, be bound to an IP address or lack a permission: look at the keys page of your account, then run oxhost auth login.',
        },
      );
    case 'weak_password':
      return new OxhostError(
        'rejected',
        `${undone}: the password is too weak for the server${said}.`,
        {
          ...details,
          hint: `Use --generate-${secretFlag(context.operation)}, or a password of 16 characters or more with upper and lower case, three digits and two of !@#$%^&*?_~.`,
        },
      );
    case 'refused':
      return new OxhostError(
        'rejected',
        `${undone}: the server refused the request (status ${reply.status})${said}.`,
        details.fields?.length
          ? details
          : { ...details, hint: refusalHint(reply.status, refusal, context.operation) },
      );
  }
}

/** The server's words often say it already. */
function existing(said: string): string {
  return /\bexist/i.test(said) ? said : `: it exists already${said}`;
}

function secretFlag({ fields }: Operation): string {
  return fields.find(({ secret }) => secret)?.flag ?? 'password';
}

const LACKS_MONEY =
  /\b(?:insufficient|not enough|low)\b[^.\n]{0,20}\b(?:balance|funds|credit|money)\b|\b(?:balance|funds|credit)\b[^.\n]{0,20}\b(?:insufficient|not enough|too low|exhausted)\b/i;

function refusalHint(status: number, refusal: Refusal, operation: Operation): string {
  if (status === 402 || LACKS_MONEY.test(refusal.message ?? ''))
    return 'Top up the balance of your account, then repeat the command.';
  // A create names nothing that could be missing; elsewhere it may be what an id stands for.
  const mayBeAboutId = operation.effect !== 'create' && refusal.message !== null;
  if ((status === 404 && !mayBeAboutId) || status === 405)
    return 'Check --api-url, OXHOST_API_URL or the address of the profile.';
  const ids = status === 404 ? operation.fields.filter(({ name }) => /(?:^|_)id$/.test(name)) : [];
  if (ids.length > 0) {
    const flags = ids.map(({ flag, valueName, isOperand }) =>
      isOperand === true ? `<${valueName}>` : `--${flag}`,
    );
    return `Check the id${ids.length === 1 ? '' : 's'} (${flags.join(', ')}), then repeat the command.`;
  }
  return 'Mend what the server names, then repeat the command.';
}
