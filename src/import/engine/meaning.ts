import type { Warning } from '../../api/accept.ts';
import type { Settled } from '../../api/client.ts';
import { lacksMoney, toError } from '../../api/failure.ts';
import { isRedirect, said } from '../../api/failure-words.ts';
import type { JsonObject } from '../../api/operation.ts';
import { createClient } from '../../api/operations/clients.ts';
import type { Outcome } from '../../api/outcome.ts';
import { type FieldMessage, OxhostError } from '../../errors.ts';
import { shorten } from '../../output/text.ts';
import { countRows } from '../findings.ts';
import type { NewOutcome } from '../journal/journal.ts';
import type { OutcomeStatus } from '../journal/record.ts';

/** A row whose request was answered, or is known not to have left. */
export interface SentRow {
  readonly row: number;
  readonly login: string;
  readonly mayReplacePassword: boolean;
  readonly earlierUnknown: boolean;
  readonly origin: string;
  mask(text: string): string;
}

export interface Meaning {
  readonly outcome: Omit<NewOutcome, 'login' | 'attempt'>;
  readonly warnings: readonly Warning[];
  /** What is next for a row that certainly was not created; `end` for all others. */
  readonly next: 'end' | 'after_pause' | 'after_failure' | 'with_new_password';
  /** Not the API has answered, but the page of a firewall in front of it. */
  readonly isFirewall: boolean;
}

/**
 * What the outcome of one request comes to in an import. Pure.
 * A row that is refused for a reason that is not its own, such as a bad key, is `not_sent` rather
 * than `rejected`: it certainly was not created, and is to be sent when the reason is gone.
 * @param hasWorked whether the address has proven to be that of the API, so that a 404 is about the row.
 */
export function interpret(settled: Settled, row: SentRow, hasWorked: boolean): Meaning {
  const { outcome } = settled;
  if (outcome.class === 'done') return created(outcome, row);
  const { code, details } = toRowError(settled, row);
  const meaning = (status: OutcomeStatus, message: string, next?: Meaning['next']) =>
    notCreated(status, code, message, next);
  switch (outcome.class) {
    case 'throttled': {
      const message = `the server asks to wait (status ${outcome.reply.status})`;
      return meaning('not_sent', message, 'after_pause');
    }
    case 'not_sent': {
      const { reason, message } = outcome.failure;
      const mayPass = reason === 'network' || reason === 'timeout';
      const next = mayPass ? 'after_failure' : 'end';
      return meaning('not_sent', `nothing was sent: ${message}`, next);
    }
    case 'unknown': {
      const unknown = meaning('unknown', `${outcome.why}${said(outcome.reply, row)}`);
      const answer = details.http?.body;
      return answer ? { ...unknown, outcome: { ...unknown.outcome, answer } } : unknown;
    }
    case 'rejected': {
      const words = refusalWords(outcome, details.fields, row);
      if (concernsAllRows(settled, hasWorked)) return meaning('not_sent', words);
      if (outcome.reason === 'exists') {
        const known = `probably created by an earlier attempt, which got no usable answer; ${words}`;
        return meaning('already_exists', row.earlierUnknown ? known : words);
      }
      if (outcome.reason === 'weak_password' && row.mayReplacePassword && !row.earlierUnknown) {
        return meaning('not_sent', words, 'with_new_password');
      }
      const stillUnknown = `${words}; an earlier attempt got no usable answer and may have created it`;
      const rejected = meaning('rejected', row.earlierUnknown ? stillUnknown : words);
      return { ...rejected, isFirewall: outcome.reason === 'firewall' };
    }
  }
}

type Of<Class extends Outcome['class']> = Extract<Outcome, { class: Class }>;

const LONGEST_MESSAGE = 2_000;
/** Characters of an id or a login: far more than any real one has. */
const LONGEST_NAME = 1_000;

function created({ result, warnings }: Of<'done'>, { login, mask }: SentRow): Meaning {
  const name = (member: string) => {
    const text = (result as JsonObject)[member];
    return typeof text === 'string' ? shorten(text, LONGEST_NAME) : undefined;
  };
  const [id, plesk_client_id, echoed] = ['id', 'plesk_client_id', 'login'].map(name);
  return {
    outcome: {
      status: 'created',
      ...(id !== undefined && { id }),
      ...(plesk_client_id !== undefined && { plesk_client_id }),
      ...(echoed !== undefined && echoed !== login && { echoed_login: echoed }),
    },
    warnings: warnings.map(({ code, message }) => ({
      code,
      message: shorten(mask(message), LONGEST_MESSAGE),
    })),
    next: 'end',
    isFirewall: false,
  };
}

function refusalWords(
  { reply }: Of<'rejected'>,
  fields: readonly FieldMessage[] = [],
  row: SentRow,
): string {
  const words = said(reply, row);
  const more = fields.filter(({ message }) => !words.includes(message));
  const about = more.map(({ name, message }) => `; ${name}: ${message}`);
  return `the server refused it (status ${reply.status})${words}${about.join('')}`;
}

function notCreated(
  status: OutcomeStatus,
  code: string,
  message: string,
  next: Meaning['next'] = 'end',
): Meaning {
  const error = { code, message: shorten(message, LONGEST_MESSAGE) };
  return { outcome: { status, error }, warnings: [], next, isFirewall: false };
}

/** What came of an attempt whose intent was written, but which the end of the run came before. */
export function heldBack(stop: Error | null): Meaning {
  const code = stop !== null && 'code' in stop ? String(stop.code) : 'cancelled';
  return notCreated('not_sent', code, 'the run ended before it was sent');
}

/** The same, where only a pause came before it. */
export function putOff(): Meaning {
  return notCreated('not_sent', 'rate_limited', 'a pause began before it was sent', 'after_pause');
}

/** Unknowns in a row after which the server, and not the rows, is to be doubted. */
const MOST_UNKNOWN = 50;
/** Rows in a row that a firewall's page refuses, after which it is not about the rows. */
const MOST_FIREWALLED = 5;

/** Plesk: 1006 permission; 1003, 1004, 1011, 1012 the server; 1024 a limit; 1030 the licence. */
const SERVER_CODES = new Set(['1003', '1004', '1006', '1011', '1012', '1024', '1030']);

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

  get hasWorked(): boolean {
    return this.#hasWorked;
  }

  get isFirewalled(): boolean {
    return this.#firewalled >= MOST_FIREWALLED;
  }

  see(settled: Settled, meaning: Meaning, row: SentRow): OxhostError | null {
    if (concernsAllRows(settled, this.#hasWorked)) return stopAfter(settled, row);
    const { status } = meaning.outcome;
    if (status === 'not_sent' && meaning.next !== 'with_new_password') return null;
    this.#unknown = status === 'unknown' ? this.#unknown + 1 : 0;
    this.#firewalled = meaning.isFirewall ? this.#firewalled + 1 : 0;
    if (status !== 'unknown' && !meaning.isFirewall) this.#hasWorked = true;
    if (this.#unknown >= MOST_UNKNOWN) {
      const message = `The import stopped: ${this.#unknown} rows, one after the other, got no usable answer, and each of these clients may or may not exist.`;
      const hint = `Find out what is wrong with the server first. ${CONTINUE}`;
      return new OxhostError('outcome_unknown', message, { hint });
    }
    if (this.isFirewalled) return stopAfter(settled, row);
    if (status !== 'created' && meaning.next === 'end') this.#failed += 1;
    if (this.#maxErrors === null || this.#failed < this.#maxErrors) return null;
    const message = `The import stopped: ${countRows(this.#failed)} failed, and --max-errors ends it at ${this.#maxErrors}.`;
    return new OxhostError('rejected', message, {
      ...{ hint: `Look at the results. ${CONTINUE}`, exitCode: 3 },
    });
  }
}

const SLOWER = 'Send more slowly with --rate, or allow longer waits with --max-wait.';
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
    hint: `${settled.outcome.class === 'throttled' ? SLOWER : hint} ${CONTINUE}`.trim(),
  });
}

export function toRowError(settled: Settled, { origin, mask }: SentRow): OxhostError {
  const call = { origin, operation: createClient, signalName: null, timeoutSeconds: 0, mask };
  return toError(settled, call);
}
