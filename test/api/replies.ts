import type { FailureContext } from '../../src/api/failure-words.ts';
import type { Reply } from '../../src/api/http.ts';
import type { JsonObject } from '../../src/api/operation.ts';
import { createClient } from '../../src/api/operations/clients.ts';

/** What a create sent, in the order of the reference. */
export const sent: JsonObject = {
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: 'not-a-real-secret',
};

/** The documented success for it. */
export const created = {
  success: true,
  message: 'Client created successfully',
  data: {
    id: 'client123',
    plesk_client_id: '123',
    name: 'Example Client',
    login: 'client1',
    email: 'client1@example.com',
  },
} as const;

/** A reply as the transport hands it on; an object becomes JSON, a text stays as it is. */
export function reply(status: number, body: unknown = '', more: Partial<Reply> = {}): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    kind: 'reply',
    status,
    headers: {},
    body: text,
    bytes: Buffer.from(text),
    bodyProblem: null,
    isTooLong: false,
    ...more,
  };
}

/** The documented success with other data. */
export function createdWith(data: Record<string, unknown>): object {
  return { ...created, data: { ...created.data, ...data } };
}

/** What an error's words need to know; it masks nothing. */
export const context: FailureContext = {
  origin: 'https://api.example',
  operation: createClient,
  signalName: null,
  timeoutSeconds: 150,
  mask: (text) => text,
};
