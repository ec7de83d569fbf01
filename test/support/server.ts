import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createdClient, type Handler, type ReceivedRequest } from './handlers.ts';

export * from './handlers.ts';
export * from './raw-server.ts';

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Only requests whose body arrived completely. */
  readonly requests: ReceivedRequest[];
  /** Request heads seen, also of requests that were never read to the end. */
  readonly arrived: number;
  /** TCP connections accepted, used or not. */
  readonly connections: number;
  /** Those of them that are open. */
  readonly open: number;
  /** Drops every connection. Rejects when a handler threw, so that a broken test cannot pass. */
  close(): Promise<void>;
}

export interface ServerOptions {
  /** A fixed port, to come back where a closed server was; otherwise a free one. */
  readonly port?: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMilliseconds?: number;
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
  const sockets = new Set<Socket>();
  let arrived = 0;
  let connections = 0;
  let closing: Promise<void> | undefined;

  server.keepAliveTimeout = options.keepAliveMilliseconds ?? server.keepAliveTimeout;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    // A reset by the client is an ordinary event here; without a listener it would end the tests.
    socket.on('error', () => sockets.delete(socket));
    socket.on('close', () => sockets.delete(socket));
  });
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

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
    if (failures.length > 0) {
      throw new AggregateError(failures, `a handler of the test server failed: ${failures[0]}`);
    }
  }
  function close(): Promise<void> {
    closing ??= stop();
    return closing;
  }

  return {
    url: `${origin}:${port}`,
    port,
    requests,
    get arrived() {
      return arrived;
    },
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
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
