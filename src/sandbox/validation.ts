import type { FieldErrors } from './answers.ts';

type Checked<T> = { readonly value: T } | { readonly problem: string };

/** Reads one field; `undefined` stands for a field that was not sent. */
export type Rule<T> = (value: unknown) => Checked<T>;

/** The fields of an operation, by the names of the API reference. */
export type Fields = Readonly<Record<string, Rule<unknown>>>;

/** What the fields hold once they have been checked. */
export type Input<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Rule<infer T> ? T : never;
};

const missing = { problem: 'is required' };

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/** A required string that is not blank. */
export const text: Rule<string> = (value) => {
  if (isBlank(value)) {
    return missing;
  }
  return typeof value === 'string' ? { value } : { problem: 'must be a string' };
};

/** A string that may be left out, or be empty. */
export const optionalText: Rule<string | undefined> = (value) =>
  value === undefined || typeof value === 'string' ? { value } : { problem: 'must be a string' };

/** A required string out of a closed list. */
export function oneOf<const Allowed extends string>(...allowed: readonly Allowed[]): Rule<Allowed> {
  return (value) => {
    if (isBlank(value)) {
      return missing;
    }
    const found = allowed.find((candidate) => candidate === value);
    return found === undefined
      ? { problem: `must be one of: ${allowed.join(', ')}` }
      : { value: found };
  };
}

/** The same rule for a field that may be left out. */
export function optional<T>(rule: Rule<T>): Rule<T | undefined> {
  return (value) => (value === undefined ? { value } : rule(value));
}

/** A required integer, as a JSON number or a string of digits, within bounds (inclusive). */
export function integer(minimum: number, maximum: number): Rule<number> {
  return (value) => {
    if (isBlank(value)) {
      return missing;
    }
    const isDigits = typeof value === 'string' && /^\d{1,9}$/.test(value);
    const number = isDigits ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return { problem: 'must be an integer' };
    }
    return number >= minimum && number <= maximum
      ? { value: number }
      : { problem: `must be between ${minimum} and ${maximum}` };
  };
}

/** A required list of strings: an array, or (as the printed example has it) its JSON text. */
export const textList: Rule<readonly string[]> = (value) => {
  if (isBlank(value)) {
    return missing;
  }
  const list = typeof value === 'string' ? parseList(value) : value;
  const isList =
    Array.isArray(list) && list.every((item) => typeof item === 'string' && !isBlank(item));
  if (!isList) {
    return { problem: 'must be an array of strings' };
  }
  return list.length === 0 ? { problem: 'must not be empty' } : { value: list };
};

function parseList(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Checks all fields, so that every problem is told at once; what is not a field is ignored. */
export function checkFields<F extends Fields>(
  fields: F,
  sent: ReadonlyMap<string, unknown>,
): { readonly input: Input<F> } | { readonly errors: FieldErrors } {
  const values: [string, unknown][] = [];
  const problems: [string, string[]][] = [];
  for (const [name, rule] of Object.entries(fields)) {
    const checked = rule(sent.get(name));
    if ('problem' in checked) {
      problems.push([name, [`${name} ${checked.problem}`]]);
    } else {
      values.push([name, checked.value]);
    }
  }
  return problems.length > 0
    ? { errors: Object.fromEntries(problems) }
    : { input: Object.fromEntries(values) as Input<F> };
}
