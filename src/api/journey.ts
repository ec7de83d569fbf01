import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Failure } from './http.ts';

/** Where the connection got to; decides whether a failed request can have left. */
export interface Journey {
  request: ClientRequest | null;
  connected: boolean;
  /** What a proxy answered to CONNECT; null without a tunnel, and in one from an earlier request. */
  tunnelStatus: number | null;
}

export function startJourney(): Journey {
  return { request: null, connected: false, tunnelStatus: null };
}

/**
 * Notes how far the connection gets. An error code cannot tell: the same ECONNRESET comes before
 * and after the server has read everything.
 */
export function follow(request: ClientRequest, url: URL, journey: Journey): void {
  journey.request = request;
  request.once('proxyConnect', (answer: { statusCode: number }) => {
    journey.tunnelStatus = answer.statusCode;
  });
  request.once('socket', (socket: Socket) => {
    if (tunnelFailed(journey)) return;
    const arrived = () => {
      journey.connected = true;
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

export function tunnelFailed(journey: Journey): boolean {
  return journey.tunnelStatus !== null && journey.tunnelStatus !== 200;
}

function tunnelFailure(journey: Journey): Failure {
  return {
    kind: 'failure',
    sent: false,
    reason: 'proxy',
    code: null,
    message: `the proxy refused the tunnel with status ${journey.tunnelStatus}`,
  };
}

/**
 * What a request that got no answer comes to. Pure.
 * @param proxy address of the proxy that the connection is to, if it is to one.
 */
export function journeyFailure(thrown: unknown, journey: Journey, proxy?: string | null): Failure {
  if (tunnelFailed(journey)) return tunnelFailure(journey);
  const failure = connectionFailure(thrown, journey);
  const isOwn = failure.sent || failure.reason === 'cancelled' || failure.reason === 'malformed';
  // With a tunnel that stands it is the server's own doing.
  return proxy == null || isOwn || journey.tunnelStatus !== null ? failure : { ...failure, proxy };
}

function connectionFailure(thrown: unknown, journey: Journey): Failure {
  const error = thrown as {
    name?: string;
    message?: string;
    code?: string;
    event?: string;
    cause?: { code?: string };
  };
  const code =
    [error.cause?.code, error.code].find((candidate) => typeof candidate === 'string') ?? null;
  const sent = journey.connected;
  const base = { kind: 'failure', sent, code } as const;
  if (error.name === 'AbortError' || code === 'ERR_ABORTED') {
    return { ...base, reason: 'cancelled', message: 'the request was interrupted' };
  }
  if (journey.request === null) {
    return { ...base, reason: 'malformed', message: 'the request could not be made' };
  }
  if (error.name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return { ...base, reason: 'timeout', message: timeoutMessage(sent, error.event) };
  }
  if (!sent && isCertificateTrouble(code)) {
    const words = NOT_TLS.test(`${code} ${error.message}`)
      ? 'the other side does not speak TLS'
      : 'no trustworthy TLS connection came about';
    return { ...base, reason: 'certificate', message: `${words} (${code})` };
  }
  return { ...base, reason: 'network', message: networkMessage(sent, code) };
}

function timeoutMessage(sent: boolean, event: string | undefined): string {
  if (sent) return 'no answer came in time';
  return event === 'lookup'
    ? 'the name was not resolved in time'
    : 'no connection came about in time';
}

/** OpenSSL's reasons when what comes is no TLS record. */
const NOT_TLS = /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|[ _]http[ _]request/i;

/** OpenSSL's verification results and Node's TLS errors; a mere reset is network trouble. */
function isCertificateTrouble(code: string | null): boolean {
  return (
    code !== null &&
    /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|SELF_SIGNED|UNABLE_TO|^CRL_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/.test(
      code,
    )
  );
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
  const phrase = words ?? (sent ? 'the connection failed' : 'no connection came about');
  return code === null ? phrase : `${phrase} (${code})`;
}
