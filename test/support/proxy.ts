import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createProxy } from 'proxy';
import { type Listening, listen } from './raw-server.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface TestProxy extends Listening, AsyncDisposable {
  /** Without credentials. */
  readonly url: string;
  /** With the credentials in it, as HTTPS_PROXY takes them; the same as `url` where there are none. */
  readonly urlWithCredentials: string;
  /** Target (`host:port`) of every CONNECT received, also of refused ones. */
  readonly connects: string[];
  /** Proxy-Authorization of each of those. */
  readonly authorizations: (string | undefined)[];
}

/** A working forward proxy on 127.0.0.1; with credentials it answers 407 to whoever lacks them. */
export function startProxy(options: { credentials?: Credentials } = {}): Promise<TestProxy> {
  const { credentials } = options;
  return start((server) => {
    const proxy = createProxy(server);
    if (credentials === undefined) return;
    const pair = `${credentials.username}:${credentials.password}`;
    const expected = `Basic ${Buffer.from(pair).toString('base64')}`;
    proxy.authenticate = (request) => request.headers['proxy-authorization'] === expected;
  }, credentials);
}

/**
 * What the proxy does with a CONNECT: refuse it with a status, never answer it, or accept it and
 * then close or go silent without a connection to anywhere.
 */
export type Misbehaviour =
  | { readonly status: number }
  | 'hang'
  | 'accept-then-close'
  | 'accept-then-hang';

export function startMisbehavingProxy(misbehaviour: Misbehaviour): Promise<TestProxy> {
  const react = (_request: IncomingMessage, socket: Duplex) => {
    // Keeps the end of the connection noticeable; nothing is done with what comes.
    socket.resume();
    if (misbehaviour === 'hang') return;
    if (typeof misbehaviour === 'object') {
      const { status } = misbehaviour;
      const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      const rest = `${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`;
      socket.end(`HTTP/1.1 ${status} Refused\r\n${rest}`);
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (misbehaviour === 'accept-then-close') socket.end();
  };
  return start((server) => server.on('connect', react));
}

async function start(
  prepare: (server: Server) => void,
  credentials?: Credentials,
): Promise<TestProxy> {
  const server = createServer();
  const connects: string[] = [];
  const authorizations: (string | undefined)[] = [];
  // First, so that what arrives is recorded before it is let through.
  server.on('connect', ({ url = '', headers }: IncomingMessage) => {
    connects.push(url);
    authorizations.push(headers['proxy-authorization']);
  });
  prepare(server);
  const listening = await listen(server);
  const parts = credentials && [credentials.username, credentials.password].map(encodeURIComponent);
  const login = parts === undefined ? '' : `${parts.join(':')}@`;
  return Object.create(listening, {
    url: { value: `http://127.0.0.1:${listening.port}` },
    urlWithCredentials: { value: `http://${login}127.0.0.1:${listening.port}` },
    connects: { value: connects },
    authorizations: { value: authorizations },
    [Symbol.asyncDispose]: { value: listening.close },
  });
}
