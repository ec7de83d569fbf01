import { Command, CommanderError, type Option } from 'commander';
import {
  addGlobalOptions,
  globalOptions,
  pathOf,
  type Register,
  type Start,
  type WholeProgram,
} from './commands/options.ts';
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

/** Loads a command's module, which happens only when its command is the one given. */
type Load = (wholeProgram: WholeProgram) => Promise<{ register: Register }>;

/** A command, a group of commands, or both. */
export interface Row {
  /** Such as `plesk client create`. */
  path: string;
  summary: string;
  /** Of a command. */
  load?: Load;
  /** What it does must not happen twice, so each of its errors says what became of it. */
  creates: boolean;
  /** Works, but is not offered at Tab: it would be in the way of others. */
  isHidden: boolean;
}

const SUMMARIES: Readonly<Record<string, string>> = {
  plesk: 'create Plesk clients, order and renew their hosting',
  'plesk client': 'create Plesk clients',
  'plesk client create': 'create one Plesk client',
  'plesk client import': 'create many Plesk clients from a file, once each',
  'plesk order': 'order and renew hosting',
  'plesk order create': 'order hosting for a client (spends money)',
  'plesk order renew': 'renew or upgrade a subscription (spends money)',
  'plesk subscription': 'look at subscriptions',
  'plesk subscription show': 'show one subscription and its orders',
  storage: 'order storage servers',
  'storage order': 'order a storage server (spends money)',
  domain: 'check and order domains',
  'domain check': 'show which domains are free',
  'domain order': 'order a domain (spends money)',
  invoice: 'make the invoice to pay for an order',
  'invoice create': 'make the invoice to pay for an order (spends money)',
  notification: 'set notices before something ends',
  'notification set': 'set how and when to be notified',
  auth: 'store API keys, one per profile',
  'auth login': 'store an API key',
  'auth logout': 'forget a stored key',
  'auth status': 'show which key would be used',
  'auth list': 'list the stored profiles',
  'auth switch': 'make another profile the current one',
  history: 'what this machine has created and bought',
  'history show': 'show all that is kept of one',
  'history settle': 'say what became of an attempt that ended unknown',
  doctor: 'look for what is wrong with the set-up',
  sandbox: 'run a local server that speaks the documented API',
  api: 'make any call to the API and show its answer as it is',
  completion: 'print the script that completes commands at Tab',
  commands: 'describe every command, also as data',
  help: 'explain a topic, such as unknown or exit-codes',
  version: 'show the version, as --version',
};

const LOADERS: Readonly<Record<string, Load>> = {
  'plesk client create': () => import('./commands/plesk/client/create.ts'),
  'plesk client import': () => import('./commands/plesk/client/import.ts'),
  'plesk order create': () => import('./commands/plesk/order/create.ts'),
  'plesk order renew': () => import('./commands/plesk/order/renew.ts'),
  'plesk subscription show': () => import('./commands/plesk/subscription/show.ts'),
  'storage order': () => import('./commands/storage/order.ts'),
  'domain check': () => import('./commands/domain/check.ts'),
  'domain order': () => import('./commands/domain/order.ts'),
  'invoice create': () => import('./commands/invoice/create.ts'),
  'notification set': () => import('./commands/notification/set.ts'),
  'auth login': () => import('./commands/auth/login.ts'),
  'auth logout': () => import('./commands/auth/logout.ts'),
  'auth status': () => import('./commands/auth/status.ts'),
  'auth list': () => import('./commands/auth/list.ts'),
  'auth switch': () => import('./commands/auth/switch.ts'),
  history: () => import('./commands/history.ts'),
  'history show': () => import('./commands/history/show.ts'),
  'history settle': () => import('./commands/history/settle.ts'),
  doctor: () => import('./commands/doctor.ts'),
  sandbox: () => import('./commands/sandbox.ts'),
  api: () => import('./commands/api.ts'),
  completion: () => import('./commands/completion.ts'),
  commands: async (wholeProgram) => {
    const { registerFor } = await import('./commands/commands.ts');
    return { register: registerFor(wholeProgram) };
  },
  help: () => import('./commands/help.ts'),
  version: () => import('./commands/version.ts'),
};

const CREATES = /client (?:create|import)$|\(spends money\)$/;

/** Every group and command, groups before what is in them. */
export const ROWS: readonly Row[] = Object.entries(SUMMARIES).map(([path, summary]) => {
  const load = LOADERS[path];
  return {
    ...{ path, summary, ...(load === undefined ? {} : { load }) },
    creates: CREATES.test(path) || CREATES.test(summary),
    isHidden: path === 'help' || path === 'version',
  };
});

/** Every command's path, such as `plesk client create`. */
export const PATHS = ROWS.filter(({ load }) => load !== undefined).map(({ path }) => path);
