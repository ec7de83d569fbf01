import type { Register, WholeProgram } from './commands/options.ts';

export interface Leaf {
  name: string;
  summary: string;
  /** What it does must not happen twice, so each of its errors says what became of it. */
  creates?: true;
  /** Says what is wrong with the environment, so nothing in that may stop it. */
  examinesEnvironment?: true;
  /** Works, but is not listed. */
  hidden?: true;
  load: (wholeProgram: WholeProgram) => Promise<{ register: Register }>;
}

export interface Group {
  name: string;
  summary: string;
  children: readonly (Leaf | Group)[];
}

/** Every command; a module is loaded only when its command is the one given. */
export const TREE: readonly (Leaf | Group)[] = [
  {
    name: 'plesk',
    summary: 'Plesk clients, their hosting and subscriptions',
    children: [
      {
        name: 'client',
        summary: 'create Plesk clients',
        children: [
          {
            name: 'create',
            summary: 'create one Plesk client',
            creates: true,
            load: () => import('./commands/plesk/client/create.ts'),
          },
          {
            name: 'import',
            summary: 'create many Plesk clients from a file, once each',
            creates: true,
            load: () => import('./commands/plesk/client/import.ts'),
          },
        ],
      },
      {
        name: 'order',
        summary: 'order and renew hosting',
        children: [
          {
            name: 'create',
            summary: 'order hosting for a client (spends money)',
            creates: true,
            load: () => import('./commands/plesk/order/create.ts'),
          },
          {
            name: 'renew',
            summary: 'renew or upgrade a subscription (spends money)',
            creates: true,
            load: () => import('./commands/plesk/order/renew.ts'),
          },
        ],
      },
      {
        name: 'subscription',
        summary: 'look at subscriptions',
        children: [
          {
            name: 'show',
            summary: 'show one subscription and its orders',
            load: () => import('./commands/plesk/subscription/show.ts'),
          },
        ],
      },
    ],
  },
  {
    name: 'storage',
    summary: 'storage servers',
    children: [
      {
        name: 'order',
        summary: 'order a storage server (spends money)',
        creates: true,
        load: () => import('./commands/storage/order.ts'),
      },
    ],
  },
  {
    name: 'domain',
    summary: 'check and order domains',
    children: [
      {
        name: 'check',
        summary: 'show which domains are free',
        load: () => import('./commands/domain/check.ts'),
      },
      {
        name: 'order',
        summary: 'order a domain (spends money)',
        creates: true,
        load: () => import('./commands/domain/order.ts'),
      },
    ],
  },
  {
    name: 'invoice',
    summary: 'invoices for orders',
    children: [
      {
        name: 'create',
        summary: 'make the invoice to pay an order in a coin',
        creates: true,
        load: () => import('./commands/invoice/create.ts'),
      },
    ],
  },
  {
    name: 'notification',
    summary: 'notices before something ends',
    children: [
      {
        name: 'set',
        summary: 'set how and when to be notified',
        load: () => import('./commands/notification/set.ts'),
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
    name: 'doctor',
    summary: 'look for what is wrong with the set-up',
    examinesEnvironment: true,
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'sandbox',
    summary: 'run a local server that speaks the documented API',
    load: () => import('./commands/sandbox.ts'),
  },
  {
    name: 'api',
    summary: 'make any call to the API and show its answer as it is',
    load: () => import('./commands/api.ts'),
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands at Tab',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'commands',
    summary: 'describe every command, also as data',
    load: async (wholeProgram) => {
      const { registerFor } = await import('./commands/commands.ts');
      return { register: registerFor(wholeProgram) };
    },
  },
  {
    name: 'help',
    summary: 'explain exit codes, environment or JSON',
    hidden: true,
    load: () => import('./commands/help.ts'),
  },
];
