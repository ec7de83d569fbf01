import { createServer } from 'node:https';
import { describe, expect, test } from 'vitest';
import { runProcess } from '../support/process.ts';
import { type Misbehaviour, startMisbehavingProxy, startProxy } from '../support/proxy.ts';
import {
  closedPort,
  createdClient,
  redirect,
  resetAfterReading,
  serve,
  startRawServer,
  startServer,
} from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { authority, type Host, startTlsServer } from '../support/tls.ts';
import { builtTool } from '../support/tool.ts';
import { key } from './sending.ts';

/*
 * Proxies and authorities come from the environment of a process, so the tool as it is built runs
 * in processes of its own.
 */

const launcher = builtTool();

interface Created {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** Of the error: code, outcome and attempts. */
  said: unknown[] | null;
  message: string;
}

async function create(
  origin: string,
  env: Record<string, string>,
  ...options: string[]
): Promise<Created> {
  await using folder = await temporaryFolder();
  const fields = ['--name', 'Example Client', '--login', 'client1', '--email', 'c@example.com'];
  const { exitCode, stdout, stderr } = await runProcess(
    process.execPath,
    [
      launcher,
      ...['plesk', 'client', 'create', '--json', '--password-stdin', ...fields],
      ...['--retries', '0', '--timeout', '1', ...options],
    ],
    {
      input: 'Not-A-Real-Secret-123\n',
      env: {
        OXHOST_API_KEY: key,
        OXHOST_API_URL: origin,
        OXHOST_CONFIG_DIR: folder.path,
        ...env,
      },
    },
  );
  const lines = stderr.split('\n').filter((line) => line.startsWith('{"error"'));
  const error = lines[0] === undefined ? null : JSON.parse(lines[0]).error;
  const said = error === null ? null : [error.code, error.outcome, error.attempts];
  return { exitCode, stdout, stderr, said, message: error?.message ?? '' };
}

const notSent = ['unreachable', 'not_created', 0];
const untrusted = ['tls_failed', 'not_created', 0];
const unknown = ['outcome_unknown', 'unknown', 1];

describe('a tunnel', () => {
  test('with credentials, which the API does not see', async () => {
    const credentials = { username: 'user', password: 'p@ss:/word' };
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startProxy({ credentials });
    const env = {
      HTTPS_PROXY: proxy.urlWithCredentials,
      NODE_EXTRA_CA_CERTS: server.authority.file,
    };
    const created = await create(server.url, env, '--debug');
    expect([created.exitCode, JSON.parse(created.stdout)]).toMatchObject([0, { login: 'client1' }]);
    expect(proxy.connects).toEqual([`localhost:${server.port}`]);
    expect(proxy.authorizations).toEqual([
      `Basic ${Buffer.from('user:p@ss:/word').toString('base64')}`,
    ]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(created.stderr).toContain(`by proxy ${proxy.url}`);
    for (const secret of [key, 'p@ss', 'p%40ss', 'Not-A-Real']) {
      expect(created.stderr).not.toContain(secret);
    }
  });

  test.each([
    ['HTTPS_PROXY', 'localhost'],
    ['https_proxy', '127.0.0.1'],
    ['ALL_PROXY', 'user:p%40ss@localhost'],
  ])('%s=%s:port without a scheme is a plain one, as to curl', async (name, host) => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startProxy();
    const env = { NODE_EXTRA_CA_CERTS: server.authority.file };
    const address = `${host}:${new URL(proxy.url).port}`;
    const created = await create(server.url, { ...env, [name]: address });
    expect([created.exitCode, proxy.connects]).toEqual([0, [`localhost:${server.port}`]]);
    // A written scheme is kept to: this proxy does not speak TLS.
    const secured = await create(server.url, { ...env, [name]: `https://${address}` });
    expect([secured.exitCode, secured.said?.[1], server.requests.length]).toEqual([
      ...[7, 'not_created', 1],
    ]);
  });

  test('without the credentials: not sent', async () => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startProxy({ credentials: { username: 'user', password: 'pass' } });
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: server.authority.file };
    const created = await create(server.url, env, '--retries', '2');
    expect([created.exitCode, created.said]).toEqual([7, notSent]);
    expect(created.message).toContain('status 407');
    expect([proxy.connects.length, server.connections]).toEqual([1, 0]);
  });

  test.each<[Misbehaviour, number]>([
    [{ status: 407 }, 1],
    [{ status: 502 }, 1],
    [{ status: 204 }, 1],
    [{ status: 301 }, 1],
    ['hang', 2],
    ['accept-then-close', 2],
    ['accept-then-hang', 2],
  ])('that is not made is not sent: %j', async (misbehaviour, connects) => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startMisbehavingProxy(misbehaviour);
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: server.authority.file };
    const created = await create(server.url, env, '--retries', '1', '--timeout', '0.5');
    expect([created.exitCode, created.said, created.stdout]).toEqual([7, notSent, '']);
    // The repeat reaches the proxy too: what hangs does not keep the only place for connections.
    expect([proxy.connects.length, server.connections]).toEqual([connects, 0]);
  });

  test('to a proxy that is not there: the message names it, without its password', async () => {
    const env = { HTTPS_PROXY: 'http://user:sekret@127.0.0.1:1' };
    const created = await create('https://localhost:2', env, '--retries', '0');
    expect(created.stderr.replace(/\s+/g, ' ')).toContain(
      'the proxy http://127.0.0.1:1 could not be reached, since the connection was refused (ECONNREFUSED)',
    );
    expect(created.stderr).not.toContain('sekret');
  });

  test('to a server without a trustworthy certificate: not sent, and not repeated', async () => {
    await using server = await startTlsServer(createdClient, { certificate: 'self-signed' });
    await using proxy = await startProxy();
    const env = { HTTPS_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const created = await create(server.url, env, '--retries', '2');
    expect([created.exitCode, created.said]).toEqual([7, untrusted]);
    expect([proxy.connects.length, server.arrived]).toEqual([1, 0]);
  });

  test('to a server that resets after reading: unknown, and not repeated', async () => {
    await using server = await startTlsServer(resetAfterReading, { certificate: 'good' });
    await using proxy = await startProxy();
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: server.authority.file };
    const created = await create(server.url, env, '--retries', '2');
    expect([created.exitCode, created.said]).toEqual([8, unknown]);
    expect([proxy.connects.length, server.arrived]).toEqual([1, 1]);
  });

  test.each<[string, Host, number, number]>([
    ['of the address itself', { ip: '127.0.0.1' }, 0, 1],
    ['of a name that leads there', { dns: 'localhost' }, 7, 0],
  ])('to an IP address, with a certificate %s', async (_name, host, exitCode, arrived) => {
    await using signer = await authority();
    const { key: privateKey, certificate } = await signer.issue([host]);
    const https = createServer({ key: privateKey, cert: certificate });
    await using server = await serve(https, 'https://127.0.0.1', createdClient);
    await using proxy = await startProxy();
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: signer.file };
    expect((await create(server.url, env)).exitCode).toBe(exitCode);
    expect([proxy.connects.length, server.arrived]).toEqual([1, arrived]);
  });

  test('is not made to a proxy without a trustworthy certificate', async () => {
    await using proxy = await startTlsServer(createdClient, { certificate: 'self-signed' });
    const created = await create('https://localhost', { HTTPS_PROXY: proxy.url });
    expect([created.exitCode, created.said]).toEqual([7, untrusted]);
    expect(proxy.arrived).toBe(0);
  });
});

test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
  '%s is not for plain HTTP, which always goes direct',
  async (name) => {
    await using server = await startServer();
    const proxy = `http://127.0.0.1:${await closedPort()}`;
    expect((await create(server.url, { [name]: proxy })).exitCode).toBe(0);
    expect(server.requests).toHaveLength(1);
  },
);

test.each([
  ['NTLM, Negotiate', 'the proxy offers only NTLM and Negotiate for logging in, and only Basic'],
  ['Negotiate, Basic realm="x"', 'the proxy wants a user name and password (status 407)'],
  ['', 'the proxy wants a user name and password (status 407)'],
])('a proxy that wants to be logged in to by %j', async (offers, message) => {
  const head = `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: ${offers}\r\n`;
  await using proxy = await startRawServer((socket) => {
    socket.on('data', () => socket.end(`${head}Content-Length: 0\r\n\r\n`));
  });
  const created = await create('https://localhost', { HTTPS_PROXY: proxy.url });
  expect([created.exitCode, created.said]).toEqual([7, notSent]);
  expect(created.message).toContain(message);
});

describe('the environment', () => {
  test.each<[string, Record<string, string>, number]>([
    ['NO_PROXY with the host', { NO_PROXY: 'example.com,localhost' }, 0],
    ['no_proxy with everything', { no_proxy: '*' }, 0],
    ['NO_PROXY with another host', { NO_PROXY: 'example.com' }, 1],
  ])('%s', async (_name, more, connects) => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    await using proxy = await startProxy();
    const env = { https_proxy: proxy.url, NODE_EXTRA_CA_CERTS: server.authority.file, ...more };
    expect((await create(server.url, env)).exitCode).toBe(0);
    expect([proxy.connects.length, server.requests.length]).toEqual([connects, 1]);
  });

  const ENCODE = 'cannot be read as an address. In its user name and password, @ : / # % \\ are';
  test.each([
    ['ALL_PROXY', 'socks5://user:sekret@127.0.0.1:1080', 'names a socks5 proxy; only http:// and'],
    ['all_proxy', 'SOCKS://127.0.0.1', 'names a socks proxy; only http:// and https:// proxies'],
    ['HTTPS_PROXY', 'ftp://127.0.0.1', 'names a ftp proxy; only http:// and https:// proxies can'],
    ['HTTPS_PROXY', 'http://a b', 'must be an address such as http://proxy.example:3128.'],
    ['https_proxy', 'http://%zz@a.invalid', ENCODE],
    ['HTTPS_PROXY', 'http://user:sekret/word@a.invalid:3128', ENCODE],
    ['HTTPS_PROXY', 'http://user:1234#sekret@a.invalid:3128', ENCODE],
    ['HTTPS_PROXY', 'user:12\\sekret@a.invalid:3128', ENCODE],
    ['HTTPS_PROXY', 'http://user:100%sekret@a.invalid:3128', ENCODE],
  ])('%s=%s is a usage error that repeats no secret', async (name, address, message) => {
    const created = await create('https://localhost', { [name]: address });
    expect([created.exitCode, created.said]).toEqual([2, ['usage', 'not_created', 0]]);
    expect(created.message).toContain(`${name} ${message}`);
    expect(created.stderr).not.toContain('sekret');
  });

  test('NODE_EXTRA_CA_CERTS is what makes an authority trusted', async () => {
    await using server = await startTlsServer(createdClient, { certificate: 'good' });
    const without = await create(server.url, {});
    expect([without.exitCode, without.said]).toEqual([7, untrusted]);
    expect([server.connections, server.arrived]).toEqual([1, 0]);
    const env = { NODE_EXTRA_CA_CERTS: server.authority.file };
    expect((await create(server.url, env)).exitCode).toBe(0);
    expect(server.arrived).toBe(1);
  });

  test.each(['self-signed', 'expired', 'wrong-host'] as const)(
    'NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing for a certificate that is %s',
    async (certificate) => {
      await using server = await startTlsServer(createdClient, { certificate });
      const env = {
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        NODE_EXTRA_CA_CERTS: server.authority.file,
      };
      const created = await create(server.url, env, '--retries', '2');
      expect([created.exitCode, created.said]).toEqual([7, untrusted]);
      expect(created.stderr).toContain('"tls_always_verified"');
      expect([server.connections, server.arrived]).toEqual([1, 0]);
    },
  );

  test('a redirect by TLS leads nowhere', async () => {
    await using other = await startServer();
    await using server = await startTlsServer(redirect(302, other.url), { certificate: 'good' });
    const env = { NODE_EXTRA_CA_CERTS: server.authority.file };
    expect((await create(server.url, env)).said).toEqual(['redirect_refused', 'unknown', 1]);
    expect([server.arrived, other.connections]).toEqual([1, 0]);
  });
});
