import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { createdClient, type Handler, type ReceivedRequest } from './handlers.ts';
import { type Listening, listen } from './raw-server.ts';

export * from './handlers.ts';
export * from './raw-server.ts';

export interface TestServer extends Listening, AsyncDisposable {
  readonly url: string;
  /** Only requests whose body arrived completely. */
  readonly requests: ReceivedRequest[];
  /** Request heads seen, also of requests that were never read to the end. */
  readonly arrived: number;
  /** Also rejects when a handler threw, so that a broken test cannot pass. */
  close(): Promise<void>;
}

export interface ServerOptions {
  /** A fixed port, to come back where a closed server was; otherwise a free one. */
  readonly port?: number;
}

/** A real HTTP server on 127.0.0.1; without a handler it answers as the API documents a create. */
export function startServer(
  handler: Handler = createdClient,
  options: ServerOptions = {},
): Promise<TestServer> {
  return serve(createServer(), 'http://127.0.0.1', handler, options);
}

/** Puts the recording and the handler on a server that is not yet listening, HTTP or HTTPS. */
export async function serve(
  server: Server,
  origin: string,
  handler: Handler,
  options: ServerOptions = {},
): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const failures: unknown[] = [];
  let arrived = 0;
  let closing: Promise<void> | undefined;
  const listening = await listen(server, options.port);
  server.on('request', async (incoming, response) => {
    const index = arrived;
    arrived += 1;
    response.on('error', () => response.destroy());
    try {
      if (handler.beforeBody?.(index) === true) {
        // Node's parser still runs here, and loses count when its TLS socket goes in the middle.
        await setImmediate();
        await handler(describe(incoming, ''), response, index);
        return;
      }
      const body = await readBody(incoming);
      if (body === undefined) return;
      const request = describe(incoming, body);
      requests.push(request);
      await handler(request, response, index);
    } catch (error) {
      failures.push(error);
      response.destroy();
    }
  });

  async function stop(): Promise<void> {
    await listening.close();
    if (failures.length === 0) return;
    throw new AggregateError(failures, `a handler of the test server failed: ${failures[0]}`);
  }
  const close = () => {
    closing ??= stop();
    return closing;
  };
  return Object.create(listening, {
    url: { value: `${origin}:${listening.port}` },
    requests: { value: requests },
    arrived: { get: () => arrived },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  });
}

function describe(incoming: IncomingMessage, body: string): ReceivedRequest {
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body,
    json: parseJson(body),
  };
}

/** `undefined` when the client went away in the middle of the body. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return incoming.complete ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
