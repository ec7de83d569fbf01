import type { Settled } from '../../api/client.ts';
import { said } from '../../api/failure-words.ts';
import type { JsonObject } from '../../api/operation.ts';
import type { Outcome } from '../../api/outcome.ts';
import type { FieldMessage } from '../../errors.ts';
import { shorten } from '../../output/sanitize.ts';
import type { OutcomeStatus } from '../journal/record.ts';
import { concernsAllRows, type Meaning, type SentRow, toRowError } from './stop.ts';

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

/** Characters of an error or a warning. */
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
