import { request } from 'node:https';
import { type ConnectionOptions, connect } from 'node:tls';
import { expect, test } from 'vitest';
import { runProcess } from './process.ts';
import { answer, resetAfterReading, resetBeforeReading } from './server.ts';
import { type CertificateKind, startTlsServer, type TlsServer } from './tls.ts';

function handshake(server: TlsServer, options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({
      port: server.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: server.authority.pem,
      ...options,
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
  });
}

test.each<[CertificateKind, string]>([
  ['good', 'TLSv1.3'],
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['tls1.1-only', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
])('%s: %s for a client that trusts the authority', async (certificate, expected) => {
  await using server = await startTlsServer(answer(200), { certificate });
  expect(await handshake(server)).toBe(expected);
  expect(server.requests).toEqual([]);
});

test('nothing but the version is wrong with tls1.1-only, nothing but the name with wrong-host', async () => {
  await using old = await startTlsServer(answer(200), { certificate: 'tls1.1-only' });
  const weak = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  expect(await handshake(old, weak)).toBe('TLSv1.1');
  await using other = await startTlsServer(answer(200), { certificate: 'wrong-host' });
  expect(await handshake(other, { servername: 'elsewhere.example' })).toBe('TLSv1.3');
});

test('the good certificate is refused without the authority', async () => {
  await using server = await startTlsServer(answer(200), { certificate: 'good' });
  expect(await handshake(server, { ca: [] })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

test.each(['localhost', '127.0.0.1'])('NODE_EXTRA_CA_CERTS makes %s trusted', async (host) => {
  await using server = await startTlsServer(answer(200, { success: true }), {
    certificate: 'good',
  });
  const script = `fetch('https://${host}:${server.port}/').then(r => r.text()).then(console.log, e => console.log(e.cause.code))`;
  const run = (env: Record<string, string>) =>
    runProcess(process.execPath, ['-e', script], { env });
  const { stdout, stderr } = await run({ NODE_EXTRA_CA_CERTS: server.authority.file });
  expect([stdout, stderr]).toEqual(['{"success":true}\n', '']);
  expect((await run({})).stdout).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE\n');
  expect([server.requests.length, server.handshakes, server.connections]).toEqual([1, 1, 2]);
});

test.each([
  ['before', resetBeforeReading, 0],
  ['after', resetAfterReading, 1],
] as const)('a reset %s reading works below TLS', async (_when, handler, requests) => {
  await using server = await startTlsServer(handler, { certificate: 'good' });
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    const ca = server.authority.pem;
    // TLS 1.3 sends session tickets late; a reset right behind unread bytes is taken for an end.
    const sent = request(server.url, { method: 'POST', ca, maxVersion: 'TLSv1.2' });
    sent.on('error', resolve);
    sent.end('{}');
  });
  expect([error.code, error.syscall]).toEqual(['ECONNRESET', 'read']);
  expect([server.requests.length, server.arrived]).toEqual([requests, 1]);
});
