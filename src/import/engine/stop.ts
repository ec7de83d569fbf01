import type { Settled } from '../../api/client.ts';
import { toError } from '../../api/failure.ts';
import type { Reply } from '../../api/http.ts';
import { createClient } from '../../api/operations/clients.ts';
import type { Outcome } from '../../api/outcome.ts';
import { type ErrorCode, type ErrorDetails, OxhostError } from '../../errors.ts';
import type { SignalName } from '../../system.ts';
import { ForeignWriterError, type JournalError } from '../journal/errors.ts';

/** The row whose answer ends the run. */
export interface StoppingRow {
  row: number;
  login: string;
  origin: string;
  /** Masks secrets in the server's words. */
  redact: (text: string) => string;
}

const CONTINUE =
  'Then run the same command again: it goes on where it stopped and sends nothing twice.';

/** The run ends with this answer, since the next row would get the same or is not safe to send. */
export function stopAfter(settled: Settled, row: StoppingRow): OxhostError {
  const { outcome } = settled;
  const error = toRowError(settled, row, row.origin);
  const { http, retry } = error.details;
  const details: ErrorDetails = {
    ...(http !== undefined && { http: { ...http, body: http.body && row.redact(http.body) } }),
    ...(retry !== undefined && { retry }),
  };
  if (outcome.class === 'unknown') return stopAfterUnknown(outcome, row, details);
  return new OxhostError(error.code, row.redact(`The import stopped. ${error.message}`), {
    ...details,
    hint: `${advice(outcome) ?? error.details.hint ?? ''} ${CONTINUE}`.trim(),
  });
}

/** A row's error code: that of a single create. */
export function rowCode(settled: Settled): ErrorCode {
  return toRowError(settled, { row: 0, login: '' }, '').code;
}

/** A single row's failure in the words and under the code of a single create. */
function toRowError(
  settled: Settled,
  { row, login }: Pick<StoppingRow, 'row' | 'login'>,
  origin: string,
): OxhostError {
  return toError(settled, {
    origin,
    operation: {
      ...createClient,
      words: { ...createClient.words, subject: `row ${row} (${login})` },
    },
    signalName: null,
    timeoutSeconds: 0,
  });
}

function stopAfterUnknown(
  { reply }: Extract<Outcome, { class: 'unknown' }>,
  { row, login, origin, redact }: StoppingRow,
  details: ErrorDetails,
): OxhostError {
  const redirected = isRedirect(reply);
  const what = redirected
    ? `${origin} answered row ${row} (${login}) with a redirect (status ${reply?.status}), which is never followed`
    : `the answer to row ${row} (${login}) names another login, so answers are being mixed up`;
  return new OxhostError(
    redirected ? 'outcome_unknown' : 'bad_response',
    redact(`The import stopped: ${what}. That client may or may not exist.`),
    {
      ...details,
      hint: `Look in the panel for ${login}, and check the address of the API and any proxy. ${CONTINUE}`,
    },
  );
}

const BALANCE_TEXT = /insufficient (?:balance|credit|funds)|payment required/i;

export function isAboutBalance({ reply, refusal }: Extract<Outcome, { class: 'rejected' }>) {
  return reply.status === 402 || BALANCE_TEXT.test(refusal.message ?? '');
}

export function isRedirect(reply: Reply | null): boolean {
  return reply !== null && reply.status >= 300 && reply.status <= 399;
}

/** What to do first, where a single create's hint would not do. */
function advice(outcome: Outcome): string | null {
  if (outcome.class === 'not_sent') {
    return outcome.failure.reason === 'certificate' || outcome.failure.reason === 'proxy'
      ? null
      : 'Check the address and the network.';
  }
  if (outcome.class === 'throttled')
    return 'Send more slowly with --rate, or allow longer waits with --max-wait.';
  if (outcome.class !== 'rejected' || outcome.reason !== 'refused') return null;
  if (isAboutBalance(outcome)) return 'Top up the balance of your account.';
  return outcome.reply.status === 404 || outcome.reply.status === 405
    ? null
    : 'Clear that up with the provider.';
}

export function tooManyUnknown(count: number): OxhostError {
  return new OxhostError(
    'outcome_unknown',
    `The import stopped: ${count} rows, one after the other, got no usable answer, and each of these clients may or may not exist.`,
    {
      hint: `Find out what is wrong with the server, and look in the panel which of them are there. ${CONTINUE} What is unknown is sent once more only with --retry-unknown.`,
    },
  );
}

export function tooManyErrors(failed: number, maxErrors: number, unknown: number): OxhostError {
  return new OxhostError(
    unknown > 0 ? 'outcome_unknown' : 'rejected',
    `The import stopped: ${failed === 1 ? '1 row' : `${failed} rows`} failed, and --max-errors ends it at ${maxErrors}.`,
    {
      hint: `Look at the results. ${CONTINUE}`,
      ...(unknown === 0 && { exitCode: 3 }),
    },
  );
}

export function journalFailed(failure: JournalError): OxhostError {
  const { message } = failure;
  const advised =
    failure instanceof ForeignWriterError
      ? 'Find out who moved or changed it, and let no other run go on meanwhile. Put the journal that this run had back in its place, or name its folder with --journal.'
      : 'Set that right.';
  return new OxhostError(
    'internal',
    `The import stopped, since nothing is sent that cannot be recorded: ${message}.`,
    { retry: 'after_fix', hint: `${advised} ${CONTINUE}` },
  );
}

/** The drain may also have been asked for by something else than a signal. */
export function signalOf({ aborted, reason }: AbortSignal): SignalName | null {
  return aborted && (reason === 'SIGINT' || reason === 'SIGTERM') ? reason : null;
}
