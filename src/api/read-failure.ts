import { type ErrorDetails, OxhostError } from '../errors.ts';
import type { Settled } from './client.ts';
import type { FailureContext } from './failure.ts';
import {
  asksFor,
  capitalize,
  facts,
  inSeconds,
  notDone,
  REPEAT_LATER,
  signalExitCode,
} from './failure-words.ts';
import type { Outcome } from './outcome.ts';

/**
 * The error for a read without a usable answer: nothing was to be made, so nothing is in doubt and
 * it may always be given again. Pure.
 */
export function unread(
  { reply, why, cancelled }: Extract<Outcome, { class: 'unknown' }>,
  settled: Settled,
  context: FailureContext,
): OxhostError {
  const undone = capitalize(notDone(context.operation));
  const details: ErrorDetails = {
    retry: 'safe',
    attempts: settled.attempts,
  };
  if (cancelled) {
    return new OxhostError('cancelled', `Stopped: ${notDone(context.operation)}.`, {
      ...details,
      exitCode: signalExitCode(context.signalName),
    });
  }
  if (reply === null) {
    const reason =
      why === 'no answer came in time'
        ? `no answer came within ${inSeconds(context.timeoutSeconds)}`
        : why;
    return new OxhostError('unreachable', `${undone}: ${reason}.`, {
      ...details,
      hint: 'Check the address and the network; the same command is safe to repeat.',
    });
  }
  const http = facts(reply, settled);
  if (reply.status >= 300 && reply.status < 400) {
    return new OxhostError(
      'redirect_refused',
      `${undone}: ${context.origin} answered with a redirect (status ${reply.status}), which is never followed, so that your key goes to no other host.`,
      {
        attempts: settled.attempts,
        http,
        hint: 'Check --api-url, OXHOST_API_URL or the address of the profile.',
      },
    );
  }
  if (reply.isTooLong) {
    return new OxhostError('bad_response', `${undone}: ${why}, and no more is read.`, {
      ...details,
      http: { ...http, body: null },
      exitCode: 1,
      retry: 'no',
      hint: 'Ask for less of it; the same command would get the same answer.',
    });
  }
  return new OxhostError('bad_response', `${undone}: ${why}${asksFor(settled)}.`, {
    ...details,
    http,
    exitCode: 1,
    hint:
      settled.retryAfterSeconds === null
        ? 'The same command is safe to repeat a little later.'
        : REPEAT_LATER,
  });
}
