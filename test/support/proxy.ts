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
  /** Absolute URL of every plain request received, also of refused ones. */
  readonly requests: string[];
  /** Proxy-Authorization of each of those, in order of arrival. */
  readonly authorizations: (string | undefined)[];
}

/** A working forward proxy on 127.0.0.1; with credentials it answers 407 to whoever lacks them. */
export function startProxy(options: { credentials?: Credentials } = {}): Promise<TestProxy> {
  const server = createServer();
  const { credentials } = options;
  // First, so that what arrives is recorded before it is let through.
  const records = record(server);
  const proxy = createProxy(server);
  if (credentials !== undefined) {
    const pair = `${credentials.username}:${credentials.password}`;
    const expected = `Basic ${Buffer.from(pair).toString('base64')}`;
    proxy.authenticate = (request) => request.headers['proxy-authorization'] === expected;
  }
  return start(server, records, credentials);
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
  const server = createServer();
  const records = record(server);
  server.on('connect', (_request, socket: Duplex) => {
    // Keeps the end of the connection noticeable; nothing is done with what comes.
    socket.resume();
    if (misbehaviour === 'hang') return;
    if (typeof misbehaviour === 'object') {
      const challenge =
        misbehaviour.status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      socket.end(
        `HTTP/1.1 ${misbehaviour.status} Refused\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (misbehaviour === 'accept-then-close') socket.end();
  });
  server.on('request', (_request, response) => {
    if (misbehaviour === 'hang' || misbehaviour === 'accept-then-hang') return;
    if (typeof misbehaviour === 'object') response.writeHead(misbehaviour.status).end();
    else response.destroy();
  });
  return start(server, records);
}

interface Records {
  readonly connects: string[];
  readonly requests: string[];
  readonly authorizations: (string | undefined)[];
}

function record(server: Server): Records {
  const records: Records = { connects: [], requests: [], authorizations: [] };
  const note = (list: string[]) => (request: IncomingMessage) => {
    list.push(request.url ?? '');
    records.authorizations.push(request.headers['proxy-authorization']);
  };
  server.on('connect', note(records.connects));
  server.on('request', note(records.requests));
  return records;
}

async function start(
  server: Server,
  records: Records,
  credentials?: Credentials,
): Promise<TestProxy> {
  const listening = await listen(server);
  const { username = '', password = '' } = credentials ?? {};
  const login = credentials
    ? `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`
    : '';
  return Object.create(listening, {
    url: { value: `http://127.0.0.1:${listening.port}` },
    urlWithCredentials: { value: `http://${login}127.0.0.1:${listening.port}` },
    ...Object.fromEntries(Object.entries(records).map(([name, value]) => [name, { value }])),
    [Symbol.asyncDispose]: { value: listening.close },
  });
}
