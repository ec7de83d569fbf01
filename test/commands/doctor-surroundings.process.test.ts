import { createServer } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { type Misbehaviour, startMisbehavingProxy, startProxy } from '../support/proxy.ts';
import { closedPort, createdClient, serve } from '../support/server.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary.ts';
import { type Authority, authority, type CertificateKind, startTlsServer } from '../support/tls.ts';
import { buildTool, type Tool } from '../support/tool.ts';
import { type Examined, examined, KEY } from './doctoring.ts';

/*
 * Proxies and authorities come from the environment of a process, so the tool runs in processes of
 * its own.
 */

const PASSWORD = 'Canary:p@ss/Rotkehlchen';

let tool: Tool;
let signer: Authority;
let temporary: TemporaryFolder;
beforeAll(async () => {
  [tool, signer] = await Promise.all([buildTool(), authority()]);
});
beforeEach(async () => {
  temporary = await temporaryFolder();
});
afterEach(() => temporary.close());
afterAll(() => Promise.all([tool.remove(), signer.close()]));

async function doctor(url: string, env: Record<string, string> = {}): Promise<Examined> {
  const result = await runProcess(
    process.execPath,
    [tool.path, 'doctor', '--json', '--timeout', '1'],
    {
      env: {
        ...{
          OXHOST_API_KEY: KEY,
          OXHOST_API_URL: url,
          OXHOST_CONFIG_DIR: temporary.join('config'),
        },
        ...{ NODE_EXTRA_CA_CERTS: signer.file },
        ...env,
      },
    },
  );
  return examined(result, [PASSWORD, encodeURIComponent(PASSWORD)]);
}
const tlsServer = (certificate: CertificateKind = 'good') =>
  startTlsServer(createdClient, { certificate, authority: signer });

describe('certificates', () => {
  test('one that ends soon', async () => {
    await using server = await tlsServer();
    const found = await doctor(server.url);
    expect(found).toMatchObject({ exitCode: 0, found: ['tls warning'] });
    expect(found.check('tls').message).toMatch(
      /^TLSv1\.3 \(\d+ ms\), certificate of localhost by Test Authority, 9 days left\.$/,
    );
    expect(found.check('NODE_EXTRA_CA_CERTS').message).toBe(`${signer.file} has 1 certificate.`);
    expect([server.connections, server.arrived]).toEqual([1, 0]);
  });

  test('one that does not', async () => {
    const { key, certificate } = await signer.issue(
      [{ dns: 'localhost' }],
      new Date(Date.now() + 15.5 * 86_400_000),
    );
    const https = createServer({ key, cert: certificate });
    await using server = await serve(https, 'https://localhost', createdClient);
    const found = await doctor(server.url);
    expect(found).toMatchObject({ exitCode: 0, found: [] });
    expect(found.check('tls').message).toContain('15 days left');
    expect(server.arrived).toBe(0);
  });

  test.each<[CertificateKind, RegExp]>([
    ['self-signed', /DEPTH_ZERO_SELF_SIGNED_CERT.*signed by itself/],
    ['expired', /CERT_HAS_EXPIRED.*the certificate has expired/],
    ['wrong-host', /ALTNAME_INVALID.*for another name \(DNS:elsewhere\.example\)/],
    ['tls1.1-only', /no trustworthy TLS connection/i],
  ])('%s, also with NODE_TLS_REJECT_UNAUTHORIZED=0', async (certificate, message) => {
    await using server = await tlsServer(certificate);
    const found = await doctor(server.url);
    expect(found).toMatchObject({ exitCode: 7, found: ['tls error'] });
    expect(found.check('tls').message).toMatch(message);
    const careless = await doctor(server.url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(careless).toMatchObject({
      ...{ exitCode: 7, found: ['NODE_TLS_REJECT_UNAUTHORIZED warning', 'tls error'] },
    });
    expect([server.connections, server.arrived]).toEqual([2, 0]);
  });

  test('of an authority that is not named, or whose file is not there', async () => {
    await using server = await tlsServer();
    const found = await doctor(server.url, { NODE_EXTRA_CA_CERTS: temporary.join('none.pem') });
    expect(found).toMatchObject({
      ...{ exitCode: 7, found: ['NODE_EXTRA_CA_CERTS warning', 'tls error'] },
    });
    expect(found.check('NODE_EXTRA_CA_CERTS').message).toContain('ENOENT');
    expect(found.check('tls').message).toContain('not trusted here');
    expect(server.arrived).toBe(0);
  });
});

describe('a proxy', () => {
  const credentials = { username: 'user', password: PASSWORD };

  test('with its password: a tunnel, and nothing but CONNECT', async () => {
    await using server = await tlsServer();
    await using proxy = await startProxy({ credentials });
    const found = await doctor(server.url, { HTTPS_PROXY: proxy.urlWithCredentials });
    expect(found).toMatchObject({ exitCode: 0, found: ['tls warning'] });
    expect(found.check('proxy').message).toBe(`${proxy.url}, because HTTPS_PROXY names it.`);
    expect(found.check('dns').message).toBe('The proxy looks names up.');
    expect(found.check('connection').message).toMatch(/^A tunnel through the proxy \(\d+ ms\)\.$/);
    expect([proxy.connects, proxy.requests]).toEqual([[`localhost:${server.port}`], []]);
    expect([server.connections, server.arrived]).toEqual([1, 0]);
  });

  test('with a wrong password', async () => {
    await using server = await tlsServer();
    await using proxy = await startProxy({ credentials: { ...credentials, username: 'other' } });
    const wrong = proxy.urlWithCredentials.replace('other:', 'user:');
    const found = await doctor(server.url, { HTTPS_PROXY: wrong });
    expect(found).toMatchObject({ exitCode: 7, found: ['connection error'] });
    expect(found.check('connection')).toMatchObject({
      message: 'The proxy refused the tunnel with status 407.',
      hint: 'Check HTTPS_PROXY and its user name and password.',
    });
    expect([proxy.connects.length, server.connections]).toEqual([1, 0]);
  });

  test('that is not there', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const found = await doctor('https://localhost:9', {
      HTTPS_PROXY: url.replace('//', `//user:${encodeURIComponent(PASSWORD)}@`),
    });
    expect(found).toMatchObject({ exitCode: 7, found: ['connection error'] });
    expect(found.check('connection').message).toBe(
      `The proxy ${url} could not be reached: the connection was refused (ECONNREFUSED).`,
    );
  });

  test.each<[Misbehaviour, string]>([
    [{ status: 502 }, 'connection error'],
    ['hang', 'connection error'],
    ['accept-then-close', 'tls error'],
    ['accept-then-hang', 'tls error'],
  ])('that does %j', async (misbehaviour, error) => {
    await using proxy = await startMisbehavingProxy(misbehaviour);
    const found = await doctor('https://localhost:9', { HTTPS_PROXY: proxy.url });
    expect(found).toMatchObject({ exitCode: 7, found: [error] });
    expect(proxy.connects).toEqual(['localhost:9']);
  });

  test.each(['socks5://user:Canary:p@ss/Rotkehlchen@127.0.0.1', 'http://a b'])(
    'with an address that cannot be used: %s',
    async (address) => {
      await using server = await tlsServer();
      const found = await doctor(server.url, { HTTPS_PROXY: address });
      expect(found).toMatchObject({ exitCode: 2, found: ['proxy error'] });
      expect(found.check('connection').message).toBe('Not looked at, because of proxy.');
      expect(server.connections).toBe(0);
    },
  );

  test('from which NO_PROXY exempts', async () => {
    await using server = await tlsServer();
    await using proxy = await startProxy();
    const found = await doctor(server.url, { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost' });
    expect(found.check('proxy').message).toBe(
      'None for this address: NO_PROXY exempts it from HTTPS_PROXY.',
    );
    expect(found.check('dns').status).toBe('ok');
    expect([proxy.connections, server.connections, server.arrived]).toEqual([0, 1, 0]);
  });
});
