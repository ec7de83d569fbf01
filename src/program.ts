import { Command, CommanderError, type Option } from 'commander';
import { type Group, type Leaf, TREE } from './command-tree.ts';
import { addGlobalOptions, globalOptions, type Start } from './commands/options.ts';
import { otherOption } from './help/suggestions.ts';

export interface ProgramOptions {
  start: Start;
  /** Told which command it is, before its options are read. */
  enter: (command: Pick<Leaf, 'creates'>) => void;
  /** Told whose help is asked for, before commander's error for it. */
  showHelp: (command: Command) => void;
}

/** The same, with the options that all commands share. */
interface WithGlobals extends ProgramOptions {
  globals: readonly Option[];
}

/** A fresh root command; it throws CommanderError instead of ending the process. */
export function createProgram(given: ProgramOptions): Command {
  const options = { ...given, globals: globalOptions() };
  const root = new Command('oxhost');
  configure(root, options);
  addChildren(root, TREE, options);
  return root;
}

/** A program to be looked at and not to be run. */
export interface StillProgram {
  root: Command;
  /** Gives a child of the root, or of a command entered before, its own options and children. */
  enter(command: Command): Promise<void>;
}

export function stillProgram(options: ProgramOptions): StillProgram {
  const still = { ...options, start: () => {}, globals: globalOptions() };
  const root = createProgram(still);
  const childrenOf = new Map<Command, readonly (Leaf | Group)[]>([[root, TREE]]);
  return {
    root,
    async enter(command) {
      const siblings = command.parent === null ? undefined : childrenOf.get(command.parent);
      const child = siblings?.find(({ name }) => name === command.name());
      if (child === undefined || childrenOf.has(command)) return;
      childrenOf.set(command, 'children' in child ? child.children : []);
      await addOptions(command, child, still);
      if (!('children' in child)) Object.assign(command, { creates: child.creates ?? false });
    },
  };
}

/** The same with the options of every command. */
async function wholeProgram(options: ProgramOptions): Promise<Command> {
  const { root, enter } = stillProgram(options);
  const fill = async (parent: Command): Promise<void> => {
    for (const command of parent.commands) {
      await enter(command);
      await fill(command);
    }
  };
  await fill(root);
  return root;
}

function addChildren(
  parent: Command,
  children: readonly (Leaf | Group)[],
  options: WithGlobals,
): void {
  parent.enablePositionalOptions();
  for (const child of children) {
    parent
      .command(child.name, { hidden: 'hidden' in child && child.hidden === true })
      .summary(child.summary);
  }
  parent.hook('preSubcommand', async (_parent, command) => {
    const child = children.find(({ name }) => name === command.name());
    if (child === undefined) return;
    if (!('children' in child)) options.enter(child);
    await addOptions(command, child, options);
  });
}

/** Only the commands on the way to the one given get their options: there are hundreds in all. */
async function addOptions(
  command: Command,
  child: Leaf | Group,
  options: WithGlobals,
): Promise<void> {
  configure(command, options);
  if ('children' in child) addChildren(command, child.children, options);
  const loaded = await child.load?.(() => wholeProgram(options));
  loaded?.register(command, options.start);
}

function configure(command: Command, { showHelp, globals }: WithGlobals): void {
  addGlobalOptions(command, globals);
  command
    .helpCommand(false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ outputError: () => {} });
  command.on('option:api-key', () => {
    throw new CommanderError(
      2,
      'oxhost.apiKeyFlag',
      'there is no --api-key: other users of this machine could read it',
    );
  });
  const { unknownOption, unknownCommand } = command as unknown as Complaints;
  command.on('option:version', () => {
    throw new CommanderError(0, 'commander.version', '');
  });
  // Its value may be a secret, and would hide what flag was meant.
  (command as unknown as Complaints).unknownOption = (flag) => {
    const name = flag.replace(/^(--[^=]*)=.*$|^(-[^-]).*$/s, '$1$2');
    const known = command.createHelp().visibleOptions(command);
    if (flag !== name && known.some(({ long }) => long === name)) {
      throw new CommanderError(2, 'oxhost.switchWithValue', `error: ${name} takes no value`);
    }
    const positive = name.replace(/^--no-/, '--');
    const isSwitch = known.some(({ long, required, optional }) => {
      return long === positive && !required && !optional;
    });
    if (name !== positive && isSwitch) {
      throw new CommanderError(2, 'oxhost.unknownNegation', `error: unknown option '${name}'`);
    }
    const meant = otherOption(
      name,
      known.flatMap(({ long }) => long ?? []),
    );
    if (meant !== null) {
      const complaint = `error: unknown option '${name}'\n(Did you mean ${meant}?)`;
      throw new CommanderError(2, 'commander.unknownOption', complaint);
    }
    unknownOption.call(command, name);
  };
  command.outputHelp = () => {
    const [name] = command.args;
    // Otherwise the help of the group would answer for a command that does not exist.
    if (command.commands.length > 0 && name !== undefined && !name.startsWith('-')) {
      unknownCommand.call(command);
    }
    showHelp(command);
  };
}

/** Methods of every command that commander's types leave out. */
interface Complaints {
  unknownOption(flag: string): void;
  unknownCommand(): void;
}
