import type { JsonObject, Operation } from '../api/operation.ts';
import type { Context } from '../context.ts';
import { compactJson } from '../output/json.ts';
import { shorten } from '../output/sanitize.ts';
import { type Sent, shownResult } from './shown.ts';

const LONGEST_NOTE = 1_000;

/** What an answer has beside its `data` is not in the result; a note keeps it from being lost. */
export function noteBeside(
  { output, redactor, settings }: Pick<Context, 'output' | 'redactor' | 'settings'>,
  operation: Operation,
  beside: JsonObject,
  sent: Sent,
): void {
  const untold = settings.debug ? [] : (operation.countedBeside ?? []);
  const members = Object.entries(beside).filter(([name, value]) => {
    return value !== null && !untold.includes(name);
  });
  if (members.length === 0) return;
  const shown = compactJson(shownResult(operation, Object.fromEntries(members), sent, false).shown);
  // Masked before it is cut, or half a secret would be left.
  const text = shorten(redactor.apply(shown), LONGEST_NOTE);
  output.note('beside_the_data', `Beside the result the answer has ${text}.`);
}
