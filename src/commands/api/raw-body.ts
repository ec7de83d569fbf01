import { OxhostError } from '../../errors.ts';
import type { RawField } from './raw-fields.ts';

/** A part of a JSON body; `json` is the text of a whole value, in which numbers stay as written. */
type Part =
  | { kind: 'value'; json: string }
  | { kind: 'list'; items: Part[] }
  | { kind: 'object'; members: Map<string, Part> };

/**
 * The steps of a field's name: `a[b][]` is `a`, then `b`, then one more item. Pure.
 * @throws OxhostError `usage` for brackets that do not pair.
 */
export function stepsOf(name: string): string[] {
  const [, first = '', rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? [];
  if (first === '') {
    throw new OxhostError(
      'usage',
      `The name ${name} has brackets that do not pair; it must be such as key, key[member] or key[].`,
    );
  }
  return [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, step = '']) => step)];
}

/**
 * The fields as a JSON object. `a[b]=c` is a member of an object, `a[]=c` one more item of a list,
 * and `a[][b]=c` a member of its last item, or of a new one when that has it already. Pure.
 * @throws OxhostError `usage` for a name given twice, or used in two ways.
 */
export function jsonBody(fields: readonly RawField[]): string {
  const root: Part = { kind: 'object', members: new Map() };
  for (const field of fields) place(root, stepsOf(field.name), field);
  return textOf(root);
}

function place(root: Part, steps: readonly string[], { name, json }: RawField): void {
  // An empty list is given by its name alone.
  const value: Part | null = json === null ? null : { kind: 'value', json };
  let parent = root;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    const wanted = next === undefined ? value : emptyFor(next);
    if (wanted === null) return;
    parent = enter(parent, step, wanted, steps.slice(index + 1), name);
  }
}

function emptyFor(step: string): Part {
  return step === '' ? { kind: 'list', items: [] } : { kind: 'object', members: new Map() };
}

/** The part that a step leads to, made where it is not there. */
function enter(
  parent: Part,
  step: string,
  wanted: Part,
  further: readonly string[],
  name: string,
): Part {
  if (parent.kind === 'list' && step === '') {
    const last = parent.items.at(-1);
    if (last !== undefined && wanted.kind !== 'value' && isOpen(last, further)) return last;
    parent.items.push(wanted);
    return wanted;
  }
  if (parent.kind !== 'object' || step === '') throw twoWays(name);
  const there = parent.members.get(step);
  if (there === undefined) {
    parent.members.set(step, wanted);
    return wanted;
  }
  if (there.kind === 'value' && wanted.kind === 'value') {
    throw new OxhostError('usage', `The field ${name} is given twice.`);
  }
  if (there.kind !== wanted.kind) throw twoWays(name);
  return there;
}

/** Whether the last item of a list still lacks what is to be placed in it. */
function isOpen(item: Part, [step = '']: readonly string[]): boolean {
  if (item.kind === 'list') return step === '';
  if (item.kind === 'value' || step === '') return false;
  const there = item.members.get(step);
  return there === undefined || there.kind === 'list';
}

function twoWays(name: string): OxhostError {
  return new OxhostError(
    'usage',
    `The field ${name} is given as a value, an object or a list at once.`,
  );
}

function textOf(part: Part): string {
  if (part.kind === 'value') return part.json;
  if (part.kind === 'list') return `[${part.items.map(textOf).join(',')}]`;
  const members = [...part.members].map(
    ([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`,
  );
  return `{${members.join(',')}}`;
}

/** The fields as a form or a query, under their names as they were given. Pure. */
export function formPairs(fields: readonly RawField[]): [string, string][] {
  return fields.flatMap(({ name, text, json }): [string, string][] =>
    json === null ? [] : [[name, text]],
  );
}
