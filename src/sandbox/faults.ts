import type { Answer } from './answers.ts';

/** One rule of misbehaviour; see `faultHelp` for what each kind does. */
export interface Fault {
  readonly kind: 'status' | 'status-after' | 'reset' | 'reset-after' | 'delay' | 'broken' | 'html';
  /** A status, or a delay in milliseconds; 0 for the other kinds. */
  readonly value: number;
  /** It strikes the requests with these numbers, counted from 1, those with a refused key not. */
  readonly first: number;
  readonly last: number;
  /** Of those it strikes so large a part, drawn at random; above 0, up to 1. */
  readonly share: number;
}

/** The grammar of fault rules, for help texts. */
export const faultHelp: readonly { readonly rule: string; readonly meaning: string }[] = [
  { rule: 'status=<code>', meaning: 'stores nothing and answers with this status (200 to 599)' },
  { rule: 'status-after=<code>', meaning: 'stores, then answers with this status (200 to 599)' },
  { rule: 'reset', meaning: 'stores nothing and resets the connection' },
  { rule: 'reset-after', meaning: 'stores, then resets the connection' },
  { rule: 'delay=<milliseconds>', meaning: 'stores, and answers normally that much later' },
  { rule: 'broken', meaning: 'stores, then answers 200 with JSON cut in the middle' },
  { rule: 'html', meaning: 'stores, then answers 200 with an HTML page' },
  { rule: '…@<n>', meaning: 'only the first n requests' },
  { rule: '…@<n>-', meaning: 'only from the nth request on' },
  { rule: '…@<share>%', meaning: 'only this share of the requests, drawn at random' },
];

const KIND =
  /^(?:(?<plain>reset|reset-after|broken|html)|(?<coded>status|status-after)=(?<code>[2-5]\d\d)|delay=(?<delay>\d{1,7}))$/;
const WHEN = /^(?:(?<count>[1-9]\d{0,8})(?<dash>-?)|(?<percent>\d{1,3}(?:\.\d{1,6})?)%)$/;

/**
 * Reads a rule of the form `<kind>[=<value>][@<when>]`, as described by `faultHelp`.
 * @throws Error whose message is one sentence that names the rule and what would be right.
 */
export function parseFault(rule: string): Fault {
  const [, kind = '', when] = /^([^@]*)(?:@(.*))?$/s.exec(rule) ?? [];
  const what = KIND.exec(kind)?.groups;
  const time = when === undefined ? {} : WHEN.exec(when)?.groups;
  const value = Number(what?.['code'] ?? what?.['delay'] ?? 0);
  const share = Number(time?.['percent'] ?? 100) / 100;
  if (!what || !time || value > 3_600_000 || share <= 0 || share > 1) {
    throw new Error(
      `Fault rule "${rule}" cannot be used: it is status=<200 to 599>, status-after=<200 to 599>, ` +
        'reset, reset-after, delay=<milliseconds, up to 3600000>, broken or html, and may end in ' +
        '@3 (only the first three requests), @3- (from the third on) or @30% (a share).',
    );
  }
  const { count, dash } = time;
  const name = (what['plain'] ?? what['coded'] ?? 'delay') as Fault['kind'];
  const first = dash === '-' ? Number(count) : 1;
  const last = dash === '' ? Number(count) : Infinity;
  return { kind: name, value, first, last, share };
}

/**
 * Decides what befalls a request: the first fault that strikes replaces the answer, and all delays
 * that strike add up.
 */
export function decideFaults(
  faults: readonly Fault[],
  number: number,
  random: () => number,
): { readonly fault: Fault | undefined; readonly delayMilliseconds: number } {
  const striking = faults.filter(
    ({ first, last, share }) =>
      number >= first && number <= last && (share === 1 || random() < share),
  );
  const isDelay = ({ kind }: Fault) => kind === 'delay';
  return {
    fault: striking.find((fault) => !isDelay(fault)),
    delayMilliseconds: striking.filter(isDelay).reduce((sum, { value }) => sum + value, 0),
  };
}

/** What goes over the wire: a whole HTTP reply, or a connection that is reset. */
export type Reply = WholeReply | 'reset';

interface WholeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const page = '<!DOCTYPE html><title>Please wait</title><h1>Checking your browser</h1>\n';

/** An answer as it is meant to be sent. */
export function jsonReply({ status, headers, body }: Answer): WholeReply {
  const all = { 'content-type': 'application/json', ...headers };
  return { status, headers: all, body: JSON.stringify(body) };
}

/** The reply to a request that a fault strikes; some faults store nothing and carry nothing out. */
export function faultyReply(
  { kind, value: status }: Fault,
  location: string,
  carryOut: () => Answer,
): Reply {
  if (kind === 'reset') return 'reset';
  if (kind === 'status') return statusReply(status, location);
  const answer = carryOut();
  if (kind === 'reset-after') return 'reset';
  if (kind === 'html') {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
  if (kind === 'broken') {
    const { headers, body } = jsonReply(answer);
    return { status: 200, headers, body: body.slice(0, Math.floor(body.length / 2)) };
  }
  return status < 300 && hasBody(status)
    ? jsonReply({ ...answer, status })
    : statusReply(status, location);
}

function statusReply(status: number, location: string): Reply {
  if (!hasBody(status)) return { status, headers: {}, body: '' };
  return jsonReply({
    status,
    headers: {
      ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
      ...([301, 302, 303, 307, 308].includes(status) ? { location } : {}),
    },
    body: { success: status < 300, message: `Status ${status}, as a fault rule asked for` },
  });
}

/** Whether HTTP lets a response of this status have content (RFC 9110 sections 15.3.5 to 15.4.5). */
function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}
