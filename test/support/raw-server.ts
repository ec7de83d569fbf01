import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly connections: number;
  /** All that clients have sent, over all connections, as latin1 text. */
  readonly received: string;
  close(): Promise<void>;
}

/** Below HTTP: for connections that are reset when accepted or answered with anything at all. */
export async function startRawServer(
  onConnection: (socket: Socket, index: number) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let received = '';
  const server = createServer((socket) => {
    sockets.add(socket);
    // A reset by the client is an ordinary event here; without a listener it would end the tests.
    socket.on('error', () => sockets.delete(socket));
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    connections += 1;
    onConnection(socket, connections - 1);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    get received() {
      return received;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A port of 127.0.0.1 where nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await startRawServer(() => {});
  await server.close();
  return server.port;
}
