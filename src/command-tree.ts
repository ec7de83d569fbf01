import type { Register, WholeProgram } from './commands/options.ts';

export interface Leaf {
  name: string;
  summary: string;
  /** What it does must not happen twice, so each of its errors says what became of it. */
  creates?: true;
  /** Works, but is not offered at Tab: it would be in the way of others. */
  hidden?: true;
  load: (wholeProgram: WholeProgram) => Promise<{ register: Register }>;
}

export interface Group {
  name: string;
  summary: string;
  children: readonly (Leaf | Group)[];
  /** It is a command of its own too. */
  load?: Load;
}

type Load = Leaf['load'];

const leaf = (name: string, summary: string, load: Load): Leaf => ({ name, summary, load });
const creates = (name: string, summary: string, load: Load): Leaf => ({
  ...leaf(name, summary, load),
  creates: true,
});
const buys = (name: string, summary: string, load: Load): Leaf =>
  creates(name, `${summary} (spends money)`, load);
const group = (name: string, summary: string, children: Group['children']): Group => ({
  name,
  summary,
  children,
});

/** Every command; a module is loaded only when its command is the one given. */
export const TREE: readonly (Leaf | Group)[] = [
  group('plesk', 'create Plesk clients, order and renew their hosting', [
    group('client', 'create Plesk clients', [
      creates(
        'create',
        'create one Plesk client',
        () => import('./commands/plesk/client/create.ts'),
      ),
      creates(
        'import',
        'create many Plesk clients from a file, once each',
        () => import('./commands/plesk/client/import.ts'),
      ),
    ]),
    group('order', 'order and renew hosting', [
      buys(
        'create',
        'order hosting for a client',
        () => import('./commands/plesk/order/create.ts'),
      ),
      buys(
        'renew',
        'renew or upgrade a subscription',
        () => import('./commands/plesk/order/renew.ts'),
      ),
    ]),
    group('subscription', 'look at subscriptions', [
      leaf(
        'show',
        'show one subscription and its orders',
        () => import('./commands/plesk/subscription/show.ts'),
      ),
    ]),
  ]),
  group('storage', 'order storage servers', [
    buys('order', 'order a storage server', () => import('./commands/storage/order.ts')),
  ]),
  group('domain', 'check and order domains', [
    leaf('check', 'show which domains are free', () => import('./commands/domain/check.ts')),
    buys('order', 'order a domain', () => import('./commands/domain/order.ts')),
  ]),
  group('invoice', 'make the invoice to pay for an order', [
    buys(
      'create',
      'make the invoice to pay for an order',
      () => import('./commands/invoice/create.ts'),
    ),
  ]),
  group('notification', 'set notices before something ends', [
    leaf('set', 'set how and when to be notified', () => import('./commands/notification/set.ts')),
  ]),
  group('auth', 'store API keys, one per profile', [
    leaf('login', 'store an API key', () => import('./commands/auth/login.ts')),
    leaf('logout', 'forget a stored key', () => import('./commands/auth/logout.ts')),
    leaf('status', 'show which key would be used', () => import('./commands/auth/status.ts')),
    leaf('list', 'list the stored profiles', () => import('./commands/auth/list.ts')),
    leaf(
      'switch',
      'make another profile the current one',
      () => import('./commands/auth/switch.ts'),
    ),
  ]),
  {
    ...group('history', 'what this machine has created and bought', [
      leaf('show', 'show all that is kept of one', () => import('./commands/history/show.ts')),
      leaf(
        'settle',
        'say what became of an attempt that ended unknown',
        () => import('./commands/history/settle.ts'),
      ),
    ]),
    load: () => import('./commands/history.ts'),
  },
  leaf('doctor', 'look for what is wrong with the set-up', () => import('./commands/doctor.ts')),
  leaf(
    'sandbox',
    'run a local server that speaks the documented API',
    () => import('./commands/sandbox.ts'),
  ),
  leaf(
    'api',
    'make any call to the API and show its answer as it is',
    () => import('./commands/api.ts'),
  ),
  leaf(
    'completion',
    'print the script that completes commands at Tab',
    () => import('./commands/completion.ts'),
  ),
  leaf('commands', 'describe every command, also as data', async (wholeProgram) => {
    const { registerFor } = await import('./commands/commands.ts');
    return { register: registerFor(wholeProgram) };
  }),
  {
    ...leaf(
      'help',
      'explain a topic, such as unknown or exit-codes',
      () => import('./commands/help.ts'),
    ),
    hidden: true,
  },
  {
    ...leaf('version', 'show the version, as --version', () => import('./commands/version.ts')),
    hidden: true,
  },
];

/** Every command's path, such as `plesk client create`. */
export const PATHS: readonly string[] = pathsOf(TREE);

function pathsOf(children: readonly (Leaf | Group)[]): string[] {
  return children.flatMap((child) => {
    const below = 'children' in child ? pathsOf(child.children) : [];
    const paths = below.map((path) => `${child.name} ${path}`);
    return child.load === undefined ? paths : [child.name, ...paths];
  });
}
