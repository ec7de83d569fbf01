import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';

/** A JSON object as tests look at it. */
export type Loose = Readonly<Record<string, unknown>>;

export type Body = NonNullable<RequestInit['body']>;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Loose;
}

export interface Started extends Sandbox {
  /** Sends a JSON body with the key of this sandbox. */
  readonly post: (path: string, fields: unknown) => Promise<Answered>;
  readonly postForm: (path: string, fields: Record<string, string>) => Promise<Answered>;
  readonly get: (path: string) => Promise<Answered>;
  /** Any request, with the key of this sandbox and whatever is answered. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Starts a sandbox that ends with the test. */
export async function start(options: Partial<SandboxOptions> = {}): Promise<Started> {
  const sandbox = await startSandbox({
    randomUUID,
    random: () => 0.5,
    now: () => new Date('2025-03-20T11:34:56.789Z'),
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const send: Started['send'] = (path, init = {}) =>
    fetch(`${sandbox.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { 'x-api-key': sandbox.apiKey, ...init.headers },
    });
  const answered = async (response: Promise<Response>): Promise<Answered> => {
    const { status, headers } = await response;
    return { status, headers, body: (await (await response).json()) as Loose };
  };
  return {
    ...sandbox,
    send,
    post: (path, fields) => answered(send(path, { method: 'POST', body: JSON.stringify(fields) })),
    postForm: (path, fields) =>
      answered(send(path, { method: 'POST', body: new URLSearchParams(fields) })),
    get: (path) => answered(send(path)),
  };
}

export const paths = {
  client: '/API/plesk/clients/create',
  order: '/API/orders/create_order_plesk',
  renewal: '/API/orders/create_order_scale_plesk',
  subscription: '/API/plesk/subscriptions/detail',
  storage: '/API/orders/create_order_storage',
  domainOrder: '/API/orders/create_order',
  invoice: '/API/invoice',
  domainCheck: '/API/domains/check_availability',
  notification: '/API/users/change_preferences_notificaction',
} as const;

const password = 'not-a-real-secret';

/** A request of each kind that the sandbox takes, but for the ids that it has to give out first. */
export const samples = {
  client: { name: 'Example Client', login: 'client1', email: 'client1@example.com', password },
  order: {
    ...{ plan_id: 'plan-1', domain_name: 'example.com', ftp_login: 'ftp1' },
    ...{ ftp_password: password, subscription_duration: 1, type_payment: 'balance' },
  },
  storage: {
    ...{ user_id: 'user-1', plan_id: 'plan-1', os_image_id: 'image-1', rental_duration: 720 },
    ...{ password, type_payment: 'balance', auto_renew: 0, versions: 'debian-13' },
  },
  domainOrder: { user_id: 'user-1', domain_name: 'example.org', domain_suffix: 'org', vyear: '1' },
  invoice: { user_id: 'user-1', currency: 'EUR', pay_currency: 'ETH', network: 'Ethereum' },
};

/** Creates a client and tells its id. */
export async function createdClient(sandbox: Started, login = 'client1'): Promise<string> {
  const { status, body } = await sandbox.post(paths.client, { ...samples.client, login });
  if (status !== 200) throw new Error(`no client was created: ${JSON.stringify(body)}`);
  return (body['data'] as { id: string }).id;
}
