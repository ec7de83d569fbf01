import type { Register, WholeProgram } from './commands/options.ts';

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
