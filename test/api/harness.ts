import { onTestFinished } from 'vitest';
import { type ApiClient, type ClientOptions, createApiClient } from '../../src/api/client.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { sent } from './replies.ts';
import { inShort, key } from './sending.ts';

export interface Harness {
  client: ApiClient;
  /** Seconds of every pause that was asked for; none takes time. */
  pauses: number[];
  waits: [number, string][];
  /** How each attempt was traced. */
  traced: string[];
  call(signal?: AbortSignal): ReturnType<ApiClient['call']>;
}

/** A client whose waits take no time; a thousand of them mean that it never ends. */
export async function harness(origin: string, more: Partial<ClientOptions> = {}): Promise<Harness> {
  const pauses: number[] = [];
  const waits: [number, string][] = [];
  const traced: string[] = [];
  const client = await createApiClient({
    origin,
    key,
    userAgent: 'oxhost/test',
    timeoutSeconds: 30,
    limits: { retries: 2, maxWaitSeconds: 60 },
    concurrency: 1,
    trace: {
      request: () => traced.push('request'),
      attempt: (attempt) => traced.push(inShort(attempt)),
    },
    clock: {
      now: () => new Date('2025-03-20T11:34:56.000Z'),
      random: () => 0.5,
      sleep: async (milliseconds) => {
        if (pauses.length >= 1_000) throw new Error('it never ends');
        pauses.push(milliseconds / 1000);
      },
    },
    ...more,
  });
  onTestFinished(() => client.close());
  const call = (signal = new AbortController().signal) =>
    client.call(createClient, sent, {
      signal,
      onWait: (seconds, reason) => waits.push([seconds, reason]),
    });
  return { client, pauses, waits, traced, call };
}
