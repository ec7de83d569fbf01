import { domainToASCII } from 'node:url';
import { WrittenNumber } from '../output/json.ts';
import { isObject, type JsonObject } from './operation.ts';

/** What a documented member holds: one value, an object, or a list of objects. */
export type Content = keyof typeof FAULTS | Shape | readonly [Shape];

/** The documented members of an object; one without a mark is expected. */
export interface Shape {
  readonly [name: string]: Content | Marked;
}

/**
 * How much hangs on a member. `expected`: without it, or with another kind, the answer is still
 * given, with a warning. `needed`: nothing is known of what was asked for. `needed_once_paid`: the
 * same, unless the order is pending. `optional`: may be absent or null. `right`: may be absent, but
 * is believed.
 */
type Need = 'expected' | 'needed' | 'needed_once_paid' | 'optional' | 'right';

class Marked {
  readonly need: Need;
  readonly content: Content;

  constructor(need: Need, content: Content) {
    this.need = need;
    this.content = content;
  }
}

export const needed = (content: Content) => new Marked('needed', content);
export const neededOncePaid = (content: Content) => new Marked('needed_once_paid', content);
export const optional = (content: Content) => new Marked('optional', content);
export const rightIfThere = (content: Content) => new Marked('right', content);

/** What is wrong with a value of another kind, behind its path. */
const FAULTS = {
  /** Text or number; the documentation has both. */
  id: 'is not an id',
  text: 'is not a text',
  number: 'is not a number',
  /** A decimal, as a text or as a number. */
  money: 'is not an amount',
  flag: 'is neither true nor false',
  /** A flag that says whether it was done. */
  yes: 'is not true',
  /** A text that begins with a date, or seconds since 1970. */
  time: 'is not a time',
} as const;

/** Problems leave open what happened; oddities do not. Each names its path. */
export interface Findings {
  problems: string[];
  oddities: string[];
}

/**
 * Compares an object with its documented shape. What it has beyond that is left alone. Pure.
 * @param isPending whether the order in the answer is still to be paid.
 */
export function compare(
  value: JsonObject,
  shape: Shape,
  isPending: boolean,
  path: readonly string[] = [],
): Findings {
  const findings: Findings = { problems: [], oddities: [] };
  for (const [name, member] of Object.entries(shape)) {
    const [need, content] =
      member instanceof Marked ? [member.need, member.content] : ['expected' as const, member];
    const place = [...path, name];
    const say = (fault: string) =>
      (isBinding(need, isPending) ? findings.problems : findings.oddities).push(
        `${place.join('.')} ${fault}`,
      );
    const found = value[name] ?? null;
    if (found === null) {
      if (!mayLack(need, isPending)) say('is missing');
      continue;
    }
    const fault = faultOf(found, content);
    if (fault !== null) say(fault);
    else if (isBinding(need, isPending) && found === '') say('is empty');
    else descend(found, content, isPending, place, findings);
  }
  return findings;
}

function descend(
  value: unknown,
  content: Content,
  isPending: boolean,
  place: readonly string[],
  { problems, oddities }: Findings,
): void {
  if (typeof content === 'string') return;
  const take = (member: unknown, shape: Shape, path: readonly string[]) => {
    const found = isObject(member)
      ? compare(member, shape, isPending, path)
      : { problems: [], oddities: [`${path.join('.')} is not an object`] };
    problems.push(...found.problems);
    oddities.push(...found.oddities);
  };
  if (isList(content)) {
    for (const [index, member] of (value as unknown[]).entries()) {
      take(member, content[0], [...place, String(index)]);
    }
  } else {
    take(value, content, place);
  }
}

function isList(content: Content): content is readonly [Shape] {
  return Array.isArray(content);
}

function isBinding(need: Need, isPending: boolean): boolean {
  return need === 'needed_once_paid' ? !isPending : need === 'needed' || need === 'right';
}

function mayLack(need: Need, isPending: boolean): boolean {
  return need === 'needed_once_paid' ? isPending : need === 'optional' || need === 'right';
}

function faultOf(value: unknown, content: Content): string | null {
  if (typeof content !== 'string') {
    if (isList(content)) return Array.isArray(value) ? null : 'is not a list';
    return isObject(value) ? null : 'is not an object';
  }
  return fits(value, content) ? null : FAULTS[content];
}

function fits(value: unknown, kind: keyof typeof FAULTS): boolean {
  const isNumber = typeof value === 'number' || value instanceof WrittenNumber;
  const text = typeof value === 'string' ? value.trim() : null;
  switch (kind) {
    case 'id':
      return isNumber || (text !== null && text !== '');
    case 'text':
      return text !== null;
    case 'number':
    case 'money':
      return isNumber || /^-?\d+(?:\.\d+)?$/.test(text ?? '');
    case 'flag':
      return readFlag(value) !== undefined;
    case 'yes':
      return readFlag(value) === true;
    case 'time':
      return isNumber || /^(?:\d{4}-\d\d-\d\d|\d+$)/.test(text ?? '');
  }
}

/** A flag in any of the ways in which servers write one; undefined for anything else. */
export function readFlag(value: unknown): boolean | undefined {
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  return value === false || value === 0 || value === '0' || value === 'false' ? false : undefined;
}

/** Whether an answer repeats what was sent: case and the ways to write a number do not count. */
export function echoes(returned: unknown, sent: string): boolean {
  return canonical(String(returned)) === canonical(sent);
}

function canonical(text: string): string {
  const plain = text.trim().toLowerCase();
  if (/^\d+$/.test(plain)) return plain.replace(/^0+(?=\d)/, '');
  // A domain in its own letters comes back as Punycode.
  return /[^\x00-\x7f]/.test(plain) ? domainToASCII(plain) || plain : plain;
}

/** Whether much hangs on the member at this path: what it says is believed. */
export function isStrict(shape: Shape, path: readonly string[]): boolean {
  const [name = '', ...rest] = path;
  const member = shape[name];
  const content = member instanceof Marked ? member.content : member;
  if (rest.length > 0) return isShape(content) && isStrict(content, rest);
  return member instanceof Marked && member.need !== 'optional';
}

/** Names of the flags that nothing is known without. */
export function neededFlags(shape: Shape): string[] {
  return Object.entries(shape).flatMap(([name, member]) =>
    member instanceof Marked && member.need === 'needed' && member.content === 'flag' ? [name] : [],
  );
}

function isShape(content: Content | undefined): content is Shape {
  return typeof content === 'object' && !Array.isArray(content);
}
