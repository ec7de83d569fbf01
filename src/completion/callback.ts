import type { Command, Option } from 'commander';
import {
  ChoiceArgument,
  type DescribedCommand,
  GLOBAL_OPTIONS,
  isRepeatable,
} from '../commands/options.ts';
import { type StillProgram, stillProgram } from '../program.ts';
import type { System } from '../system.ts';
import { isShell, type Shell } from './scripts.ts';
import {
  bare,
  type Candidate,
  type Completion,
  NOTHING,
  operandsFor,
  valuesOf,
} from './sources.ts';

/**
 * Answers a shell's script: `__complete <shell> <n> <words…>`. The answer is a line that says what
 * completes the word (`words`, `files` or `folders`), then a line for each word. It reads names of
 * profiles and the history, and says no word about a failure: the person is typing.
 * @returns the exit code.
 */
export async function answerShell(system: System): Promise<number> {
  const [, shell, count, ...words] = system.args;
  const index = Number(count);
  if (!isShell(shell) || !Number.isSafeInteger(index) || index < 0) return 2;
  try {
    // Some shells drop a word that is empty.
    const current = words[index] ?? '';
    const completion = await complete(system, words.slice(0, index), current);
    await new Promise<void>((resolve, reject) => {
      const text = answerFor(shell, completion, current);
      system.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
    return 0;
  } catch {
    return 1;
  }
}

/** zsh and fish pick what fits the word by rules of the person's own: without regard to case, for example. */
function answerFor(shell: Shell, completion: Completion, current: string): string {
  if (typeof completion === 'string') return `${completion}\n`;
  const choosesItself = shell === 'zsh' || shell === 'fish';
  const lines = completion
    .filter(({ value }) => choosesItself || value.startsWith(current))
    .map(({ value, description }) => {
      if (shell === 'bash') return value;
      if (shell !== 'zsh') return `${value}\t${description}`;
      const escaped = value.replace(/[\\:]/g, '\\$&');
      return description === '' ? escaped : `${escaped}:${description}`;
    });
  return ['words', ...lines].map((line) => `${line}\n`).join('');
}

/** Completes a word by those before it, which are read as the command line itself reads them. */
async function complete(
  system: System,
  before: readonly string[],
  current: string,
): Promise<Completion> {
  const program = stillProgram({
    start: () => {},
    enter: () => {},
    showHelp: () => {},
  });
  const place = await placeBehind(program, before);
  if (place === null) return NOTHING;
  const { command, help, pending, onlyOperands } = place;
  if (pending !== null) return valuesOf(system, pending, command, current);
  if (!onlyOperands && current.startsWith('-')) {
    const [, flag, typed = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
    if (flag === undefined) return flagsOf(place, current);
    const option = optionNamed(command, flag);
    if (option === undefined || !takesValue(option)) return NOTHING;
    const values = await valuesOf(system, option, command, typed);
    if (typeof values === 'string') return values;
    return values.map((candidate) => ({ ...candidate, value: `${flag}=${candidate.value}` }));
  }
  if (command.commands.length > 0) {
    const visible = new Set(command.createHelp().visibleCommands(command));
    const children = command.commands
      .filter((child) => visible.has(child) || (current !== '' && child.name().startsWith(current)))
      .map((child) => ({ value: child.name(), description: child.summary() }));
    const [topics] = help?.registeredArguments ?? [];
    const isTopic = command === program.root && topics instanceof ChoiceArgument;
    return [...children, ...bare(isTopic ? topics.values : [])];
  }
  if (help !== null) return NOTHING;
  const operand = command.registeredArguments[place.operands];
  if (operand !== undefined) return operandsFor(system, operand);
  // With nothing else left, flags are what can follow.
  return onlyOperands ? NOTHING : flagsOf(place, '--');
}

/** Where the words before have led; null when they name a command that there is not. */
async function placeBehind({ root, enter }: StillProgram, words: readonly string[]) {
  const place = {
    command: root as DescribedCommand,
    /** The command `help`, when it is what the words begin with. */
    help: null as Command | null,
    operands: 0,
    /** The option that the next word is the value of. */
    pending: null as Option | null,
    /** Long names of options; those of each command are its own objects. */
    given: new Set<string | undefined>(),
    /** Whether `--` has been given. */
    onlyOperands: false,
  };
  for (const word of words) {
    const { command } = place;
    if (place.pending !== null) {
      place.pending = null;
    } else if (!place.onlyOperands && word === '--') {
      place.onlyOperands = true;
    } else if (!place.onlyOperands && /^-./.test(word)) {
      for (const { option, hasValue } of optionsIn(command, word)) {
        place.given.add(option.long);
        place.pending = takesValue(option) && !hasValue ? option : null;
      }
    } else if (command.commands.length === 0) {
      place.operands += 1;
    } else {
      const child = command.commands.find((candidate) => candidate.name() === word);
      if (child === undefined) return null;
      await enter(child);
      if (command === root && place.help === null && word === 'help') place.help = child;
      else place.command = child;
    }
  }
  return place;
}

/** The options in one word: `--name`, `--name=value`, `-n`, `-nvalue`, or switches such as `-qy`. */
function optionsIn(command: Command, word: string): { option: Option; hasValue: boolean }[] {
  const name = word.startsWith('--') ? (word.split('=', 1)[0] ?? '') : word.slice(0, 2);
  const option = optionNamed(command, name);
  if (option === undefined) return [];
  const hasMore = word.length > name.length;
  const found = { option, hasValue: hasMore };
  return word.startsWith('--') || takesValue(option) || !hasMore
    ? [found]
    : [found, ...optionsIn(command, `-${word.slice(2)}`)];
}

function optionNamed(command: Command, name: string): Option | undefined {
  return allOptions(command).find(({ long, short }) => long === name || short === name);
}

/** The option for help stands among the visible ones alone. */
function allOptions(command: Command): Option[] {
  return [...new Set([...command.createHelp().visibleOptions(command), ...command.options])];
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** What may still be given, its own before the global ones; short ones only where the word may yet become one. */
function flagsOf(
  { command, given }: { command: Command; given: ReadonlySet<string | undefined> },
  current: string,
): Candidate[] {
  const isGlobal = ({ helpGroupHeading }: Option) => helpGroupHeading === GLOBAL_OPTIONS;
  return allOptions(command)
    .filter((option) => !option.hidden && (isRepeatable(option) || !given.has(option.long)))
    .sort((a, b) => Number(isGlobal(a)) - Number(isGlobal(b)))
    .flatMap(({ long, short, description }) => [
      { value: long ?? '', description },
      ...(short === undefined || current.startsWith('--') ? [] : [{ value: short, description }]),
    ]);
}
