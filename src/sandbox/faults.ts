/** Which requests a fault strikes; requests are counted from 1, those with a refused key are not. */
export type FaultTime =
  | { readonly type: 'always' }
  /** A share of the requests, from 0 to 1. */
  | { readonly type: 'share'; readonly share: number }
  | { readonly type: 'first'; readonly count: number }
  | { readonly type: 'from'; readonly number: number };

/** Faults that take the place of the answer. */
export type ReplacingFault = { readonly when: FaultTime } & (
  | { readonly kind: 'status' | 'status-after'; readonly status: number }
  | { readonly kind: 'reset' | 'reset-after' | 'broken' | 'html' }
);

/** One rule of misbehaviour; see `faultHelp` for what each kind does. */
export type Fault =
  | ReplacingFault
  | { readonly when: FaultTime; readonly kind: 'delay'; readonly milliseconds: number };

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

const kinds =
  'status=<code>, status-after=<code>, reset, reset-after, delay=<milliseconds>, broken or html';
const longestDelayMilliseconds = 3_600_000;

function wrong(rule: string, advice: string): Error {
  return new Error(`Fault rule "${rule}" cannot be used: ${advice}; the kinds are ${kinds}.`);
}

/**
 * Reads a rule of the form `<kind>[=<value>][@<when>]`, as described by `faultHelp`.
 *
 * @throws Error whose message is one sentence that names the rule and what would be right.
 */
export function parseFault(rule: string): Fault {
  const [what = '', when, ...more] = rule.split('@');
  if (more.length > 0) {
    throw wrong(rule, 'it may contain one "@" only, as in reset@3');
  }
  const equals = what.indexOf('=');
  const kind = equals === -1 ? what : what.slice(0, equals);
  const value = equals === -1 ? undefined : what.slice(equals + 1);
  const time = parseTime(rule, when);
  switch (kind) {
    case 'status':
    case 'status-after': {
      const status = parseInteger(value, 200, 599);
      if (status === undefined) {
        throw wrong(rule, `${kind} needs a status from 200 to 599, as in ${kind}=503`);
      }
      return { kind, status, when: time };
    }
    case 'delay': {
      const milliseconds = parseInteger(value, 0, longestDelayMilliseconds);
      if (milliseconds === undefined) {
        throw wrong(
          rule,
          `delay needs milliseconds from 0 to ${longestDelayMilliseconds}, as in delay=500`,
        );
      }
      return { kind, milliseconds, when: time };
    }
    case 'reset':
    case 'reset-after':
    case 'broken':
    case 'html':
      if (value !== undefined) {
        throw wrong(rule, `${kind} takes no value`);
      }
      return { kind, when: time };
    default:
      throw wrong(rule, `"${kind}" is not a kind of fault`);
  }
}

function parseTime(rule: string, when: string | undefined): FaultTime {
  if (when === undefined) {
    return { type: 'always' };
  }
  const share = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(when)?.[1];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) {
    return { type: 'share', share: Number(share) / 100 };
  }
  const isFrom = when.endsWith('-');
  const number = parseInteger(isFrom ? when.slice(0, -1) : when, 1, 999_999_999);
  if (number === undefined) {
    throw wrong(
      rule,
      'after "@" comes a count such as 3 (the first three), 3- (from the third on) or a share such as 30%',
    );
  }
  return isFrom ? { type: 'from', number } : { type: 'first', count: number };
}

function parseInteger(
  digits: string | undefined,
  minimum: number,
  maximum: number,
): number | undefined {
  if (digits === undefined || !/^\d{1,9}$/.test(digits)) {
    return undefined;
  }
  const number = Number(digits);
  return number >= minimum && number <= maximum ? number : undefined;
}

/** What happens to one request. */
export interface FaultDecision {
  readonly delayMilliseconds: number;
  readonly fault: ReplacingFault | undefined;
}

/**
 * Decides what befalls a request: the first fault that fires replaces the answer, and all delays
 * that fire add up.
 *
 * @param requestNumber - counted from 1
 * @param random - gives a number from 0 (inclusive) to 1 (exclusive)
 */
export function decideFaults(
  faults: readonly Fault[],
  requestNumber: number,
  random: () => number,
): FaultDecision {
  let delayMilliseconds = 0;
  let replacing: ReplacingFault | undefined;
  for (const fault of faults) {
    if (!fires(fault.when, requestNumber, random)) {
      continue;
    }
    if (fault.kind === 'delay') {
      delayMilliseconds += fault.milliseconds;
    } else {
      replacing ??= fault;
    }
  }
  return { delayMilliseconds, fault: replacing };
}

function fires(when: FaultTime, requestNumber: number, random: () => number): boolean {
  switch (when.type) {
    case 'always':
      return true;
    case 'share':
      return random() < when.share;
    case 'first':
      return requestNumber <= when.count;
    case 'from':
      return requestNumber >= when.number;
  }
}
