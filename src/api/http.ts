import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import got, { type Request as GotStream, type OptionsInit } from 'got';

/** Bytes of an answer that are read, at most. */
export const LARGEST_BODY = 1_048_576;

const SLOWEST_LOOKUP_SECONDS = 10;
const SLOWEST_CONNECT_SECONDS = 10;
const SLOWEST_UPLOAD_SECONDS = 30;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface Reply {
  kind: 'reply';
  status: number;
  /** Lower-case names; values of repeated headers are joined. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Null, or why the body is not whole. */
  bodyProblem: string | null;
}

export interface Failure {
  kind: 'failure';
  /** False only if the request certainly never left this machine. */
  sent: boolean;
  reason: 'certificate' | 'proxy' | 'network' | 'timeout' | 'cancelled' | 'malformed';
  /** System or library code such as ECONNREFUSED, or null. */
  code: string | null;
  /** A clause without secrets: "the connection was refused". */
  message: string;
}

/** What became of one request. */
export type Attempt = Reply | Failure;

export interface TransportOptions {
  /** Seconds for the answer, from the end of the upload to its last byte. */
  timeoutSeconds: number;
  agents: { http?: HttpAgent; https?: HttpsAgent };
}

/** Where the connection got to; decides whether a failed request can have left. */
interface Journey {
  request: ClientRequest | null;
  connected: boolean;
  tunnelStatus: number | null;
}

/**
 * Sends one request and reads one answer. Never throws, never repeats, never follows a redirect;
 * got's own errors (which print keys and bodies) end here.
 */
export function send(
  request: HttpRequest,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Attempt> {
  const journey: Journey = { request: null, connected: false, tunnelStatus: null };
  const limits = phaseLimits(options.timeoutSeconds);
  return new Promise((resolve) => {
    let stream: GotStream | undefined;
    let deadline: NodeJS.Timeout | undefined;
    const settle = (attempt: Attempt) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', interrupt);
      resolve(attempt);
    };
    const fail = (error: unknown) => settle(failure(error, journey));
    // A proxy that hangs gives no event at all, whatever happens to the request: so both ends of
    // patience settle the attempt themselves and only then let go of the connection.
    const giveUp = (error: Error) => {
      fail(error);
      stream?.destroy(error);
    };
    const interrupt = () => giveUp(new Interrupted());
    if (signal.aborted) return fail(new Interrupted());
    signal.addEventListener('abort', interrupt);
    deadline = setTimeout(() => giveUp(new OutOfTime()), limits.lookup + 2 * limits.connect);
    try {
      stream = got.stream(request.url, gotOptions(request, options));
    } catch (error) {
      return fail(error);
    }
    stream.on('error', fail);
    stream.on('request', (native: ClientRequest) => {
      follow(native, request.url, journey);
      native.once('finish', () => {
        clearTimeout(deadline);
        deadline = setTimeout(
          () => stream?.destroy(new OutOfTime()),
          options.timeoutSeconds * 1000,
        );
      });
    });
    stream.once('response', (response: IncomingMessage) => {
      stream.off('error', fail).on('error', () => {});
      void readBody(stream).then(({ body, problem }) => {
        if (tunnelFailed(journey)) return settle(tunnelFailure(journey));
        settle({
          kind: 'reply',
          status: response.statusCode ?? 0,
          headers: joinHeaders(response.headers),
          body,
          bodyProblem: problem,
        });
      });
    });
  });
}

class OutOfTime extends Error {
  readonly code = 'ETIMEDOUT';
}

class Interrupted extends Error {
  readonly code = 'ERR_ABORTED';
}

/** Milliseconds for each phase, none longer than the wait for the answer. */
function phaseLimits(timeoutSeconds: number) {
  const atMost = (seconds: number) => Math.min(seconds, timeoutSeconds) * 1000;
  return {
    lookup: atMost(SLOWEST_LOOKUP_SECONDS),
    connect: atMost(SLOWEST_CONNECT_SECONDS),
    upload: atMost(SLOWEST_UPLOAD_SECONDS),
  };
}

function gotOptions(
  request: HttpRequest,
  { timeoutSeconds, agents }: TransportOptions,
): OptionsInit & { isStream: true } {
  const { lookup, connect, upload } = phaseLimits(timeoutSeconds);
  return {
    isStream: true,
    method: request.method,
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
    agent: {
      ...(agents.http === undefined ? {} : { http: agents.http }),
      ...(agents.https === undefined ? {} : { https: agents.https }),
    },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
    enableUnixSockets: false,
    http2: false,
    timeout: {
      lookup,
      connect,
      secureConnect: connect,
      send: upload,
      request: lookup + 2 * connect + upload + timeoutSeconds * 1000,
    },
    https: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  };
}

/**
 * Notes how far the connection gets. An error code cannot tell: the same ECONNRESET comes before
 * and after the server has read everything.
 */
function follow(request: ClientRequest, url: URL, journey: Journey): void {
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
      if (!(socket instanceof TLSSocket) || socket.getFinished() !== undefined) arrived();
      else socket.once('secureConnect', arrived);
    } else if (socket.connecting) {
      socket.once('connect', arrived);
    } else {
      arrived();
    }
  });
}

async function readBody(stream: GotStream): Promise<{ body: string; problem: string | null }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let problem: string | null = null;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BODY) {
        problem = `the answer is longer than ${LARGEST_BODY} bytes`;
        break;
      }
      chunks.push(chunk);
    }
  } catch (error) {
    problem =
      error instanceof OutOfTime ? 'the answer did not end in time' : 'the answer was cut off';
  }
  return { body: Buffer.concat(chunks).toString('utf8'), problem };
}

function joinHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
}

function tunnelFailed(journey: Journey): boolean {
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

function failure(thrown: unknown, journey: Journey): Failure {
  if (tunnelFailed(journey)) return tunnelFailure(journey);
  const error = thrown as {
    name?: string;
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
    return { ...base, reason: 'certificate', message: `no trustworthy TLS connection (${code})` };
  }
  return { ...base, reason: 'network', message: networkMessage(sent, code) };
}

function timeoutMessage(sent: boolean, event: string | undefined): string {
  if (sent) return 'no answer came in time';
  return event === 'lookup'
    ? 'the name was not resolved in time'
    : 'no connection came about in time';
}

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
