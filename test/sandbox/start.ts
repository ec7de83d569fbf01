import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';

/** A JSON object as tests look at it. */
export type Loose = Readonly<Record<string, unknown>>;

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Loose;
}

export interface Started extends Sandbox {
  /** Sends a JSON body with the key of this sandbox. */
  readonly post: (path: string, fields: unknown) => Promise<Told>;
  readonly postForm: (path: string, fields: Record<string, string>) => Promise<Told>;
  readonly get: (path: string) => Promise<Told>;
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
  const send = async (path: string, init: RequestInit): Promise<Told> => {
    const response = await fetch(`${sandbox.url}${path}`, { redirect: 'manual', ...init });
    const body = (await response.json()) as Loose;
    return { status: response.status, headers: response.headers, body };
  };
  const headers = { 'x-api-key': sandbox.apiKey };
  return {
    ...sandbox,
    post: (path, fields) =>
      send(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
    postForm: (path, fields) =>
      send(path, { method: 'POST', headers, body: new URLSearchParams(fields) }),
    get: (path) => send(path, { headers }),
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

/** A request of each kind that the sandbox takes, but for the ids that it has to give out first. */
export const samples = {
  client: {
    name: 'Example Client',
    login: 'client1',
    email: 'client1@example.com',
    password: 'not-a-real-secret',
  },
  order: {
    plan_id: 'plan-1',
    domain_name: 'example.com',
    ftp_login: 'ftp1',
    ftp_password: 'not-a-real-secret',
    subscription_duration: 1,
    type_payment: 'balance',
  },
  storage: {
    user_id: 'user-1',
    plan_id: 'plan-1',
    os_image_id: 'image-1',
    rental_duration: 720,
    password: 'not-a-real-secret',
    type_payment: 'balance',
    auto_renew: 0,
    versions: 'debian-13',
  },
  domainOrder: {
    user_id: 'user-1',
    domain_name: 'example.org',
    domain_suffix: 'org',
    vyear: '1',
  },
  invoice: {
    user_id: 'user-1',
    currency: 'EUR',
    pay_currency: 'ETH',
    network: 'Ethereum',
  },
} as const;

/** Creates a client and tells its id. */
export async function createdClient(
  sandbox: Started,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const { status, body } = await sandbox.post(paths.client, { ...samples.client, ...fields });
  if (status !== 200) {
    throw new Error(`no client was created: ${JSON.stringify(body)}`);
  }
  return (body['data'] as { id: string }).id;
}
