import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createRelay, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createdClient, startServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { fastSystem } from './driving.ts';
import { run } from './scene.ts';

const ROWS = 12;
/** So that the close is on its way when the next request leaves. */
const IDLE = 800;
/** Of the way there; as much again for the way back. */
const DELAY = 200;

/** Passes on what comes, also an end, as late as a long way makes it. */
async function startRelay(port: number) {
  const late = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => setTimeout(() => to.write(chunk), DELAY));
    from.on('close', () => setTimeout(() => to.destroy(), DELAY));
    from.on('error', () => {});
  };
  const relay = createRelay((near) => {
    const far = connect(port, '127.0.0.1');
    late(near, far);
    late(far, near);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    close: () => relay.close(),
  };
}

test('a server that closes idle connections as the next row is on its way leaves no row of one a second unknown', async () => {
  const idle = new WeakMap<Socket, NodeJS.Timeout>();
  await using server = await startServer((request, response, index) => {
    const socket = response.socket as Socket;
    clearTimeout(idle.get(socket));
    // Without a word of how long it waits, as most servers are.
    response.setHeader('connection', 'keep-alive');
    idle.set(
      socket,
      setTimeout(() => socket.end(), IDLE),
    );
    return createdClient(request, response, index);
  });
  await using folder = await temporaryFolder();
  const relay = await startRelay(Number(new URL(server.url).port));
  try {
    const { reports } = await run(folder.path, relay.url, {
      count: ROWS,
      rate: 1,
      concurrency: 4,
      system: fastSystem(1),
    });
    const created = reports.filter(({ status }) => status === 'created');
    expect(created).toHaveLength(ROWS);
    expect(server.requests).toHaveLength(ROWS);
  } finally {
    relay.close();
  }
});
