import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/sandbox/faults.ts';
import { paths, samples, start } from './start.ts';

describe('close', () => {
  const within = async (milliseconds: number, action: () => Promise<unknown>) => {
    const begin = performance.now();
    await action();
    expect(performance.now() - begin).toBeLessThan(milliseconds);
  };

  test('ends at once with a connection kept alive', async () => {
    const sandbox = await start();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: sandbox\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await within(500, sandbox.close);
    await ended;
  });

  test('ends at once with answers on their way, which never come', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const sandbox = await start({ faults: [parseFault('delay=60000')] });
    const waiting = Array.from({ length: 20 }, (_, index) =>
      sandbox.post(paths.client, { ...samples.client, login: `client${index}` }).then(
        () => 'answered',
        () => 'cut',
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await within(500, sandbox.close);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['cut']));
    // A timer left behind would keep the process from ending.
    expect(before - timers()).toBeGreaterThanOrEqual(waiting.length);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('ends at once with a request half sent', async () => {
    const sandbox = await start();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(`POST ${paths.client} HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 10\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await within(500, sandbox.close);
  });

  test('ends at once with a connection that has said nothing', async () => {
    const sandbox = await start();
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    await sandbox.post(paths.client, samples.client);
    await within(500, sandbox.close);
    socket.destroy();
  });

  test('may be called again, and nothing listens after it', async () => {
    const sandbox = await start();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
    await expect(fetch(sandbox.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
