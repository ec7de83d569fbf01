import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { certificateHint } from '../../src/api/connection.ts';
import {
  closeAfterReading,
  createdClient,
  type Handler,
  hang,
  resetAfterReading,
  resetBeforeReading,
  sequence,
  serve,
  startRawServer,
  startServer,
} from '../support/server.ts';
import { authority, type CertificateKind, startTlsServer } from '../support/tls.ts';
import { directAgents, inShort, key, pause, sendTo, trustingAgents, until } from './sending.ts';

test('a good certificate of a trusted authority', async () => {
  await using server = await startTlsServer(createdClient, { certificate: 'good' });
  const agents = trustingAgents(server.authority.pem);
  expect(inShort(await sendTo(server.url, { agents }))).toBe('reply 200');
  expect([server.requests.length, server.handshakes]).toEqual([1, 1]);
});

test('the same without trust in the authority, by the program’s own agents', async () => {
  await using server = await startTlsServer(createdClient, { certificate: 'good' });
  expect(await sendTo(server.url)).toEqual({
    kind: 'failure',
    sent: false,
    reason: 'certificate',
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    message: 'no trustworthy TLS connection could be made (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    hint: expect.stringContaining('set NODE_EXTRA_CA_CERTS to its certificate file'),
  });
  await pause(100);
  expect(server.arrived).toBe(0);
});

test.each<[CertificateKind, RegExp, string | undefined]>([
  ['self-signed', /^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'NODE_EXTRA_CA_CERTS'],
  ['expired', /^CERT_HAS_EXPIRED$/, 'Check the date and time of this machine'],
  ['wrong-host', /^ERR_TLS_CERT_ALTNAME_INVALID$/, 'Check the address: the certificate'],
  ['tls1.1-only', /^EPROTO$|PROTOCOL_VERSION$/, undefined],
])('%s: not sent, no request arrives, and the hint fits', async (certificate, code, hint) => {
  await using server = await startTlsServer(createdClient, { certificate });
  const agents = trustingAgents(server.authority.pem);
  const attempt = await sendTo(server.url, { agents });
  expect(attempt).toMatchObject({
    ...{ kind: 'failure', sent: false, reason: 'certificate' },
    code: expect.stringMatching(code),
  });
  expect(attempt.kind === 'failure' && attempt.hint).toEqual(
    hint === undefined ? undefined : expect.stringContaining(hint),
  );
  await pause(100);
  expect([server.connections, server.arrived]).toEqual([1, 0]);
});

test('plain HTTP on the port: not sent, and it reads no key', async () => {
  await using server = await startServer();
  const attempt = await sendTo(server.url.replace('http:', 'https:'));
  expect(inShort(attempt)).toBe('not sent, certificate');
  await pause(50);
  expect([server.connections, server.arrived]).toEqual([1, 0]);
});

describe('a server that fails in the handshake reads no request', () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ['reset when accepted', (socket) => socket.resetAndDestroy(), 'not sent, network'],
    ['closed when accepted', (socket) => socket.end(), 'not sent, network'],
    [
      'reset at its first message',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'not sent, network',
    ],
    [
      'closed at its first message',
      (socket) => socket.once('data', () => socket.end()),
      'not sent, network',
    ],
    [
      'answered in plain text',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'not sent, certificate',
    ],
    ['no answer', () => {}, 'not sent, timeout'],
  ])('%s', async (_name, behave, expected) => {
    let closed = 0;
    await using server = await startRawServer((socket) => {
      socket.on('close', () => (closed += 1));
      behave(socket);
    });
    const origin = server.url.replace('http:', 'https:');
    expect(inShort(await sendTo(origin, { timeoutSeconds: 1 }))).toBe(expected);
    await until(() => closed === 1);
    expect(server.connections).toBe(1);
    expect(server.received).not.toContain(key);
    expect(server.received).not.toContain('POST');
  });

  test('an interruption in the middle of it', async () => {
    await using server = await startRawServer(() => {});
    const controller = new AbortController();
    const origin = server.url.replace('http:', 'https:');
    const sending = sendTo(origin, { signal: controller.signal });
    await until(() => server.received !== '');
    controller.abort();
    expect(inShort(await sending)).toBe('not sent, cancelled');
    expect(server.received).not.toContain('POST');
  });
});

test('a server that wants a certificate of ours may have read the request before it says so', async () => {
  await using signer = await authority();
  const { key: privateKey, certificate } = await signer.issue([{ dns: 'localhost' }]);
  const options = { key: privateKey, cert: certificate, ca: signer.pem };
  const demanding = createServer({ ...options, requestCert: true, rejectUnauthorized: true });
  await using server = await serve(demanding, 'https://localhost', createdClient);
  const attempt = await sendTo(server.url, { agents: trustingAgents(signer.pem) });
  expect(attempt).toMatchObject({ kind: 'failure', sent: true, reason: 'network' });
});

describe('after the handshake', () => {
  test.each<[string, Handler, string, number]>([
    ['reset before reading', resetBeforeReading, 'sent, network', 0],
    ['reset after reading', resetAfterReading, 'sent, network', 1],
    ['closed after reading', closeAfterReading, 'sent, network', 1],
    ['no answer', hang, 'sent, timeout', 1],
  ])('%s: sent', async (_name, handler, expected, requests) => {
    await using server = await startTlsServer(handler, { certificate: 'good' });
    const agents = trustingAgents(server.authority.pem);
    expect(inShort(await sendTo(server.url, { agents, timeoutSeconds: 1 }))).toBe(expected);
    await pause(50);
    expect([server.arrived, server.requests.length]).toEqual([1, requests]);
  });

  test.each<[string, Handler]>([
    ['reset before reading', resetBeforeReading],
    ['reset after reading', resetAfterReading],
  ])('%s on a connection that is kept alive: sent', async (_name, handler) => {
    await using server = await startTlsServer(sequence(createdClient, handler), {
      certificate: 'good',
    });
    const agents = trustingAgents(server.authority.pem);
    expect(inShort(await sendTo(server.url, { agents }))).toBe('reply 200');
    expect(inShort(await sendTo(server.url, { agents }))).toBe('sent, network');
    await pause(50);
    expect([server.connections, server.handshakes, server.arrived]).toEqual([1, 1, 2]);
  });
});

test('http on the port of a TLS server: it connected, so nothing is claimed', async () => {
  await using server = await startTlsServer(createdClient, { certificate: 'good' });
  const origin = `http://127.0.0.1:${server.port}`;
  const agents = await directAgents(origin);
  expect(inShort(await sendTo(origin, { agents }))).toBe('sent, network');
  expect(server.arrived).toBe(0);
});

test('a certificate that is not valid yet hints at the clock too', () => {
  expect(certificateHint('CERT_NOT_YET_VALID')).toContain('Check the date and time');
  const orSystem = 'setDefaultCACertificates' in tls;
  const hint = certificateHint('SELF_SIGNED_CERT_IN_CHAIN');
  expect(hint?.includes('NODE_USE_SYSTEM_CA=1')).toBe(orSystem);
});
