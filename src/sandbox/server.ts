import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, Refusal, refuse } from './answers.ts';
import { createClient, createOrder, renewOrder, showSubscription } from './endpoints/plesk.ts';
import {
  checkDomain,
  createInvoice,
  orderDomain,
  orderStorage,
  setNotification,
} from './endpoints/services.ts';
import { decideFaults, type Fault, faultyReply, jsonReply, type Reply } from './faults.ts';
import { type ReceivedRequest, readValues, receive } from './requests.ts';
import { SandboxState, type Sources } from './state.ts';

export interface SandboxOptions extends Sources {
  /** The port to listen on; 0, the default, stands for any that is free. */
  readonly port?: number;
  /** How long to wait before each answer. */
  readonly latencyMilliseconds?: number;
  /** Misbehaviour; see `parseFault`. */
  readonly faults?: readonly Fault[];
  /** The one key that is accepted; made from `randomUUID` when left out. */
  readonly apiKey?: string;
  /** A number from 0 (inclusive) to 1 (exclusive), for faults that strike a share of requests. */
  readonly random: () => number;
  /** Called for each request that arrived whole, before its answer; null for a reset instead. */
  readonly onRequest?: (received: ReceivedRequest, status: number | null) => void;
}

export interface Sandbox {
  /** The origin, such as `http://127.0.0.1:40123`, without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  /** Ends at once: answers still to come are dropped and connections cut. */
  close(): Promise<void>;
}

const address = '127.0.0.1';
const longestTimer = 2_147_483_647;

/** The operations that the API reference documents for 0xhost.com. */
const endpoints = new Map(
  [
    ...[createClient, createOrder, renewOrder, showSubscription],
    ...[orderStorage, checkDomain, orderDomain, createInvoice, setNotification],
  ].map((endpoint) => [endpoint.path, endpoint]),
);

/**
 * Starts a server on the loopback interface that speaks the operations that the API reference
 * documents for 0xhost.com and keeps its state in memory. Its successful answers have the
 * documented shapes; its refusals are a guess, since none are documented.
 * @throws Error with the `code` of what keeps the server from listening, such as `EADDRINUSE`.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const apiKey = options.apiKey ?? `sandbox-${options.randomUUID()}`;
  const end = new AbortController();
  // Any number of answers may be waiting.
  setMaxListeners(0, end.signal);
  const handler = createHandler(options, apiKey, end.signal);
  const server = createServer((request, response) => {
    handler(request, response).catch((error) => {
      const message = `The sandbox itself failed: ${error}`;
      send(response, jsonReply({ status: 500, body: { success: false, message } }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, address, resolve);
  });
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    apiKey,
    close: () =>
      new Promise((resolve) => {
        end.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createHandler(options: SandboxOptions, apiKey: string, signal: AbortSignal) {
  const { faults = [], latencyMilliseconds = 0, random, onRequest } = options;
  const state = new SandboxState(options);
  let requestsCounted = 0;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await receive(request);
    if (received === undefined) return;
    const isKnown = received.headers['x-api-key'] === apiKey;
    if (isKnown) requestsCounted += 1;
    const carryOut = () => answer(state, received, isKnown);
    const rules = isKnown ? faults : [];
    const { fault, delayMilliseconds } = decideFaults(rules, requestsCounted, random);
    const reply = fault ? faultyReply(fault, received.path, carryOut) : jsonReply(carryOut());
    onRequest?.(received, reply === 'reset' ? null : reply.status);
    const milliseconds = Math.min(latencyMilliseconds + delayMilliseconds, longestTimer);
    if (milliseconds > 0) await wait(milliseconds, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) send(response, reply);
  };
}

function answer(state: SandboxState, received: ReceivedRequest, isKnown: boolean): Answer {
  try {
    if (!isKnown) refuse(401, 'The API key is missing or not valid');
    const endpoint = endpoints.get(received.path.split('?')[0] ?? '');
    if (endpoint === undefined) refuse(404, 'There is no such path');
    const { method, encoding } = endpoint;
    if (received.method !== method) refuse(405, `This path takes ${method} only`);
    return endpoint.answer(state, readValues(encoding, received));
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  if (reply === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = reply;
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}
