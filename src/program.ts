import { Command, CommanderError, type Option } from 'commander';
import { ROWS, type Row } from './command-tree.ts';
import { addGlobalOptions, globalOptions, pathOf, type Start } from './commands/options.ts';
import { otherOption } from './help/suggestions.ts';

export interface ProgramOptions {
  start: Start;
  /** Called with the command that it is, before its options are read. */
  enter: (command: Pick<Row, 'creates'>) => void;
  /** Called with the command whose help is asked for, before commander's error for it. */
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
  addChildren(root, options);
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
  const entered = new Set<Command>();
  return {
    root,
    async enter(command) {
      const row = ROWS.find(({ path }) => path === pathOf(command));
      if (row === undefined || entered.has(command)) return;
      entered.add(command);
      await addOptions(command, row, still);
      if (row.creates) Object.assign(command, { creates: true });
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

function addChildren(parent: Command, options: WithGlobals): void {
  const path = pathOf(parent);
  const isChild = (row: Row) => row.path.split(' ').slice(0, -1).join(' ') === path;
  const children = ROWS.filter(isChild);
  if (children.length === 0) return;
  parent.enablePositionalOptions();
  for (const { path, summary, isHidden } of children) {
    parent.command(path.split(' ').at(-1) ?? '', { hidden: isHidden }).summary(summary);
  }
  parent.hook('preSubcommand', async (_parent, command) => {
    const row = children.find(({ path }) => path === pathOf(command));
    if (row === undefined) return;
    if (row.load !== undefined) options.enter(row);
    await addOptions(command, row, options);
  });
}

/** Only the commands on the way to the one given get their options: there are hundreds in all. */
async function addOptions(command: Command, row: Row, options: WithGlobals): Promise<void> {
  configure(command, options);
  addChildren(command, options);
  const loaded = await row.load?.(() => wholeProgram(options));
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
