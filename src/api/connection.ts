import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';

const SLOWEST_LOOKUP_SECONDS = 10;
const SLOWEST_CONNECT_SECONDS = 10;
const SLOWEST_UPLOAD_SECONDS = 30;

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
 * without a word: what must not be repeated goes out on none that was idle for longer.
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
  return {
    lookup: atMost(SLOWEST_LOOKUP_SECONDS),
    connect: atMost(SLOWEST_CONNECT_SECONDS),
    upload: atMost(SLOWEST_UPLOAD_SECONDS),
  };
}

/** A phase took too long. */
export class OutOfTime extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Ctrl-C. */
export class Interrupted extends Error {
  readonly code = 'ERR_ABORTED';
}

/** How far a connection got; decides whether a failed request can have left. */
export interface ConnectionState {
  request: ClientRequest | null;
  connected: boolean;
  /** What a proxy answered to CONNECT; null without a tunnel, and in one from an earlier request. */
  tunnel: { status: number; authenticate: string } | null;
}

export function unconnected(): ConnectionState {
  return { request: null, connected: false, tunnel: null };
}

/**
 * Notes how far the connection gets. An error code cannot tell: the same ECONNRESET comes before
 * and after the server has read everything.
 */
export function follow(request: ClientRequest, url: URL, state: ConnectionState): void {
  state.request = request;
  request.once('proxyConnect', (answer: ProxyAnswer) => {
    const authenticate = [answer.headers?.['proxy-authenticate'] ?? ''].flat().join(', ');
    state.tunnel = { status: answer.statusCode, authenticate };
  });
  request.once('socket', (socket: Socket) => {
    if (tunnelFailed(state)) return;
    const arrived = () => {
      state.connected = true;
    };
    if (request.reusedSocket) return arrived();
    if (url.protocol === 'https:') {
      const { encrypted } = socket as Partial<TLSSocket>;
      if (encrypted !== true || (socket as TLSSocket).getFinished() !== undefined) arrived();
      else socket.once('secureConnect', arrived);
    } else if (socket.connecting) {
      socket.once('connect', arrived);
    } else {
      arrived();
    }
  });
}

interface ProxyAnswer {
  statusCode: number;
  headers?: Record<string, string | string[] | undefined>;
}

export function tunnelFailed({ tunnel }: ConnectionState): boolean {
  return tunnel !== null && tunnel.status !== 200;
}

function tunnelFailure({ tunnel }: ConnectionState): Failure {
  const { status = 0, authenticate = '' } = tunnel ?? {};
  const base = { kind: 'failure', sent: false, reason: 'proxy', code: null } as const;
  const message = `the proxy refused the tunnel with status ${status}`;
  if (status !== 407) return { ...base, message, hint: `Check the proxy. ${NOTHING_SENT}` };
  const offered = [...authenticate.matchAll(/\b(NTLM|Negotiate|Kerberos|Basic)\b/gi)].map(
    ([name]) => name,
  );
  if (offered.length > 0 && !offered.some((name) => /^basic$/i.test(name))) {
    return {
      ...base,
      message: `the proxy offers only ${[...new Set(offered)].join(' and ')} for logging in, and only Basic is supported`,
      hint: `Use a local proxy that logs in to it, and name that in HTTPS_PROXY. ${NOTHING_SENT}`,
    };
  }
  return {
    ...base,
    message: `the proxy wants a user name and password (status ${status})`,
    hint: `Write them into HTTPS_PROXY: http://user:password@host:port. ${NOTHING_SENT}`,
  };
}

const NOTHING_SENT = 'Nothing was sent.';

/**
 * What a request that got no answer comes to. Pure.
 * @param proxy address of the proxy that the connection is to, if it is to one.
 */
export function failureOf(thrown: unknown, state: ConnectionState, proxy?: string | null): Failure {
  if (tunnelFailed(state)) return tunnelFailure(state);
  const failure = connectionFailure(thrown, state);
  const isOwn = failure.sent || failure.reason === 'cancelled' || failure.reason === 'malformed';
  // With a tunnel that stands it is the server's own doing.
  return proxy == null || isOwn || state.tunnel !== null ? failure : { ...failure, proxy };
}

export const NO_ANSWER = 'no answer came in time';

function connectionFailure(thrown: unknown, state: ConnectionState): Failure {
  const error = thrown as {
    name?: string;
    message?: string;
    code?: string;
    event?: string;
    cause?: { code?: string };
  };
  const code =
    [error.cause?.code, error.code].find((candidate) => typeof candidate === 'string') ?? null;
  const sent = state.connected;
  const base = { kind: 'failure', sent, code } as const;
  if (error.name === 'AbortError' || code === 'ERR_ABORTED') {
    return { ...base, reason: 'cancelled', message: 'the request was interrupted' };
  }
  if (state.request === null) {
    const hint = `${NOTHING_SENT} Please report this with the output of --debug.`;
    return { ...base, reason: 'malformed', message: 'the request could not be made', hint };
  }
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return { ...base, reason: 'timeout', message: timeoutMessage(sent, error.event) };
  }
  if (!sent && code !== null && CERTIFICATE.test(code)) {
    const speaksOther = NOT_TLS.test(`${code} ${error.message}`);
    const words = speaksOther
      ? 'the other side does not speak TLS'
      : 'no trustworthy TLS connection could be made';
    const hint = certificateHint(code);
    const message = `${words} (${code})`;
    return { ...base, reason: 'certificate', message, ...(hint === null ? {} : { hint }) };
  }
  return { ...base, reason: 'network', message: networkMessage(sent, code) };
}

function timeoutMessage(sent: boolean, event: string | undefined): string {
  if (sent) return NO_ANSWER;
  return event === 'lookup'
    ? 'the name was not resolved in time'
    : 'no connection could be made in time';
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
    return `Check the date and time of this machine; if they are right, the server needs a new certificate. ${NOTHING_SENT}`;
  }
  if (/ALTNAME|HOSTNAME_MISMATCH/.test(code)) {
    return `Check the address: the certificate of this server is for another name. ${NOTHING_SENT}`;
  }
  // Node reads NODE_USE_SYSTEM_CA since the versions that have this function (22.19, 24.6).
  const orSystem =
    'setDefaultCACertificates' in tls ? ', or NODE_USE_SYSTEM_CA=1 if this system trusts it' : '';
  return `If a proxy of your own network signs certificates, set NODE_EXTRA_CA_CERTS to its certificate file${orSystem}. ${NOTHING_SENT}`;
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

function networkMessage(sent: boolean, code: string | null): string {
  const words = code === null ? undefined : NETWORK_WORDS[code];
  const phrase = words ?? (sent ? 'the connection failed' : 'no connection could be made');
  return code === null ? phrase : `${phrase} (${code})`;
}
