import type { Argument, Option } from 'commander';
import {
  ChoiceArgument,
  choicesOf,
  type DescribedCommand,
  FieldOption,
} from '../commands/options.ts';
import { sanitizeLine } from '../output/text.ts';
import { isProfileName } from '../settings.ts';
import { readStore } from '../store/config-file.ts';
import { configFolder } from '../store/private-files.ts';
import type { System } from '../system.ts';

/** A word that may stand there; the description is empty where there is nothing to say. */
export interface Candidate {
  value: string;
  description: string;
}

export type Completion = readonly Candidate[] | 'files' | 'folders';

export const NOTHING: Completion = [];

const MOST_NUMBERS = 12;

/** What completes the value of an option. */
export async function valuesOf(
  system: System,
  option: Option,
  { operation }: DescribedCommand,
  typed: string,
): Promise<Completion> {
  const choices = choicesOf(option);
  if (choices !== null) return bare(choices);
  if (option instanceof FieldOption) {
    const { name, minimum: first, maximum: last } = option.field;
    if (name.endsWith('_id')) return idsOf(system, name);
    if (first !== undefined && last !== undefined && last - first < MOST_NUMBERS) {
      return bare(Array.from({ length: last - first + 1 }, (_, index) => `${first + index}`));
    }
  }
  const fields = operation?.resultFields ?? [];
  if (option.long === '--get') return bare(fields);
  if (option.long === '--fields') {
    const begun = typed.slice(0, typed.lastIndexOf(',') + 1);
    const others = fields.filter((name) => !begun.split(',').includes(name));
    return bare(others.map((name) => `${begun}${name}`));
  }
  if (option.long === '--profile') return bare(await profileNames(system));
  const placeholder = /<(.*)>/.exec(option.flags)?.[1];
  return placeholder === 'path' ? 'files' : filesFor(placeholder);
}

/** Unlike an option's, an operand's path is one of the API. */
export async function operandsFor(system: System, argument: Argument): Promise<Completion> {
  if (argument instanceof ChoiceArgument) return bare(argument.values);
  const name = argument.name();
  // `plesk subscription show <id>` has the only operand of that name.
  if (name === 'subscription' || name === 'id') return idsOf(system, 'subscription_id');
  if (name === 'number') return historyNumbers(system);
  return name === 'profile' ? bare(await profileNames(system)) : filesFor(name);
}

function filesFor(placeholder: string | undefined): Completion {
  if (placeholder === 'file') return 'files';
  return placeholder === 'folder' ? 'folders' : NOTHING;
}

/** Newest first. */
async function historyOf(system: System) {
  const { openHistory } = await import('../store/history.ts');
  return (await openHistory(system).list()).entries;
}

async function historyNumbers(system: System): Promise<Candidate[]> {
  return (await historyOf(system)).map(({ number, operation, login, domain }) => ({
    value: String(number),
    description: sanitizeLine(`${operation} ${login ?? domain ?? ''}`.trim()),
  }));
}

/** What this machine has made, with its login or domain. */
async function idsOf(system: System, name: string): Promise<Candidate[]> {
  const found = new Map<string, string>();
  for (const { ids, login, domain } of await historyOf(system)) {
    const id = ids?.[name];
    // A server made it: what a shell could take for more than a word is not offered.
    if (id !== undefined && /^[\w.:-]+$/.test(id) && !found.has(id)) {
      found.set(id, login ?? domain ?? '');
    }
  }
  return [...found].map(([value, text]) => ({ value, description: sanitizeLine(text) }));
}

async function profileNames(system: System): Promise<string[]> {
  const folder = configFolder(system);
  const found = folder === null ? null : await readStore(folder, system.userId(), null);
  return Object.keys(found?.store.profiles ?? {})
    .filter(isProfileName)
    .sort();
}

export const bare = (values: readonly string[]): Candidate[] =>
  values.map((value) => ({ value, description: '' }));
