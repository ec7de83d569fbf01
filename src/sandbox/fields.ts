import { type Answer, refuse } from './answers.ts';
import type { SandboxState } from './state.ts';

type Checked<T> = { readonly value: T } | { readonly problem: string };

/** Reads one field; `undefined` stands for a field that was not sent. */
export type Rule<T> = (value: unknown) => Checked<T>;

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** The rule for a field that has to be there. */
function required<T>(rule: Rule<T>): Rule<T> {
  return (value) => (isBlank(value) ? { problem: 'is required' } : rule(value));
}

/** The same rule for a field that may be left out. */
export function optional<T>(rule: Rule<T>): Rule<T | undefined> {
  return (value) => (value === undefined ? { value } : rule(value));
}

const string: Rule<string> = (value) =>
  typeof value === 'string' ? { value } : { problem: 'must be a string' };

/** A required string that is not blank. */
export const text = required(string);

/** That rule for each of these fields. */
export function texts<Name extends string>(...names: readonly Name[]): Record<Name, Rule<string>> {
  return Object.fromEntries(names.map((name) => [name, text])) as Record<Name, Rule<string>>;
}

/** A string that may be left out, or be empty. */
export const optionalText = optional(string);

/** A required string out of a closed list. */
export function oneOf<const Allowed extends string>(...allowed: readonly Allowed[]): Rule<Allowed> {
  return required((value) => {
    const found = allowed.find((candidate) => candidate === value);
    return found === undefined
      ? { problem: `must be one of: ${allowed.join(', ')}` }
      : { value: found };
  });
}

/** How an order is paid. */
export const payment = oneOf('balance', 'crypto');

/** A required integer, as a JSON number or a string of digits, within bounds (inclusive). */
export function integer(minimum: number, maximum: number): Rule<number> {
  return required((value) => {
    const isDigits = typeof value === 'string' && /^\d{1,9}$/.test(value);
    const number = isDigits ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return { problem: 'must be an integer' };
    }
    return number >= minimum && number <= maximum
      ? { value: number }
      : { problem: `must be between ${minimum} and ${maximum}` };
  });
}

/** A required list of strings: an array, or (as the printed example has it) its JSON text. */
export const textList: Rule<readonly string[]> = required((value) => {
  const list = typeof value === 'string' ? parseJson(value) : value;
  const isItem = (item: unknown) => typeof item === 'string' && !isBlank(item);
  if (!Array.isArray(list) || !list.every(isItem)) {
    return { problem: 'must be an array of strings' };
  }
  return list.length === 0 ? { problem: 'must not be empty' } : { value: list };
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

/** The fields of an operation, by the names of the API reference. */
type Fields = Readonly<Record<string, Rule<unknown>>>;

interface Definition<F extends Fields> extends Partial<Omit<Endpoint, 'answer'>> {
  readonly path: string;
  readonly fields: F;
  readonly run: (
    state: SandboxState,
    input: { readonly [Name in keyof F]: F[Name] extends Rule<infer T> ? T : never },
  ) => Answer;
}

/** Puts the check of the fields before what an operation does; other fields are ignored. */
export function defineEndpoint<F extends Fields>(definition: Definition<F>): Endpoint {
  const { method = 'POST', encoding = 'json', path, fields, run } = definition;
  const answer: Endpoint['answer'] = (state, sent) => {
    const input: [string, unknown][] = [];
    const problems: [string, string[]][] = [];
    for (const [name, rule] of Object.entries(fields)) {
      const checked = rule(sent.get(name));
      if ('problem' in checked) problems.push([name, [`${name} ${checked.problem}`]]);
      else input.push([name, checked.value]);
    }
    if (problems.length > 0) {
      refuse(422, 'The given data was invalid', Object.fromEntries(problems));
    }
    return run(state, Object.fromEntries(input) as Parameters<typeof run>[1]);
  };
  return { method, encoding, path, answer };
}
