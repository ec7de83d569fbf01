import type { Field, Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { checkField, type Values } from './flags.ts';

/**
 * Asks for every required field that has no value, and then offers the optional ones. Each answer
 * is checked at its question.
 */
export async function askForMissing(
  context: Pick<Context, 'prompter' | 'settings'>,
  operation: Operation,
  fields: readonly Field[],
  given: Values,
  complete: (values: Values) => Values,
): Promise<{ values: Values; generates: boolean }> {
  let values: Values = { ...given };
  let generates = false;
  const prompter = await context.prompter();
  // What leaves out a part of the result would lose a generated password.
  const mayBeEmpty = context.settings.get === null && context.settings.fields === null;
  const inOrder = [...fields].sort((a, b) => Number(b.required) - Number(a.required));
  for (const field of inOrder) {
    values = complete(values);
    if (values[field.name] !== undefined) continue;
    const { name, question, choices, required, secret } = field;
    const soFar = values;
    const check = (answer: string) =>
      problemOf(operation, field, complete({ ...soFar, [name]: answer }));
    const doubt = (answer: string) => doubtOf(operation, field, { ...soFar, [name]: answer });
    const answer = secret
      ? await prompter.secret(mayBeEmpty ? `${question} (Enter generates one)` : question, {
          ...{ check, doubt, mayBeEmpty },
        })
      : choices !== undefined && required
        ? await prompter.select(question, choices)
        : await prompter.text(question, { required, check });
    if (secret && answer === '') generates = true;
    else if (answer.trim() !== '') values[name] = answer;
  }
  return { values, generates };
}

/** All that is wrong with an answer at once, as sentences, or null. */
function problemOf(operation: Operation, field: Field, values: Values): string | null {
  const { name } = field;
  const own = checkField(field, values[name] ?? '');
  if (own !== null) return sentence(`It ${own}`);
  const problems = operation.check?.(values, false).problems ?? [];
  const about = problems.filter((problem) => problem.name === name);
  if (about.length > 0) return about.map(({ message }) => sentence(`It ${message}`)).join(' ');
  const [other] = problems;
  return other === undefined ? null : sentence(`With it the ${other.name} ${other.message}`);
}

/** Why an answer is probably not meant, or null. */
function doubtOf(operation: Operation, { name }: Field, values: Values): string | null {
  const warnings = operation.check?.(values, false).warnings ?? [];
  const about = warnings.filter(({ field }) => field === name);
  return about.length === 0
    ? null
    : about.map(({ message }) => sentence(`It ${message}`)).join(' ');
}

function sentence(text: string): string {
  return `${text.replace(/\.$/, '')}.`;
}
