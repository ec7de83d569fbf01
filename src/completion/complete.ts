/** What completes the value of an option, or an operand. */
export type ValueSource =
  | { kind: 'choices'; values: readonly string[] }
  /** Some of the names, with commas between. */
  | { kind: 'list'; values: readonly string[] }
  | { kind: 'files' }
  | { kind: 'folders' }
  | { kind: 'profiles' }
  /** Nobody but the person knows it. */
  | { kind: 'free' };

export interface CompletableOption {
  /** With its dashes; so is `short`. */
  long: string;
  short: string | null;
  description: string;
  isHidden: boolean;
  isRepeatable: boolean;
  /** Null for a switch. */
  value: ValueSource | null;
}

/** A command as completion sees it. */
export interface CompletableCommand {
  name: string;
  options: readonly CompletableOption[];
  operands: readonly ValueSource[];
  children: readonly { name: string; summary: string; isHidden: boolean }[];
  /** The child of that name, with its options. */
  enter(name: string): Promise<CompletableCommand>;
}

export interface Candidate {
  value: string;
  /** Empty where there is nothing to say. */
  description: string;
}

export type Completion =
  | { kind: 'words'; candidates: readonly Candidate[] }
  | { kind: 'files' }
  | { kind: 'folders' };

const NOTHING: Completion = { kind: 'words', candidates: [] };

/**
 * Completes a word by those before it, which are read as the command line itself reads them.
 * @param before the words between the program's name and the one to be completed.
 * @param current what there is of that word; it decides what is asked for, and filters nothing.
 */
export async function complete(
  root: CompletableCommand,
  before: readonly string[],
  current: string,
  profiles: () => Promise<readonly string[]>,
): Promise<Completion> {
  const place = await placeBehind(root, before);
  if (place === null) return NOTHING;
  const { command, pending, onlyOperands } = place;
  const completionOf = (source: ValueSource, typed: string, flag = '') =>
    completeValue(source, typed, flag, profiles);
  if (pending !== null) return completionOf(pending, current);
  if (!onlyOperands && current.startsWith('-')) {
    const [, flag = '', typed = ''] = /^(--[^=]+=)(.*)$/s.exec(current) ?? [];
    if (flag === '') return { kind: 'words', candidates: flagsOf(place, current) };
    const source = optionNamed(command, flag.slice(0, -1))?.value ?? null;
    return source === null ? NOTHING : completionOf(source, typed, flag);
  }
  const topics = place.help?.operands[0];
  if (command.children.length > 0) {
    const named = command.children.filter(
      ({ name, isHidden }) => !isHidden || (current !== '' && name.startsWith(current)),
    );
    const children = named.map(({ name, summary }) => ({ value: name, description: summary }));
    const explained = topics?.kind === 'choices' && command === root ? topics.values : [];
    return { kind: 'words', candidates: [...children, ...explained.map(bare)] };
  }
  if (place.help !== null) return NOTHING;
  const operand = command.operands[place.operands];
  if (operand !== undefined) return completionOf(operand, current);
  // With nothing else left, flags are what can follow.
  return onlyOperands ? NOTHING : { kind: 'words', candidates: flagsOf(place, '--') };
}

/** Where the words before have led. */
interface Place {
  command: CompletableCommand;
  /** The command `help`, when it is what the words begin with. */
  help: CompletableCommand | null;
  /** Operands given so far. */
  operands: number;
  /** What the next word is a value of, if it is one. */
  pending: ValueSource | null;
  /** Long names of the options given so far. */
  given: ReadonlySet<string>;
  /** Whether `--` has been given. */
  onlyOperands: boolean;
}

/** @returns null when the words name a command that there is not. */
async function placeBehind(
  root: CompletableCommand,
  words: readonly string[],
): Promise<Place | null> {
  let command = root;
  let help: CompletableCommand | null = null;
  let operands = 0;
  let pending: ValueSource | null = null;
  let onlyOperands = false;
  const given = new Set<string>();
  for (const word of words) {
    if (pending !== null) {
      pending = null;
    } else if (!onlyOperands && word === '--') {
      onlyOperands = true;
    } else if (!onlyOperands && /^-./.test(word)) {
      for (const { option, hasValue } of optionsIn(command, word)) {
        given.add(option.long);
        pending = hasValue ? null : option.value;
      }
    } else if (command.children.length === 0) {
      operands += 1;
    } else if (command === root && help === null && word === 'help') {
      help = await root.enter(word);
    } else if (command.children.some(({ name }) => name === word)) {
      command = await command.enter(word);
    } else {
      return null;
    }
  }
  return { command, help, operands, pending, given, onlyOperands };
}

/** The options in one word: `--name`, `--name=value`, `-n`, `-nvalue`, or switches such as `-qy`. */
function optionsIn(
  command: CompletableCommand,
  word: string,
): { option: CompletableOption; hasValue: boolean }[] {
  if (word.startsWith('--')) {
    const [name = ''] = word.split('=', 1);
    const option = optionNamed(command, name);
    return option === undefined ? [] : [{ option, hasValue: word.length > name.length }];
  }
  const option = optionNamed(command, word.slice(0, 2));
  if (option === undefined) return [];
  const isLast = word.length === 2;
  const found = { option, hasValue: !isLast };
  return isLast || option.value !== null
    ? [found]
    : [found, ...optionsIn(command, `-${word.slice(2)}`)];
}

function optionNamed(command: CompletableCommand, name: string): CompletableOption | undefined {
  return command.options.find(({ long, short }) => long === name || short === name);
}

/** What may still be given; short ones only where the word may yet become one. */
function flagsOf({ command, given }: Place, current: string): Candidate[] {
  return command.options
    .filter(({ long, isHidden, isRepeatable }) => !isHidden && (isRepeatable || !given.has(long)))
    .flatMap(({ long, short, description }) => [
      { value: long, description },
      ...(short === null || current.startsWith('--') ? [] : [{ value: short, description }]),
    ]);
}

async function completeValue(
  source: ValueSource,
  typed: string,
  flag: string,
  profiles: () => Promise<readonly string[]>,
): Promise<Completion> {
  const words = (values: readonly string[]): Completion => ({
    kind: 'words',
    candidates: values.map((value) => bare(`${flag}${value}`)),
  });
  switch (source.kind) {
    case 'choices':
      return words(source.values);
    case 'list': {
      const first = typed.slice(0, typed.lastIndexOf(',') + 1);
      const chosen = first.split(',');
      const others = source.values.filter((value) => !chosen.includes(value));
      return words(others.map((value) => `${first}${value}`));
    }
    case 'profiles':
      return words(await profiles());
    case 'free':
      return NOTHING;
    default:
      return { kind: source.kind };
  }
}

const bare = (value: string): Candidate => ({ value, description: '' });
