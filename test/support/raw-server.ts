import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server that listens on 127.0.0.1, whatever it speaks. */
export interface Listening {
  readonly port: number;
  /** TCP connections accepted, used or not. */
  readonly connections: number;
  /** Those of them that are open. */
  readonly open: number;
  /** Drops every connection, also those that the server itself no longer knows of. */
  close(): Promise<void>;
}

/** @param port a fixed one, to come back where a closed server was; else any that is free. */
export async function listen(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    // A reset by the client is an ordinary event here; without a listener it would end the tests.
    socket.on('error', () => sockets.delete(socket));
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export interface RawServer extends Listening, AsyncDisposable {
  readonly url: string;
  /** All that clients have sent, over all connections, as latin1 text. */
  readonly received: string;
}

/** Below HTTP: for connections that are reset when accepted or answered with anything at all. */
export async function startRawServer(
  onConnection: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  let received = '';
  let index = 0;
  const server = createServer();
  const listening = await listen(server);
  server.on('connection', (socket: Socket) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    onConnection(socket, index);
    index += 1;
  });
  return Object.create(listening, {
    url: { value: `http://127.0.0.1:${listening.port}` },
    received: { get: () => received },
    [Symbol.asyncDispose]: { value: listening.close },
  });
}

/** A port of 127.0.0.1 where nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await startRawServer(() => {});
  await server.close();
  return server.port;
}
