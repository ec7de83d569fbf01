import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';
import type { Agents } from './agents.ts';
import type { Failure } from './http.ts';
import { follow, journeyFailure, startJourney } from './journey.ts';
import { Interrupted, OutOfTime, phaseLimits, TLS_RULES } from './phases.ts';

/** How far a connection got; a phase that did not end, or that there is none of, is null. */
export interface Connection {
  /** The name was resolved: to these addresses. By a proxy it is the proxy that does it. */
  lookup: { milliseconds: number; addresses: readonly string[] } | null;
  /** TCP to the origin, or to a proxy for plain HTTP. */
  tcp: { milliseconds: number } | null;
  /** The proxy was reached and made a tunnel. */
  tunnel: { milliseconds: number } | null;
  tls: { milliseconds: number; protocol: string; certificate: Certificate } | null;
  failure: Failure | null;
  /** Names that a certificate of another host is for, as it says them, or null. */
  foreignNames: string | null;
}

/** What a server's certificate says of itself: text from elsewhere. */
export interface Certificate {
  subject: string;
  issuer: string;
  /** Time in milliseconds since 1970, or NaN. */
  validTo: number;
}

export interface ConnectOptions {
  agents: Agents;
  timeoutSeconds: number;
  monotonic: () => number;
}

/**
 * Connects to an origin as a call does, by the same agents and within the same times, and sends no
 * request: the one that is begun is never ended, so not even its head goes out. Never throws.
 */
export function connect(
  origin: URL,
  { agents, timeoutSeconds, monotonic }: ConnectOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const journey = startJourney();
  const limits = phaseLimits(timeoutSeconds);
  const reached: Connection = {
    ...{ lookup: null, tcp: null, tunnel: null, tls: null },
    ...{ failure: null, foreignNames: null },
  };
  return new Promise((resolve) => {
    let request: ClientRequest | undefined;
    let deadline: NodeJS.Timeout | undefined;
    let began = monotonic();
    let isSettled = false;
    const lap = () => {
      const milliseconds = Math.round(monotonic() - began);
      began += milliseconds;
      return { milliseconds };
    };
    const settle = () => {
      isSettled = true;
      clearTimeout(deadline);
      signal.removeEventListener('abort', interrupt);
      // Not at once: our last part of the handshake is still on its way out.
      setImmediate(() => {
        request?.destroy();
        resolve(reached);
      });
    };
    const fail = (error: Error) => {
      if (isSettled) return;
      reached.failure = journeyFailure(error, journey, agents.proxy);
      reached.foreignNames = namesOf(error);
      settle();
    };
    const allow = (milliseconds: number, event: string) => {
      if (isSettled) return;
      clearTimeout(deadline);
      const expire = () => fail(Object.assign(new OutOfTime(), { event }));
      deadline = setTimeout(expire, milliseconds);
    };
    const interrupt = () => fail(new Interrupted());
    if (signal.aborted) return interrupt();
    signal.addEventListener('abort', interrupt);
    if (agents.proxy !== null) allow(limits.lookup + 2 * limits.connect, 'connect');
    else if (isIP(bareHost(origin)) === 0) allow(limits.lookup, 'lookup');
    else allow(limits.connect, 'connect');

    request = beginRequest(origin, agents);
    follow(request, origin, journey);
    request.on('error', fail);
    // What a proxy says instead of making a tunnel; nobody else was asked anything.
    for (const event of ['response', 'upgrade', 'close'])
      request.on(event, () => fail(new Error(event)));
    request.once('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200) return;
      reached.tunnel = lap();
      allow(limits.connect, 'connect');
    });
    request.once('socket', (socket: Socket) => {
      socket.on('lookup', (error: Error | null, address: string) => {
        if (error !== null) return;
        const { milliseconds, addresses } = reached.lookup ?? { ...lap(), addresses: [] };
        reached.lookup = { milliseconds, addresses: [...new Set([...addresses, address])] };
        allow(limits.connect, 'connect');
      });
      socket.once('connect', () => {
        reached.tcp = lap();
        if (origin.protocol === 'http:') return settle();
        allow(limits.connect, 'connect');
      });
      if (!(socket instanceof TLSSocket)) return;
      socket.once('secureConnect', () => {
        reached.tls = {
          ...lap(),
          protocol: socket.getProtocol() ?? 'TLS',
          certificate: describeCertificate(socket.getPeerCertificate()),
        };
        settle();
      });
    });
  });
}

function beginRequest(origin: URL, agents: Agents): ClientRequest {
  const agent = origin.protocol === 'https:' ? agents.https : agents.http;
  const options = { ...TLS_RULES, ...(agent === undefined ? {} : { agent }) };
  if (agents.request !== undefined) return agents.request(origin, options);
  return (origin.protocol === 'https:' ? https : http).request(origin, options);
}

/** Without the brackets of an IPv6 address. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function describeCertificate({ subject, issuer, valid_to: validTo }: PeerCertificate): Certificate {
  return { subject: partyOf(subject), issuer: partyOf(issuer), validTo: Date.parse(validTo) };
}

/** Names may be repeated in a certificate; its type does not say so. */
function partyOf(party: PeerCertificate['subject'] | undefined): string {
  return [party?.CN ?? party?.O ?? ''].flat().join(', ');
}

function namesOf(error: Error & { cert?: Partial<PeerCertificate> }): string | null {
  const names = error.cert?.subjectaltname;
  return typeof names === 'string' ? names : null;
}
