import { type Field, membersOf } from '../api/operation.ts';
import { isBlank, textProblems } from '../plesk/characters.ts';

/** What is wrong with a value, as a fragment that follows the field's name, or null. Pure. */
export function checkField(field: Field, value: string): string | null {
  if (isBlank(value)) return 'must not be empty or blank';
  const [problem] = textProblems(value);
  if (problem !== undefined) return problem;
  if (field.kind === 'integer') {
    const problem = integerProblem(field, value);
    if (problem !== null) return problem;
  }
  if (field.kind === 'list') return membersProblem(field, membersOf(value));
  if (field.choices?.includes(value) === false) return `must be ${field.choices.join(' or ')}`;
  return field.check?.(value) ?? null;
}

function membersProblem({ check }: Field, members: readonly string[]): string | null {
  if (members.length === 0 || members.some(isBlank)) return 'must be values with commas between';
  const problem = members.map((member) => check?.(member) ?? null).find((found) => found !== null);
  return problem ?? null;
}

function integerProblem({ minimum = 0, maximum }: Field, value: string): string | null {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= minimum && number <= (maximum ?? number)) return null;
  const bounds = maximum === undefined ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return `must be a whole number ${bounds}`;
}
