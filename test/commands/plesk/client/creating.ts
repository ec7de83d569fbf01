import type { TestServer } from '../../../support/server.ts';

export const KEY = 'key-0123456789abcdef-WXYZ';
export const PASSWORD = 'Kx7!Qm2-Vb9-Rt4_Zw6';
export const ENV = { OXHOST_API_KEY: KEY };

export const GIVEN = {
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  company: 'Example Company',
} as const;

/** The documented answer to `GIVEN`, as the test server gives it. */
export const CREATED = {
  id: 'client123-4567-8901-2345-678901234567',
  plesk_client_id: '123',
  ...GIVEN,
} as const;

export const flagsOf = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).flatMap(([name, value]) => [`--${name}`, value]);

/** A create of `GIVEN` at this server, with what is added. */
export const creating = (server: Pick<TestServer, 'url'>, ...more: readonly string[]) => [
  ...['plesk', 'client', 'create', '--api-url', server.url],
  ...flagsOf(GIVEN),
  ...more,
];
