import { Command, CommanderError, Help, type Option } from 'commander';
import { type Group, type Leaf, TREE } from './command-tree.ts';
import { addGlobalOptions, GLOBAL_OPTIONS, globalOptions, type Start } from './commands/options.ts';
import { otherOption } from './help/suggestions.ts';
import type { OutputStream } from './system.ts';

export interface ProgramOptions {
  start: Start;
  /** Told which command it is, before its options are read. */
  enter: (command: Pick<Leaf, 'creates'>) => void;
  stdout: OutputStream;
  /** Help and version, which go to stdout. */
  print: (text: string) => void;
  styleTitle: (title: string) => string;
}

/** The same, with the options that all commands share. */
interface Furnishing extends ProgramOptions {
  globals: readonly Option[];
}

const WIDEST_HELP = 100;

/** A fresh root command; it throws CommanderError instead of ending the process. */
export function createProgram(given: ProgramOptions): Command {
  const options = { ...given, globals: globalOptions() };
  const root = new Command('oxhost')
    .description('The command-line tool for the hosting provider 0xHost.')
    .addHelpText('after', ROOT_HELP);
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
      await furnish(command, child, still);
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
  options: Furnishing,
): void {
  parent.enablePositionalOptions();
  for (const child of children) {
    parent
      .command(child.name, { hidden: 'hidden' in child && child.hidden === true })
      .description(sentence(child.summary))
      .summary(child.summary);
  }
  parent.hook('preSubcommand', async (_parent, command) => {
    const child = children.find(({ name }) => name === command.name());
    if (child === undefined) return;
    if (!('children' in child)) options.enter(child);
    await furnish(command, child, options);
  });
}

/** Only the commands on the way to the one given get their options: there are hundreds in all. */
async function furnish(command: Command, child: Leaf | Group, options: Furnishing): Promise<void> {
  configure(command, options);
  if ('children' in child) addChildren(command, child.children, options);
  const loaded = await child.load?.(() => wholeProgram(options));
  loaded?.register(command, options.start);
}

function configure(command: Command, { print, styleTitle, stdout, globals }: Furnishing): void {
  addGlobalOptions(command, globals);
  command
    .helpCommand(false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureHelp({ styleTitle, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: print,
      // A group without a command shows its help here; errors are reported elsewhere.
      writeErr: print,
      outputError: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns ?? 80, WIDEST_HELP),
      // Whether there is colour has been decided by then; commander would ask this very process.
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      getErrHelpWidth: () => Math.min(stdout.columns ?? 80, WIDEST_HELP),
    });
  command.on('option:api-key', () => {
    throw new CommanderError(
      2,
      'oxhost.apiKeyFlag',
      'there is no --api-key: other users of this machine could read it',
    );
  });
  command.createHelp = () => Object.assign(new OwnOptionsFirst(), command.configureHelp());
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
  // Otherwise the help of the group would answer for a command that does not exist.
  command.on('beforeHelp', () => {
    const [name] = command.args;
    if (command.commands.length > 0 && name !== undefined && !name.startsWith('-')) {
      unknownCommand.call(command);
    }
  });
}

/** A command's own options come before those that every command has. */
class OwnOptionsFirst extends Help {
  override groupItems<Item extends Command | Option>(
    ...items: [Item[], Item[], (item: Item) => string]
  ): Map<string, Item[]> {
    const groups = super.groupItems(...items);
    const shared = groups.get(GLOBAL_OPTIONS);
    groups.delete(GLOBAL_OPTIONS);
    return shared === undefined ? groups : groups.set(GLOBAL_OPTIONS, shared);
  }
}

/** Methods of every command that commander's types leave out. */
interface Complaints {
  unknownOption(flag: string): void;
  unknownCommand(): void;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

const ROOT_HELP = `
Start here:
  $ oxhost plesk client create --sandbox     try it without a key
  $ oxhost auth login                        store your key
  $ oxhost plesk client create               create a client
  $ oxhost doctor                            when something does not work

oxhost <command> --help shows a command's own options, examples and exit codes.
oxhost help exit-codes, help environment and help json explain what all share.`;
