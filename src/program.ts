import { Command, CommanderError } from 'commander';
import { addGlobalOptions, type Register, type Start } from './commands/options.ts';
import type { OutputStream } from './context.ts';

interface Leaf {
  name: string;
  summary: string;
  load: () => Promise<{ register: Register }>;
}

interface Group {
  name: string;
  summary: string;
  children: readonly (Leaf | Group)[];
}

/** Every command; a module is loaded only when its command is the one given. */
const TREE: readonly (Leaf | Group)[] = [
  {
    name: 'plesk',
    summary: 'Plesk clients',
    children: [
      {
        name: 'client',
        summary: 'create Plesk clients',
        children: [
          {
            name: 'create',
            summary: 'create one Plesk client',
            load: () => import('./commands/plesk/client/create.ts'),
          },
        ],
      },
    ],
  },
  {
    name: 'auth',
    summary: 'API keys, one per profile',
    children: [
      {
        name: 'login',
        summary: 'store an API key',
        load: () => import('./commands/auth/login.ts'),
      },
      {
        name: 'logout',
        summary: 'forget a stored key',
        load: () => import('./commands/auth/logout.ts'),
      },
      {
        name: 'status',
        summary: 'show which key would be used',
        load: () => import('./commands/auth/status.ts'),
      },
      {
        name: 'list',
        summary: 'list the stored profiles',
        load: () => import('./commands/auth/list.ts'),
      },
      {
        name: 'switch',
        summary: 'make another profile the current one',
        load: () => import('./commands/auth/switch.ts'),
      },
    ],
  },
  {
    name: 'sandbox',
    summary: 'run a local server that speaks the documented API',
    load: () => import('./commands/sandbox.ts'),
  },
];

export interface ProgramOptions {
  start: Start;
  stdout: OutputStream;
  /** Help and version, which go to stdout. */
  print: (text: string) => void;
  styleTitle: (title: string) => string;
}

const WIDEST_HELP = 100;

/** A fresh root command; it throws CommanderError instead of ending the process. */
export function createProgram(options: ProgramOptions): Command {
  const root = new Command('oxhost')
    .description('The command-line tool for the hosting provider 0xHost.')
    .addHelpText('after', ROOT_HELP);
  configure(root, options);
  addChildren(root, TREE, options);
  return root;
}

function addChildren(
  parent: Command,
  children: readonly (Leaf | Group)[],
  options: ProgramOptions,
): void {
  const leaves = new Map<string, Leaf>();
  parent.enablePositionalOptions();
  for (const child of children) {
    const command = parent
      .command(child.name)
      .description(sentence(child.summary))
      .summary(child.summary);
    configure(command, options);
    if ('children' in child) addChildren(command, child.children, options);
    else leaves.set(child.name, child);
  }
  parent.hook('preSubcommand', async (_parent, command) => {
    const leaf = leaves.get(command.name());
    if (leaf !== undefined) (await leaf.load()).register(command, options.start);
  });
}

function configure(command: Command, { print, styleTitle, stdout }: ProgramOptions): void {
  addGlobalOptions(command);
  command
    .helpCommand(false)
    .exitOverride()
    .allowExcessArguments(false)
    .configureHelp({ styleTitle, sortSubcommands: false })
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns ?? 80, WIDEST_HELP),
      getErrHelpWidth: () => Math.min(stdout.columns ?? 80, WIDEST_HELP),
    });
  command.on('option:api-key', () => {
    throw new CommanderError(
      2,
      'oxhost.apiKeyFlag',
      'there is no --api-key: other users of this machine could read it',
    );
  });
  command.on('option:version', () => {
    throw new CommanderError(0, 'commander.version', '');
  });
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

const ROOT_HELP = `
Start here:
  $ oxhost plesk client create --sandbox     try it without a key
  $ oxhost auth login                        store your key
  $ oxhost plesk client create               create a client

Run oxhost <command> --help for a command's own options, examples and exit codes.`;
