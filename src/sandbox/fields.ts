import { type Answer, refuse } from './answers.ts';
import type { SandboxState } from './state.ts';

/** What is wrong with a value, as words behind the field's name, or null; undefined was not sent. */
export type Rule = (value: unknown) => string | null;

const isBlank = (value: unknown) =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
const isText: Rule = (value) => (typeof value === 'string' ? null : 'must be a string');
const required =
  (rule: Rule): Rule =>
  (value) =>
    isBlank(value) ? 'is required' : rule(value);

/** The same rule for a field that may be left out; it is then an empty text. */
export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? null : rule(value);

export const text = required(isText);
export const optionalText = optional(isText);

/** That rule for each of these fields. */
export function texts<Name extends string>(...names: readonly Name[]): Record<Name, Rule> {
  return Object.fromEntries(names.map((name) => [name, text])) as Record<Name, Rule>;
}

export const oneOf = (...allowed: readonly unknown[]): Rule =>
  required((value) => (allowed.includes(value) ? null : `must be one of: ${allowed.join(', ')}`));

export const payment = oneOf('balance', 'crypto');

/** A JSON number or a text of digits, within bounds (inclusive). */
export const integer = (minimum: number, maximum: number): Rule =>
  required((value) => {
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) return 'must be an integer';
    const isWithin = number >= minimum && number <= maximum;
    return isWithin ? null : `must be between ${minimum} and ${maximum}`;
  });

/** An array of texts, or (as the printed example has it) its JSON text. */
export const textList = required((value) => {
  const list = typeof value === 'string' ? parseJson(value) : value;
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string' || isBlank(item))) {
    return 'must be an array of strings';
  }
  return list.length === 0 ? 'must not be empty' : null;
});

/** `undefined` when it is no JSON. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** One documented operation, as the sandbox serves it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** How the values of a request travel. */
  readonly encoding: 'json' | 'form' | 'query';
  /** Checks the values sent and does what is asked; @throws Refusal */
  readonly answer: (state: SandboxState, sent: ReadonlyMap<string, unknown>) => Answer;
}

interface Definition<Name extends string> extends Partial<Omit<Endpoint, 'answer'>> {
  readonly path: string;
  /** By the names of the API reference. */
  readonly fields: Readonly<Record<Name, Rule>>;
  /** Gets every field as a text, a list as its JSON. */
  readonly run: (state: SandboxState, sent: Readonly<Record<Name, string>>) => Answer;
}

/** Puts the check of the fields before what an operation does; other fields are ignored. */
export function defineEndpoint<Name extends string>(definition: Definition<Name>): Endpoint {
  const { method = 'POST', encoding = 'json', path, fields, run } = definition;
  const answer: Endpoint['answer'] = (state, sent) => {
    const problems = Object.entries<Rule>(fields).flatMap(([name, rule]): [string, string[]][] => {
      const problem = rule(sent.get(name));
      return problem === null ? [] : [[name, [`${name} ${problem}`]]];
    });
    if (problems.length > 0) {
      refuse(422, 'The given data was invalid', Object.fromEntries(problems));
    }
    const values = Object.keys(fields).map((name) => {
      const value = sent.get(name) ?? '';
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    });
    return run(state, Object.fromEntries(values));
  };
  return { method, encoding, path, answer };
}
