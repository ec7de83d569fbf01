import type { Warning } from '../../api/accept.ts';
import type { Settled } from '../../api/client.ts';
import { lacksMoney, toError } from '../../api/failure.ts';
import { isRedirect } from '../../api/failure-words.ts';
import { createClient } from '../../api/operations/clients.ts';
import type { Outcome } from '../../api/outcome.ts';
import { OxhostError } from '../../errors.ts';
import type { NewOutcome } from '../journal/journal.ts';

/** A row whose request was answered, or is known not to have left. */
export interface SentRow {
  readonly row: number;
  readonly login: string;
  /** The password was generated, and another one may take its place. */
  readonly mayReplacePassword: boolean;
  /** An earlier attempt may have created the client. */
  readonly earlierUnknown: boolean;
  readonly origin: string;
  /** Masks secrets in the server's words. */
  mask(text: string): string;
}

/** What an answer means for its row. */
export interface Meaning {
  readonly outcome: Omit<NewOutcome, 'login' | 'attempt'>;
  readonly warnings: readonly Warning[];
  /** What is next for a row that certainly was not created; `end` for all others. */
  readonly next: 'end' | 'after_pause' | 'after_failure' | 'with_new_password';
  /** Not the API has answered, but the page of a firewall in front of it. */
  readonly isFirewall: boolean;
}

/** Unknowns in a row after which the server, and not the rows, is to be doubted. */
const MOST_UNKNOWN = 50;
/** Rows in a row that a firewall's page refuses, after which it is not about the rows. */
const MOST_FIREWALLED = 5;

/** Plesk: 1006 permission; 1003, 1004, 1011, 1012 the server; 1024 a limit; 1030 the licence. */
const SERVER_CODES = new Set(['1003', '1004', '1006', '1011', '1012', '1024', '1030']);

/** Whether every other row would meet the same. Pure. */
export function concernsAllRows({ outcome }: Settled, hasWorked: boolean): boolean {
  switch (outcome.class) {
    case 'done':
    case 'throttled':
      return false;
    case 'not_sent':
      return !['network', 'timeout'].includes(outcome.failure.reason);
    case 'unknown':
      return outcome.reply !== null && isRedirect(outcome.reply);
    case 'rejected': {
      const { reason, reply, refusal } = outcome;
      if (reason === 'auth' || reason === 'redirect') return true;
      if (reason !== 'refused') return false;
      if (reply.status === 404 || reply.status === 405) return !hasWorked;
      return lacksMoney(outcome) || SERVER_CODES.has(refusal.code ?? '');
    }
  }
}

/**
 * What stops a run, apart from the disk and a signal: what would meet every row, what goes on for
 * too long, and as many failures as a person allows. Looks at the answers in the order in which they come.
 */
export class Stops {
  readonly #maxErrors: number | null;
  #hasWorked = false;
  #unknown = 0;
  #firewalled = 0;
  #failed = 0;

  constructor(maxErrors: number | null) {
    this.#maxErrors = maxErrors;
  }

  /** Whether the address has proven to be that of the API. */
  get hasWorked(): boolean {
    return this.#hasWorked;
  }

  /** So many pages of a firewall in a row that they are not about the rows. */
  get isFirewalled(): boolean {
    return this.#firewalled >= MOST_FIREWALLED;
  }

  /** Takes an answer in; gives the reason to stop, if it is one. */
  see(settled: Settled, meaning: Meaning, row: SentRow): OxhostError | null {
    if (concernsAllRows(settled, this.#hasWorked)) return stopAfter(settled, row);
    const { status } = meaning.outcome;
    if (status === 'not_sent' && meaning.next !== 'with_new_password') return null;
    this.#unknown = status === 'unknown' ? this.#unknown + 1 : 0;
    this.#firewalled = meaning.isFirewall ? this.#firewalled + 1 : 0;
    if (status !== 'unknown' && !meaning.isFirewall) this.#hasWorked = true;
    if (this.#unknown >= MOST_UNKNOWN) return tooManyUnknown(this.#unknown);
    if (this.isFirewalled) return stopAfter(settled, row);
    if (status !== 'created' && meaning.next === 'end') this.#failed += 1;
    return this.#maxErrors !== null && this.#failed >= this.#maxErrors
      ? tooManyErrors(this.#failed, this.#maxErrors)
      : null;
  }
}

const CONTINUE =
  'Then run the same command again: it goes on where it stopped and sends nothing twice.';

/** The run ends with this answer, since the next row would get the same or is not safe to send. */
export function stopAfter(settled: Settled, row: SentRow): OxhostError {
  const { code, message, details } = toRowError(settled, row);
  const { http, fields: _fields, hint = '', ...rest } = details;
  const where = `The import stopped at row ${row.row} (${row.login}).`;
  return new OxhostError(code, `${where} ${message}`, {
    ...rest,
    // It is shown when nobody knows the password of this row any more.
    ...(http && { http: { ...http, request_id: http.request_id && row.mask(http.request_id) } }),
    hint: `${advice(settled.outcome, row) ?? hint} ${CONTINUE}`.trim(),
  });
}

/** A row's failure as that of a single create. */
export function toRowError(settled: Settled, { origin, mask }: SentRow): OxhostError {
  const call = { origin, operation: createClient, signalName: null, timeoutSeconds: 0, mask };
  return toError(settled, call);
}

/** What to do first, where a single create's hint would not do. */
function advice(outcome: Outcome, { login }: SentRow): string | null {
  if (outcome.class === 'unknown') {
    return `Look in the panel for ${login}, and check the address of the API and any proxy.`;
  }
  if (outcome.class === 'throttled') {
    return 'Send more slowly with --rate, or allow longer waits with --max-wait.';
  }
  if (outcome.class === 'not_sent') {
    const hasHint = ['certificate', 'proxy'].includes(outcome.failure.reason);
    return hasHint ? null : 'Check the address and the network.';
  }
  if (outcome.class !== 'rejected') return null;
  if (outcome.reason === 'firewall') {
    return 'Ask the provider to let this machine through the firewall in front of the server; a slower --rate may do, too.';
  }
  if (outcome.reason !== 'refused') return null;
  if (lacksMoney(outcome)) return 'Top up the balance of your account.';
  const isAddress = outcome.reply.status === 404 || outcome.reply.status === 405;
  return isAddress ? null : 'Clear that up with the provider.';
}

function tooManyUnknown(count: number): OxhostError {
  const message = `The import stopped: ${count} rows, one after the other, got no usable answer, and each of these clients may or may not exist.`;
  return new OxhostError('outcome_unknown', message, {
    hint: `Find out what is wrong with the server first. ${CONTINUE}`,
  });
}

function tooManyErrors(failed: number, maxErrors: number): OxhostError {
  const rows = failed === 1 ? '1 row' : `${failed} rows`;
  return new OxhostError(
    'rejected',
    `The import stopped: ${rows} failed, and --max-errors ends it at ${maxErrors}.`,
    { hint: `Look at the results. ${CONTINUE}`, exitCode: 3 },
  );
}

/** Nothing is sent that cannot be recorded. */
export function journalFailed({ message, details }: OxhostError): OxhostError {
  const stopped = `The import stopped: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return new OxhostError('config_error', stopped, { ...details, retry: 'after_fix' });
}
