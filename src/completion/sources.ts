import type { Argument, Option } from 'commander';
import {
  ChoiceArgument,
  choicesOf,
  type DescribedCommand,
  FieldOption,
} from '../commands/options.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { isProfileName } from '../settings.ts';
import { readStore } from '../store/config-file.ts';
import { configFolder } from '../store/folders.ts';
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
    const { minimum: first, maximum: last } = option.field;
    if (first !== undefined && last !== undefined && last - first < MOST_NUMBERS) {
      return bare(Array.from({ length: last - first + 1 }, (_, index) => `${first + index}`));
    }
  }
  if (option.long === '--fields' && operation !== undefined) {
    const begun = typed.slice(0, typed.lastIndexOf(',') + 1);
    const others = operation.resultFields.filter((name) => !begun.split(',').includes(name));
    return bare(others.map((name) => `${begun}${name}`));
  }
  if (option instanceof FieldOption && option.field.name.endsWith('_id')) {
    return idsOf(system, option.field.name);
  }
  return namedBy(system, option.long === '--profile' ? 'profile' : placeholderOf(option.flags));
}

/** Unlike an option's, an operand's path is one of the API. */
export async function operandsFor(system: System, argument: Argument): Promise<Completion> {
  if (argument instanceof ChoiceArgument) return bare(argument.values);
  const name = argument.name();
  // `plesk subscription show <id>` has the only operand of that name.
  if (name === 'subscription' || name === 'id') return idsOf(system, 'subscription_id');
  return name === 'path' ? NOTHING : namedBy(system, name);
}

function placeholderOf(flags: string): string {
  return /<(.*)>/.exec(flags)?.[1] ?? '';
}

/** By the word that stands for a value in the help. */
async function namedBy(system: System, placeholder: string): Promise<Completion> {
  if (placeholder === 'file' || placeholder === 'path') return 'files';
  if (placeholder === 'folder') return 'folders';
  if (placeholder === 'number') return numbersOf(await historyOf(system));
  return placeholder === 'profile' ? bare(await profileNames(system)) : NOTHING;
}

/** Newest first. */
async function historyOf(system: System) {
  const { openHistory } = await import('../store/history.ts');
  return (await openHistory(system).list()).entries;
}

type Entries = Awaited<ReturnType<typeof historyOf>>;

function numbersOf(entries: Entries): Candidate[] {
  return entries.map(({ number, operation, login, domain }) => ({
    value: String(number),
    description: sanitizeLine([operation, login ?? domain ?? ''].join(' ').trim()),
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
