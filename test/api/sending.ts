import { Agent as HttpsAgent } from 'node:https';
import { onTestFinished } from 'vitest';
import { createAgents } from '../../src/api/connection.ts';
import { type Attempt, type HttpRequest, send, type TransportOptions } from '../../src/api/http.ts';
import { createClient } from '../../src/api/operations/clients.ts';
import { buildRequest } from '../../src/api/request.ts';
import { sent } from './replies.ts';

export const key = 'test-key-0123456789';

type Agents = TransportOptions['agents'];

export interface Sending {
  timeoutSeconds?: number;
  signal?: AbortSignal;
  /** To send more than once over the same connections. */
  agents?: Agents;
  /** Changes to the documented request. */
  request?: Partial<HttpRequest>;
}

export function createRequest(origin: string): HttpRequest {
  return buildRequest(origin, createClient, sent, { key, userAgent: 'oxhost/test' });
}

/** Sends the create to that origin, by the transport alone. */
export async function sendTo(origin: string, options: Sending = {}): Promise<Attempt> {
  const { timeoutSeconds = 5, signal = new AbortController().signal, request } = options;
  const agents = options.agents ?? (await directAgents(origin));
  return send({ ...createRequest(origin), ...request }, { timeoutSeconds, agents }, signal);
}

/** The program's own agents, closed at the end of the test. */
export async function directAgents(origin: string): Promise<Agents> {
  const agents = await createAgents(new URL(origin), {
    concurrency: 1,
    timeoutSeconds: 5,
  });
  onTestFinished(() => agents.close());
  return agents;
}

/** Trusts one more authority: NODE_EXTRA_CA_CERTS is read only when a process starts. */
export function trustingAgents(ca: string): Agents {
  const https = new HttpsAgent({ ca, keepAlive: true, maxSockets: 1 });
  onTestFinished(() => https.destroy());
  return { agent: { https } };
}

/** An attempt in short: the status of a reply, or whether the failed request can have left, and why. */
export function inShort(attempt: Attempt): string {
  if (attempt.kind === 'failure') {
    return `${attempt.sent ? 'sent' : 'not sent'}, ${attempt.reason}`;
  }
  return attempt.bodyProblem === null
    ? `reply ${attempt.status}`
    : `reply ${attempt.status}, ${attempt.bodyProblem}`;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits for what another side is about to do. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 5_000) throw new Error('it did not happen');
    await pause(10);
  }
}
