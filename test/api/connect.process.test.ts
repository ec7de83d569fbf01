import { createServer, type Agent as HttpsAgent } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Agents, createAgents } from '../../src/api/agents.ts';
import { connect } from '../../src/api/connect.ts';
import { requestsBy } from '../../src/api/forward.ts';
import { TunnelAgent } from '../../src/api/tunnel.ts';
import { type Misbehaviour, startMisbehavingProxy, startProxy } from '../support/proxy.ts';
import {
  closedPort,
  createdClient,
  serve,
  startRawServer,
  startServer,
} from '../support/server.ts';
import { authority, type CertificateKind, startTlsServer } from '../support/tls.ts';
import { pause, sendTo, trustingAgents } from './sending.ts';

interface Options {
  agents?: Partial<Agents>;
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

async function connectTo(address: string, options: Options = {}) {
  const { timeoutSeconds = 5, signal = new AbortController().signal } = options;
  const origin = new URL(address);
  const own = { concurrency: 1, direct: true, timeoutSeconds };
  const agents: Agents = {
    ...(options.agents === undefined ? await createAgents(origin, own) : { close() {} }),
    ...{ proxy: null },
    ...options.agents,
  } as Agents;
  onTestFinished(() => agents.close());
  const monotonic = () => performance.now();
  return connect(origin, { agents, timeoutSeconds, monotonic }, signal);
}

/** Through a CONNECT tunnel: what `createAgents` makes of HTTPS_PROXY, which this process lacks. */
function tunnelAgents(proxy: { url: string; urlWithCredentials?: string }, ca?: string) {
  const https = new TunnelAgent(
    new URL(proxy.urlWithCredentials ?? proxy.url),
    { keepAlive: true, maxSockets: 1 },
    1_000,
  );
  if (ca !== undefined) Object.assign(https.options, { ca });
  return { https: https as unknown as HttpsAgent, proxy: proxy.url, close: () => https.destroy() };
}

/** Node.js names a broken handshake by what it was doing: EPROTO when it was writing. */
const inWords = (failure: object | null) =>
  JSON.stringify(failure).replace(/ERR_SSL_\w+/g, 'EPROTO');

const milliseconds = expect.any(Number);

describe('what is well', () => {
  test('http: connected, and not one byte is sent', async () => {
    await using server = await startRawServer(() => {});
    expect(await connectTo(server.url)).toEqual({
      ...{ lookup: null, tcp: { milliseconds }, tunnel: null, tls: null },
      ...{ failure: null, foreignNames: null },
    });
    await pause(100);
    expect([server.connections, server.received]).toEqual([1, '']);
  });

  test('https: name, connection and certificate, and no request', async () => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    const agents = trustingAgents(server.authority.pem);
    const found = await connectTo(server.url, { agents });
    expect(found).toMatchObject({
      lookup: { milliseconds, addresses: expect.arrayContaining(['127.0.0.1']) },
      tcp: { milliseconds },
      tls: {
        ...{ milliseconds, protocol: 'TLSv1.3' },
        certificate: { subject: 'localhost', issuer: 'Test Authority' },
      },
      failure: null,
    });
    const days = ((found.tls?.certificate.validTo ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(10);
    await pause(100);
    expect([server.connections, server.arrived]).toEqual([1, 0]);
    // The same agents send, so that the test above means something.
    await sendTo(server.url, { agents });
    expect(server.arrived).toBe(1);
  });

  test('by a tunnel, with the credentials of the proxy', async () => {
    const credentials = { username: 'user', password: 'p@ss' };
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startProxy({ credentials });
    const agents = tunnelAgents(proxy, server.authority.pem);
    expect(await connectTo(server.url, { agents })).toMatchObject({
      ...{ lookup: null, tcp: null, tunnel: { milliseconds }, failure: null },
      tls: { certificate: { subject: 'localhost' } },
    });
    await pause(100);
    expect([proxy.connects, server.arrived]).toEqual([[`localhost:${server.port}`], 0]);
  });

  test('by a proxy for plain HTTP, which is sent nothing', async () => {
    await using server = await startServer();
    await using proxy = await startRawServer(() => {});
    const agents = { request: requestsBy(new URL(proxy.url)), proxy: proxy.url };
    expect(await connectTo(server.url, { agents })).toMatchObject({ tcp: {}, failure: null });
    await pause(100);
    expect([proxy.connections, proxy.received, server.connections]).toEqual([1, '', 0]);
  });
});

describe('what is not, is what a create says', () => {
  test.each<[CertificateKind, string | null]>([
    ['self-signed', null],
    ['expired', null],
    ['wrong-host', 'DNS:elsewhere.example'],
    ['tls1.1-only', null],
  ])('a certificate that is %s', async (certificate, foreignNames) => {
    await using server = await startTlsServer(createdClient, { certificate });
    const agents = trustingAgents(server.authority.pem);
    const found = await connectTo(server.url, { agents });
    expect(found).toMatchObject({ tcp: { milliseconds }, tls: null, foreignNames });
    expect(found.failure).toMatchObject({ sent: false, reason: 'certificate' });
    expect(inWords(found.failure)).toEqual(inWords(await sendTo(server.url, { agents })));
    await pause(50);
    expect([server.connections, server.arrived]).toEqual([2, 0]);
  });

  test('a refused port', async () => {
    const address = `http://127.0.0.1:${await closedPort()}`;
    const found = await connectTo(address);
    expect(found).toMatchObject({
      tcp: null,
      failure: { reason: 'network', code: 'ECONNREFUSED' },
    });
    expect(found.failure).toEqual(await sendTo(address));
  });

  test('a name that there is not', async () => {
    const found = await connectTo('https://no-such-host.invalid');
    expect(found).toMatchObject({ lookup: null, tcp: null, failure: { reason: 'network' } });
    expect(found.failure?.code).toMatch(/^ENOTFOUND$|^EAI_AGAIN$/);
  });

  test('plain HTTP where TLS should be', async () => {
    await using server = await startServer();
    const address = server.url.replace('http:', 'https:');
    const found = await connectTo(address);
    expect(found).toMatchObject({ tcp: {}, tls: null, failure: { reason: 'certificate' } });
    expect(inWords(found.failure)).toEqual(inWords(await sendTo(address)));
    expect(server.arrived).toBe(0);
  });

  test('a server that says nothing in the handshake', async () => {
    await using server = await startRawServer(() => {});
    const began = performance.now();
    const address = server.url.replace('http:', 'https:');
    const found = await connectTo(address, { timeoutSeconds: 0.3 });
    expect(found).toMatchObject({
      tcp: {},
      tls: null,
      failure: { reason: 'timeout', sent: false },
    });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test.each<[Misbehaviour, Record<string, unknown>]>([
    [{ status: 407 }, { reason: 'proxy', message: expect.stringContaining('status 407') }],
    [{ status: 502 }, { reason: 'proxy', message: expect.stringContaining('status 502') }],
    [{ status: 204 }, { reason: 'proxy', message: expect.stringContaining('status 204') }],
    ['hang', { reason: 'timeout' }],
    ['accept-then-close', { reason: 'network' }],
    ['accept-then-hang', { reason: 'timeout' }],
  ])('a proxy that does %j', async (misbehaviour, failure) => {
    await using proxy = await startMisbehavingProxy(misbehaviour);
    const agents = tunnelAgents(proxy);
    const found = await connectTo('https://localhost:9', { agents, timeoutSeconds: 0.5 });
    expect(found).toMatchObject({ tls: null, failure });
    expect(found.failure?.sent).toBe(false);
    expect(found.tunnel === null).toBe(!String(misbehaviour).startsWith('accept'));
    expect(proxy.connects).toEqual(['localhost:9']);
  });

  test('a proxy that is not there: its address without its password', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const agents = tunnelAgents({ url, urlWithCredentials: url.replace('//', '//user:sekret@') });
    const found = await connectTo('https://localhost:9', { agents });
    expect(found.failure).toMatchObject({ reason: 'network', proxy: url });
    expect(JSON.stringify(found)).not.toContain('sekret');
  });

  test.each(['before', 'in the middle'])('Ctrl-C %s', async (when) => {
    await using server = await startRawServer(() => {});
    const controller = new AbortController();
    if (when === 'before') controller.abort();
    const address = server.url.replace('http:', 'https:');
    const connecting = connectTo(address, { signal: controller.signal });
    await pause(50);
    controller.abort();
    expect((await connecting).failure).toMatchObject({ reason: 'cancelled', sent: false });
    expect(server.connections).toBe(when === 'before' ? 0 : 1);
  });
});

test('certificates are verified and TLS is 1.2 at least, whatever the agent says', async () => {
  await using server = await startTlsServer(createdClient, { certificate: 'self-signed' });
  await using proxy = await startProxy();
  const found = await connectTo(server.url, { agents: tunnelAgents(proxy) });
  expect(found).toMatchObject({ tunnel: {}, tls: null, failure: { reason: 'certificate' } });
});

test('a certificate without a name', async () => {
  await using signer = await authority();
  const { key, certificate } = await signer.issue([{ dns: '' }, { dns: 'localhost' }]);
  await using server = await serve(
    createServer({ key, cert: certificate }),
    'https://localhost',
    createdClient,
  );
  const found = await connectTo(server.url, { agents: trustingAgents(signer.pem) });
  expect(found.tls?.certificate.subject).toBe('');
});
