import { Agent, get, request as httpRequest } from 'node:http';
import { get as httpsGet } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { expect, test } from 'vitest';
import { type Misbehaviour, startMisbehavingProxy, startProxy } from './proxy.ts';
import { answer, startServer } from './server.ts';
import { startTlsServer } from './tls.ts';

/** GET through a CONNECT tunnel, by Node's https and the agent that users' programs use most. */
function getThroughTunnel(proxy: string, target: string, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const agent = new HttpsProxyAgent(proxy);
    const request = httpsGet(target, { agent, ca }, (response) => {
      response.resume();
      response.on('end', () => resolve(String(response.statusCode)));
    });
    // Nothing is reported for a request destroyed while its agent still waits for the proxy.
    setTimeout(() => resolve('gave up'), 1000);
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** The answer to a bare CONNECT: a status, a failure, or nothing. */
function connectStatus(port: number): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'CONNECT',
      path: 'a.example:443',
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode !== 200) return resolve(response.statusCode);
      socket.on('end', () => resolve('accepted, then closed'));
      socket.on('data', () => resolve('data'));
      setTimeout(() => resolve('accepted, then silent'), 200);
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    setTimeout(() => resolve('silent'), 400);
    request.end();
  });
}

test('tunnels to a TLS server and records the target', async () => {
  await using server = await startTlsServer(answer(204), { certificate: 'good' });
  await using proxy = await startProxy();
  expect(await getThroughTunnel(proxy.url, server.url, server.authority.pem)).toBe('204');
  expect(proxy.connects).toEqual([`localhost:${server.port}`]);
  expect(proxy.requests).toEqual([]);
  expect(server.requests).toHaveLength(1);
});

test('forwards plain requests and records their URL', async () => {
  await using server = await startServer(answer(202));
  await using proxy = await startProxy();
  const status = await new Promise((resolve) => {
    const options = {
      port: proxy.port,
      host: '127.0.0.1',
      path: `${server.url}/a`,
      agent: new Agent(),
    };
    get(options, (response) => resolve(response.statusCode));
  });
  expect(status).toBe(202);
  expect(proxy.requests).toEqual([`${server.url}/a`]);
  expect(server.requests[0]?.path).toBe('/a');
});

test('lets nobody through without the credentials', async () => {
  await using server = await startTlsServer(answer(204), { certificate: 'good' });
  await using proxy = await startProxy({ credentials: { username: 'user', password: 'p@ss:/' } });
  const ca = server.authority.pem;
  expect(await connectStatus(proxy.port)).toBe(407);
  expect(await getThroughTunnel(proxy.url, server.url, ca)).not.toBe('204');
  expect(server.connections).toBe(0);
  expect(await getThroughTunnel(proxy.urlWithCredentials, server.url, ca)).toBe('204');
  const right = `Basic ${Buffer.from('user:p@ss:/').toString('base64')}`;
  expect(proxy.authorizations).toEqual([undefined, undefined, right]);
  expect(proxy.connects).toHaveLength(3);
});

test.each<[Misbehaviour, number | string]>([
  [{ status: 407 }, 407],
  [{ status: 502 }, 502],
  ['hang', 'silent'],
  ['accept-then-close', 'accepted, then closed'],
  ['accept-then-hang', 'accepted, then silent'],
])('misbehaves as asked: %j', async (misbehaviour, expected) => {
  await using server = await startTlsServer(answer(204), { certificate: 'good' });
  await using proxy = await startMisbehavingProxy(misbehaviour);
  expect(await connectStatus(proxy.port)).toBe(expected);
  expect(await getThroughTunnel(proxy.url, server.url, server.authority.pem)).not.toBe('204');
  expect(proxy.connects).toEqual(['a.example:443', `localhost:${server.port}`]);
  expect(server.connections).toBe(0);
});

test('close ends tunnels that are still open', async () => {
  const proxy = await startMisbehavingProxy('hang');
  const pending = new Promise<string | undefined>((resolve) => {
    const options = {
      port: proxy.port,
      host: '127.0.0.1',
      method: 'CONNECT',
      path: 'a.example:443',
    };
    const request = httpRequest(options);
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    request.end();
  });
  while (proxy.connects.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await proxy.close();
  expect(await pending).toBe('ECONNRESET');
});
