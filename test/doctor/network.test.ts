import { describe, expect, test } from 'vitest';
import type { Connection } from '../../src/api/connect.ts';
import type { Failure } from '../../src/api/http.ts';
import { networkFindings, noNetworkFindings } from '../../src/doctor/network.ts';

const now = new Date('2026-01-02T03:04:05Z');
const inDays = (days: number) => now.getTime() + days * 86_400_000;
const tls = (validTo = inDays(60)) => ({
  ...{ milliseconds: 3, protocol: 'TLSv1.3' },
  certificate: { subject: '0xhost.com', issuer: 'Test Authority', validTo },
});
const lookup = { milliseconds: 1, addresses: ['192.0.2.1', '2001:db8::1'] };
const nothing: Connection = {
  ...{ lookup: null, tcp: null, tunnel: null, tls: null, failure: null, foreignNames: null },
};
const whole: Connection = { ...nothing, lookup, tcp: { milliseconds: 2 }, tls: tls() };
const failed = (changes: Partial<Failure>): Failure => ({
  ...{ kind: 'failure', sent: false, reason: 'network', code: null, message: 'it failed' },
  ...changes,
});
const look = (connection: Connection, origin = 'https://0xhost.com', proxy: string | null = null) =>
  networkFindings({ connection, origin: new URL(origin), proxy, now });
const inShort = (...given: Parameters<typeof look>) =>
  look(...given).map(({ name, status, message }) => `${name} ${status}: ${message}`);

test('all is well', () => {
  expect(inShort(whole)).toEqual([
    'dns ok: 0xhost.com is 192.0.2.1, 2001:db8::1 (1 ms).',
    'connection ok: Open (2 ms).',
    'tls ok: TLSv1.3 (3 ms), certificate of 0xhost.com by Test Authority, 60 days left.',
  ]);
});

test('by a proxy', () => {
  const connection = { ...nothing, tunnel: { milliseconds: 5 }, tls: tls() };
  expect(inShort(connection, 'https://0xhost.com', 'http://proxy.example:3128')).toEqual([
    'dns skipped: The proxy looks names up.',
    'connection ok: A tunnel through the proxy (5 ms).',
    expect.stringMatching(/^tls ok: TLSv1\.3/),
  ]);
});

test('on this machine, without TLS', () => {
  const connection = { ...nothing, tcp: { milliseconds: 1 } };
  const rows = [
    'dns skipped: 127.0.0.1 is no name and needs no look-up.',
    'connection ok: Open (1 ms).',
    'tls skipped: http:// on this machine has none.',
  ];
  expect(inShort(connection, 'http://127.0.0.1:80')).toEqual(rows);
  expect(inShort(connection, 'http://[::1]:80')[0]).toBe(
    'dns skipped: ::1 is no name and needs no look-up.',
  );
  expect(inShort(connection, 'http://127.0.0.1:80', 'http://127.0.0.1:3128')[1]).toBe(
    'connection ok: Open to the proxy (1 ms).',
  );
});

test.each([
  [14, 'ok', /14 days left/],
  [13.99, 'warning', /13 days left/],
  [1.5, 'warning', /1 day left/],
  [0.5, 'warning', /0 days left/],
  [Number.NaN, 'ok', /by Test Authority, no end\.$/],
])('a certificate with %d days left: %s', (days, status, message) => {
  const found = look({ ...whole, tls: tls(inDays(days)) })[2];
  expect(found).toMatchObject({ status, exitCode: 0 });
  expect(found?.message).toMatch(message);
});

describe('a failure stands where it happened, and what comes after is not looked at', () => {
  const skippedAfter = (name: string) => `skipped: Not looked at, because of ${name}.`;
  test('the name', () => {
    const failure = failed({ code: 'ENOTFOUND', message: 'the name does not exist (ENOTFOUND)' });
    expect(inShort({ ...nothing, failure })).toEqual([
      'dns error: The name does not exist (ENOTFOUND).',
      `connection ${skippedAfter('dns')}`,
      `tls ${skippedAfter('dns')}`,
    ]);
    expect(look({ ...nothing, failure })[0]).toMatchObject({
      hint: 'Check the spelling of 0xhost.com, and the network.',
      exitCode: 7,
    });
  });

  test('the connection', () => {
    const failure = failed({ message: 'the connection was refused (ECONNREFUSED)' });
    expect(inShort({ ...nothing, lookup, failure })).toEqual([
      expect.stringMatching(/^dns ok/),
      'connection error: The connection was refused (ECONNREFUSED).',
      `tls ${skippedAfter('connection')}`,
    ]);
  });

  test('TLS', () => {
    const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
    const failure = failed({ reason: 'certificate', code, message: `no TLS (${code})` });
    const found = look({ ...whole, tls: null, failure, foreignNames: 'DNS:a'.padEnd(300, 'a') });
    expect(found.map(({ status }) => status)).toEqual(['ok', 'ok', 'error']);
    expect(found[2]?.message).toMatch(
      /^No TLS \(ERR_[A-Z_]+\): the certificate is for another name/,
    );
    expect(found[2]?.message.length).toBeLessThan(320);
    expect(found[2]?.exitCode).toBe(7);
  });

  test.each<[string, Partial<Failure>, RegExp, RegExp]>([
    [
      'its refusal',
      { reason: 'proxy', message: 'the proxy refused the tunnel with status 407' },
      /^The proxy refused the tunnel with status 407\.$/,
      /user name and password/,
    ],
    [
      'its absence',
      { proxy: 'http://proxy.example', message: 'the connection was refused' },
      /^The proxy http:\/\/proxy\.example could not be reached: the connection was refused\.$/,
      /NO_PROXY/,
    ],
  ])('the proxy: %s', (_name, changes, message, hint) => {
    const [dns, connection, last] = look(
      { ...nothing, failure: failed(changes) },
      'https://0xhost.com',
      'http://proxy.example',
    );
    expect([dns?.status, connection?.status, last?.status]).toEqual([
      'skipped',
      'error',
      'skipped',
    ]);
    expect(connection?.message).toMatch(message);
    expect(connection?.hint).toMatch(hint);
    expect(connection?.exitCode).toBe(7);
  });

  test('nothing to connect to', () => {
    expect(noNetworkFindings('proxy').map(({ name, status }) => [name, status])).toEqual([
      ['dns', 'skipped'],
      ['connection', 'skipped'],
      ['tls', 'skipped'],
    ]);
  });
});
