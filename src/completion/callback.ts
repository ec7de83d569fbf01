import path from 'node:path';
import type { Argument, Option } from 'commander';
import {
  ChoiceArgument,
  choicesOf,
  type DescribedCommand,
  FieldOption,
  GLOBAL_OPTIONS,
  isRepeatable,
} from '../commands/options.ts';
import { type StillProgram, stillProgram } from '../program.ts';
import { isProfileName } from '../settings.ts';
import { FILE_NAME, readStore } from '../store/config-file.ts';
import { configFolder } from '../store/folders.ts';
import type { System } from '../system.ts';
import { answerFor } from './answer.ts';
import { type CompletableCommand, complete, type ValueSource } from './complete.ts';
import { isShell } from './shells.ts';

/**
 * Answers a shell's script: `__complete <shell> <n> <words…>` (see `completion/scripts.ts`). It reads
 * names of profiles and nothing else, and says no word about a failure: the person is typing.
 * @returns the exit code.
 */
export async function answerShell(system: System): Promise<number> {
  const [, shell, count, ...words] = system.args;
  const index = Number(count);
  if (!isShell(shell) || !Number.isSafeInteger(index) || index < 0) return 2;
  try {
    // Some shells drop a word that is empty.
    const current = words[index] ?? '';
    const program = stillProgram({
      start: () => {},
      enter: () => {},
      stdout: system.stdout,
      print: () => {},
      styleTitle: (title) => title,
    });
    const completion = await complete(
      completable(program, program.root),
      words.slice(0, index),
      current,
      () => profileNames(system),
    );
    await new Promise<void>((resolve, reject) => {
      const text = answerFor(shell, completion, current);
      system.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
    return 0;
  } catch {
    return 1;
  }
}

function completable(program: StillProgram, command: DescribedCommand): CompletableCommand {
  const help = command.createHelp();
  const visibleCommands = new Set(help.visibleCommands(command));
  // The option for help stands among the visible ones alone.
  const options = [...new Set([...help.visibleOptions(command), ...command.options])];
  const isGlobal = ({ helpGroupHeading }: Option) => helpGroupHeading === GLOBAL_OPTIONS;
  const ownFirst = options.toSorted((a, b) => Number(isGlobal(a)) - Number(isGlobal(b)));
  return {
    name: command.name(),
    options: ownFirst.map((option) => ({
      long: option.long ?? '',
      short: option.short ?? null,
      description: option.description,
      isHidden: option.hidden,
      isRepeatable: isRepeatable(option),
      value: option.required || option.optional ? sourceOf(option, command) : null,
    })),
    operands: command.registeredArguments.map(operandSource),
    children: command.commands.map((child) => ({
      name: child.name(),
      summary: child.summary(),
      isHidden: !visibleCommands.has(child),
    })),
    async enter(name) {
      const child = command.commands.find((candidate) => candidate.name() === name);
      if (child === undefined) throw new Error(`there is no command ${name}`);
      await program.enter(child);
      return completable(program, child);
    },
  };
}

/** What the word that stands for a value in the help says of it. */
const SOURCES: Readonly<Record<string, ValueSource>> = {
  file: { kind: 'files' },
  path: { kind: 'files' },
  folder: { kind: 'folders' },
  profile: { kind: 'profiles' },
};

function sourceOf(option: Option, { operation }: DescribedCommand): ValueSource {
  const values = choicesOf(option) ?? (option instanceof FieldOption ? numbersOf(option) : null);
  if (values !== null) return { kind: 'choices', values };
  if (option.long === '--profile') return { kind: 'profiles' };
  if (option.long === '--fields' && operation !== undefined) {
    return { kind: 'list', values: operation.resultFields };
  }
  return SOURCES[/<(.*)>/.exec(option.flags)?.[1] ?? ''] ?? { kind: 'free' };
}

const MOST_NUMBERS = 12;

/** A number that can be one of few. */
function numbersOf({ field: { minimum, maximum } }: FieldOption): string[] | null {
  if (minimum === undefined || maximum === undefined || maximum - minimum >= MOST_NUMBERS) {
    return null;
  }
  return Array.from({ length: maximum - minimum + 1 }, (_, index) => String(minimum + index));
}

/** Unlike an option's, an operand's path is one of the API. */
function operandSource(argument: Argument): ValueSource {
  if (argument instanceof ChoiceArgument) return { kind: 'choices', values: argument.values };
  const name = argument.name();
  return (name === 'path' ? undefined : SOURCES[name]) ?? { kind: 'free' };
}

async function profileNames(system: System): Promise<string[]> {
  const file = path.join(configFolder(system), `${FILE_NAME}.json`);
  const store = await readStore(file, async () => {});
  return Object.keys(store?.profiles ?? {})
    .filter(isProfileName)
    .sort();
}
