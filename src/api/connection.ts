import type { ClientRequest } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import tls from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { OxhostError } from '../errors.ts';
import type { Environment } from '../settings.ts';

export interface Failure {
  kind: 'failure';
  /** False only if the request certainly never left this machine. */
  sent: boolean;
  reason: 'certificate' | 'proxy' | 'network' | 'timeout' | 'cancelled' | 'malformed';
  /** System or library code such as ECONNREFUSED, or null. */
  code: string | null;
  /** A clause without secrets: "the connection was refused". */
  message: string;
  /** What to do about it, where that is known. */
  hint?: string;
  /** Address of the proxy that could not be reached, without credentials. */
  proxy?: string;
}

/**
 * Servers close idle connections at their own pace, and a request that meets the close is lost
 * without a word: none goes out on a connection that was idle for longer.
 */
export const IDLE_MILLISECONDS = 250;

/** Certificates are always verified, TLS is 1.2 at least, and a slow address has time to answer. */
export const CONNECTION_RULES = {
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2',
  autoSelectFamilyAttemptTimeout: 2_000,
} as const;

/** Milliseconds for each phase of a request, none longer than the wait for the answer. */
export function phaseLimits(timeoutSeconds: number) {
  const atMost = (seconds: number) => Math.min(seconds, timeoutSeconds) * 1000;
  return { lookup: atMost(10), connect: atMost(10), upload: atMost(30) };
}

/** How far a connection got; decides whether a failed request can have left. */
export interface ConnectionState {
  request: ClientRequest | null;
  connected: boolean;
  /** What a proxy answered to CONNECT; null without a tunnel, and in one from an earlier request. */
  tunnel: { status: number; offers: string } | null;
}

interface ProxyAnswer {
  statusCode: number;
  headers?: Record<string, string | string[] | undefined>;
}

/**
 * Notes how far the connection gets. An error code cannot tell: the same ECONNRESET comes before
 * and after the server has read everything.
 */
export function follow(request: ClientRequest, url: URL, state: ConnectionState): void {
  state.request = request;
  request.once('proxyConnect', ({ statusCode, headers }: ProxyAnswer) => {
    state.tunnel = { status: statusCode, offers: String(headers?.['proxy-authenticate'] ?? '') };
  });
  request.once('socket', (socket: Socket) => {
    if (tunnelFailed(state)) return;
    const arrived = () => {
      state.connected = true;
    };
    if (request.reusedSocket) return arrived();
    const { encrypted } = socket as Partial<TLSSocket>;
    const isSecure = url.protocol === 'https:' && encrypted === true;
    if (isSecure && (socket as TLSSocket).getFinished() === undefined) {
      socket.once('secureConnect', arrived);
    } else if (url.protocol === 'http:' && socket.connecting) {
      socket.once('connect', arrived);
    } else {
      arrived();
    }
  });
}

export function tunnelFailed({ tunnel }: ConnectionState): boolean {
  return tunnel !== null && tunnel.status !== 200;
}

const UNSENT = 'Nothing was sent.';

function tunnelFailure(status: number, offers: string): Failure {
  const base = { kind: 'failure', sent: false, reason: 'proxy', code: null } as const;
  if (status !== 407) {
    const message = `the proxy refused the tunnel with status ${status}`;
    return { ...base, message, hint: `Check the proxy. ${UNSENT}` };
  }
  const other = offers.match(/\b(?:NTLM|Negotiate|Kerberos)\b/gi);
  if (other !== null && !/\bbasic\b/i.test(offers)) {
    const message = `the proxy offers only ${other.join(' and ')} for logging in, and only Basic is supported`;
    const hint = `Use a local proxy that logs in to it, and name that in HTTPS_PROXY. ${UNSENT}`;
    return { ...base, message, hint };
  }
  const message = 'the proxy wants a user name and password (status 407)';
  const hint = `Write them into HTTPS_PROXY: http://user:password@host:port. ${UNSENT}`;
  return { ...base, message, hint };
}

/** What a request that got no answer comes to; `proxy` is what the connection is to, or null. Pure. */
export function failureOf(thrown: unknown, state: ConnectionState, proxy: string | null): Failure {
  const { tunnel } = state;
  if (tunnel !== null && tunnelFailed(state)) return tunnelFailure(tunnel.status, tunnel.offers);
  const failure = connectionFailure(thrown, state);
  const isOwn = failure.sent || failure.reason === 'cancelled' || failure.reason === 'malformed';
  // With a tunnel that stands it is the server's own doing.
  return proxy === null || isOwn || tunnel !== null ? failure : { ...failure, proxy };
}

export const NO_ANSWER = 'no answer came in time';

function connectionFailure(thrown: unknown, { request, connected }: ConnectionState): Failure {
  const error = thrown as Partial<Error> & { code?: string; event?: string; cause?: unknown };
  const { name, message, event } = error;
  const inner = (error.cause as { code?: string } | undefined)?.code;
  const code = [inner, error.code].find((each) => typeof each === 'string') ?? null;
  const base = { kind: 'failure', sent: connected, code } as const;
  if (name === 'AbortError' || code === 'ERR_ABORTED') {
    return { ...base, reason: 'cancelled', message: 'the request was interrupted' };
  }
  if (request === null) {
    const hint = `${UNSENT} Please report this with the output of --debug.`;
    return { ...base, reason: 'malformed', message: 'the request could not be made', hint };
  }
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') {
    const what = event === 'lookup' ? 'the name was not resolved' : 'no connection could be made';
    return { ...base, reason: 'timeout', message: connected ? NO_ANSWER : `${what} in time` };
  }
  if (!connected && code !== null && CERTIFICATE.test(code)) {
    const words = NOT_TLS.test(`${code} ${message}`)
      ? 'the other side does not speak TLS'
      : 'no trustworthy TLS connection could be made';
    const hint = certificateHint(code);
    const certificate = { ...base, reason: 'certificate', message: `${words} (${code})` } as const;
    return hint === null ? certificate : { ...certificate, hint };
  }
  const phrase =
    NETWORK_WORDS[code ?? ''] ??
    (connected ? 'the connection failed' : 'no connection could be made');
  return { ...base, reason: 'network', message: code === null ? phrase : `${phrase} (${code})` };
}

/** OpenSSL's reasons when what comes is no TLS record. */
const NOT_TLS = /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|[ _]http[ _]request/i;

/** OpenSSL's verification results and Node's TLS errors; a mere reset is network trouble. */
const CERTIFICATE =
  /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|SELF_SIGNED|UNABLE_TO|^CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/;

/** What to look at, by what is wrong with a certificate; no way round it is offered. */
export function certificateHint(code: string): string | null {
  if (/^EPROTO$|^ERR_SSL/.test(code)) return null;
  if (/NOT_YET_VALID|HAS_EXPIRED/.test(code)) {
    return `Check the date and time of this machine; if they are right, the server needs a new certificate. ${UNSENT}`;
  }
  if (/ALTNAME|HOSTNAME_MISMATCH/.test(code)) {
    return `Check the address: the certificate of this server is for another name. ${UNSENT}`;
  }
  // Node reads NODE_USE_SYSTEM_CA since the versions that have this function (22.19, 24.6).
  const orSystem =
    'setDefaultCACertificates' in tls ? ', or NODE_USE_SYSTEM_CA=1 if this system trusts it' : '';
  return `If a proxy of your own network signs certificates, set NODE_EXTRA_CA_CERTS to its certificate file${orSystem}. ${UNSENT}`;
}

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name does not exist in DNS',
  EAI_AGAIN: 'DNS gave no answer',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  EPIPE: 'the connection was closed',
};

const SLOWEST_TUNNEL_SECONDS = 20;

export interface Agents {
  /** As got takes it: by scheme. */
  agent: { http?: http.Agent; https?: https.Agent };
  /** Address of the proxy without credentials, or null. */
  proxy: string | null;
  close(): void;
}

export interface AgentOptions {
  concurrency: number;
  /** Where the proxy is named. */
  env?: Environment;
  /** Seconds for one answer; a proxy's own answer is not waited for much longer. */
  timeoutSeconds: number;
}

/**
 * Agents for one origin: direct, or through the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`
 * name. Plain HTTP, which is for loopback addresses alone, always goes direct: a key must not cross
 * a network in clear.
 * @throws OxhostError `usage` for a proxy address that cannot be used.
 */
export async function createAgents(origin: URL, options: AgentOptions): Promise<Agents> {
  const { concurrency: maxSockets, timeoutSeconds, env = {} } = options;
  const common = { keepAlive: true, maxSockets, timeout: IDLE_MILLISECONDS, ...CONNECTION_RULES };
  if (origin.protocol === 'http:') {
    const direct = new http.Agent(common);
    return { agent: { http: direct }, proxy: null, close: () => direct.destroy() };
  }
  const proxy = proxyFor(origin, env);
  const agent = proxy === null ? new https.Agent(common) : await tunnel(proxy);
  return { agent: { https: agent }, proxy: proxy?.origin ?? null, close: () => agent.destroy() };

  async function tunnel(address: URL): Promise<https.Agent> {
    const { TunnelAgent } = await import('./tunnel.ts');
    const seconds = Math.min(SLOWEST_TUNNEL_SECONDS, 2 * timeoutSeconds);
    return new TunnelAgent(address, common, seconds * 1000) as unknown as https.Agent;
  }
}

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];

/** @throws OxhostError `usage` that names the variable and repeats nothing of its value. */
function proxyFor(origin: URL, env: Environment): URL | null {
  if (getProxyForUrl(origin.href) === '') return null;
  const name = VARIABLES.find((each) => env[each]) ?? 'HTTPS_PROXY';
  const value = env[name] ?? getProxyForUrl(origin.href);
  const refused = (why: string) => new OxhostError('usage', `${name} ${why}`);
  const kind = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (kind !== undefined && kind !== 'http' && kind !== 'https') {
    throw refused(`names a ${kind} proxy; only http:// and https:// proxies can be used.`);
  }
  try {
    // Without a scheme it is a plain proxy, as to curl.
    const proxy = new URL(kind === undefined ? `http://${value}` : value);
    decodeURIComponent(proxy.username + proxy.password);
    // A "/" or "#" in a password ends the address early, and the rest has its "@".
    if (!`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@')) return proxy;
  } catch {
    if (!/[@%]/.test(value)) throw refused('must be an address such as http://proxy.example:3128.');
  }
  throw refused(
    'cannot be read as an address. In its user name and password, @ : / # % \\ are written as %40 %3A %2F %23 %25 %5C.',
  );
}
