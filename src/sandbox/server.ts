import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, refusal } from './answers.ts';
import { endpoints } from './endpoints/all.ts';
import { decideFaults, type Fault } from './faults.ts';
import { faultyReply, jsonReply, type Reply } from './replies.ts';
import {
  type Body,
  largestBody,
  type ReceivedRequest,
  readBody,
  readValues,
  splitTarget,
} from './requests.ts';
import { SandboxState } from './state.ts';
import { Waits } from './waits.ts';

export type { ReceivedRequest } from './requests.ts';

export interface SandboxOptions {
  /** The port to listen on; 0, the default, stands for any that is free. */
  readonly port?: number;
  /** How long to wait before each answer. */
  readonly latencyMilliseconds?: number;
  /** Misbehaviour; see `parseFault`. */
  readonly faults?: readonly Fault[];
  /** The one key that is accepted; made from `randomUUID` when left out. */
  readonly apiKey?: string;
  /** The source of the ids given out; each must be new. */
  readonly randomUUID: () => string;
  /** A number from 0 (inclusive) to 1 (exclusive), for faults that strike a share of requests. */
  readonly random: () => number;
  readonly now: () => Date;
  /** Called once for each request that arrived whole, refused ones included, before its answer. */
  readonly onRequest?: (received: ReceivedRequest) => void;
}

export interface Sandbox {
  /** The origin, such as `http://127.0.0.1:40123`, without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  /** Ends at once: answers still to come are dropped and connections cut. */
  close(): Promise<void>;
}

const address = '127.0.0.1';

/**
 * Starts a server on the loopback interface that speaks the operations that the API reference
 * documents for 0xhost.com and keeps its state in memory. Its successful answers have the
 * documented shapes; its refusals are a guess, since none are documented.
 *
 * @throws Error with `code` `EADDRINUSE` when the port is taken, or whatever else keeps the server
 *   from listening.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { randomUUID, now } = options;
  const apiKey = options.apiKey ?? `sandbox-${randomUUID()}`;
  const waits = new Waits();
  const handle = createHandler(options, apiKey, new SandboxState({ randomUUID, now }), waits);
  const server = createServer((request, response) => void handle(request, response));
  const port = await listen(server, options.port ?? 0);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${address}:${port}`,
    apiKey,
    close: () => {
      closed ??= stop(server, waits);
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const taken = new Error(`Port ${port} of ${address} is already in use`, { cause });
      reject(cause.code === 'EADDRINUSE' ? Object.assign(taken, { code: cause.code }) : cause);
    };
    server.once('error', fail);
    server.listen(port, address, () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server, waits: Waits): Promise<void> {
  waits.end();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

function createHandler(
  options: SandboxOptions,
  apiKey: string,
  state: SandboxState,
  waits: Waits,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { faults = [], latencyMilliseconds = 0, random, onRequest } = options;
  let requestsCounted = 0;

  const decide = (
    request: IncomingMessage,
    body: Exclude<Body, 'incomplete'>,
  ): { readonly reply: Reply; readonly delayMilliseconds: number } => {
    if (request.headers['x-api-key'] !== apiKey) {
      const answer = refusal(401, 'The API key is missing or not valid');
      return { reply: jsonReply(answer), delayMilliseconds: 0 };
    }
    requestsCounted += 1;
    const { fault, delayMilliseconds } = decideFaults(faults, requestsCounted, random);
    const carryOut = (): Answer => answerRequest(state, request, body);
    const reply =
      fault === undefined
        ? jsonReply(carryOut())
        : faultyReply(fault, request.url ?? '/', carryOut);
    return { reply, delayMilliseconds };
  };

  return async (request, response) => {
    const body = await readBody(request);
    if (body === 'incomplete') {
      return;
    }
    let decision: ReturnType<typeof decide>;
    try {
      if (body !== 'too large') {
        onRequest?.(describe(request, body.bytes));
      }
      decision = decide(request, body);
    } catch (error) {
      const answer = refusal(500, `The sandbox itself failed: ${String(error)}`);
      decision = { reply: jsonReply(answer), delayMilliseconds: 0 };
    }
    if (await waits.wait(latencyMilliseconds + decision.delayMilliseconds)) {
      send(response, decision.reply);
    }
  };
}

function describe(request: IncomingMessage, bytes: Buffer): ReceivedRequest {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: bytes.toString('utf8'),
  };
}

const endpointsByPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));

function answerRequest(
  state: SandboxState,
  request: IncomingMessage,
  body: Exclude<Body, 'incomplete'>,
): Answer {
  const { path, query } = splitTarget(request.url ?? '');
  const endpoint = endpointsByPath.get(path);
  if (endpoint === undefined) {
    return refusal(404, 'There is no such path');
  }
  if (request.method !== endpoint.method) {
    const answer = refusal(405, `This path takes ${endpoint.method} only`);
    return { ...answer, headers: { allow: endpoint.method } };
  }
  if (body === 'too large') {
    return refusal(413, `The request body is larger than ${largestBody} bytes`);
  }
  const { headers } = request;
  const read = readValues(endpoint.encoding, query, headers['content-type'], body.bytes);
  return 'refused' in read ? read.refused : endpoint.answer(state, read.values);
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) {
    return;
  }
  if (reply === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = reply;
  response.writeHead(status, {
    ...headers,
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  });
  response.end(body);
}
