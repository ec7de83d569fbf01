import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import got, { type Request as GotStream, type OptionsInit } from 'got';
import {
  type Agents,
  CONNECTION_RULES,
  type ConnectionState,
  type Failure,
  failureOf,
  follow,
  phaseLimits,
  tunnelFailed,
} from './connection.ts';

/** Bytes of an answer that are read, at most: of what is made, and of what is only read. */
export const LARGEST_ANSWER = 1_048_576;
export const LARGEST_READING = 16_777_216;

/**
 * After a sleep of this machine the server has closed the connection: an answer that came before
 * can still be read, but a further request would be lost and its outcome unknown.
 */
const FRESH_MILLISECONDS = 4_000;

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
  /** Read as UTF-8. */
  body: string;
  /** The same as it came, less a compression. */
  bytes: Uint8Array;
  /** Null, or why the body is not whole. */
  bodyProblem: string | null;
  /** The body is not whole because it is longer than what is read, and would be the next time. */
  isTooLong: boolean;
}

/** What became of one request. */
export type Attempt = Reply | Failure;

export interface TransportOptions {
  /** Seconds for the answer, from the end of the upload to its last byte. */
  timeoutSeconds: number;
  agents: Pick<Agents, 'agent'> & Partial<Pick<Agents, 'proxy'>>;
  /** Bytes of the answer. */
  largest?: number;
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
  const state: ConnectionState = { request: null, connected: false, tunnel: null };
  const limits = phaseLimits(options.timeoutSeconds);
  return new Promise((resolve) => {
    let stream: GotStream | undefined;
    let deadline: NodeJS.Timeout | undefined;
    let stale: NodeJS.Timeout | undefined;
    let isSettled = false;
    let isAnswered = false;
    const settle = (attempt: Attempt) => {
      isSettled = true;
      clearTimeout(deadline);
      clearTimeout(stale);
      signal.removeEventListener('abort', interrupt);
      resolve(attempt);
    };
    const fail = (error: unknown) => settle(failureOf(error, state, options.agents.proxy ?? null));
    // A proxy that hangs gives no event at all, whatever happens to the request: so both ends of
    // waiting settle the attempt themselves and only then let go of the connection.
    const giveUp = (error: Error) => {
      fail(error);
      stream?.destroy(error);
    };
    const interrupt = () => giveUp(ended('ERR_ABORTED'));
    // Once there is a status, only the body is late.
    const expire = () =>
      isAnswered ? stream?.destroy(ended('ETIMEDOUT')) : giveUp(ended('ETIMEDOUT'));
    const allow = (milliseconds: number) => {
      clearTimeout(deadline);
      if (!isSettled) deadline = setTimeout(expire, milliseconds);
    };
    if (signal.aborted) return fail(ended('ERR_ABORTED'));
    signal.addEventListener('abort', interrupt);
    allow(limits.lookup + 2 * limits.connect);
    try {
      stream = got.stream(request.url, gotOptions(request, options));
    } catch (error) {
      return fail(error);
    }
    stream.on('error', fail);
    stream.on('request', (native: ClientRequest) => {
      follow(native, request.url, state);
      native.once('finish', () => {
        allow(options.timeoutSeconds * 1000);
        stale = setTimeout(() => {
          native.shouldKeepAlive = false;
        }, FRESH_MILLISECONDS);
      });
      // Node is silent about an upgrade that nobody asked for.
      native.once('upgrade', (_response, socket: Socket) => {
        socket.destroy();
        giveUp(new Error('the server changed the protocol'));
      });
    });
    stream.once('response', (response: IncomingMessage) => {
      isAnswered = true;
      stream.off('error', fail).on('error', () => {});
      void readBody(stream, options.largest ?? LARGEST_ANSWER).then((read) => {
        if (tunnelFailed(state)) return fail(null);
        settle({
          kind: 'reply',
          status: response.statusCode ?? 0,
          headers: joinHeaders(response.headers),
          ...read,
        });
      });
    });
  });
}

/** Ctrl-C, or a phase that took too long. */
function ended(code: 'ERR_ABORTED' | 'ETIMEDOUT'): Error {
  return Object.assign(new Error(code), { code });
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
    agent: { ...agents.agent },
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
    https: { rejectUnauthorized: true, minVersion: CONNECTION_RULES.minVersion },
  };
}

type ReadBody = Pick<Reply, 'body' | 'bytes' | 'bodyProblem' | 'isTooLong'>;

async function readBody(stream: GotStream, largest: number): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  let bodyProblem: string | null = null;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) {
        bodyProblem = `the answer is longer than ${largest} bytes`;
        break;
      }
      chunks.push(chunk);
    }
  } catch (error) {
    // got wraps what its stream is destroyed with.
    const isLate = (error as { code?: unknown }).code === 'ETIMEDOUT';
    bodyProblem = isLate ? 'the answer did not end in time' : 'the answer was cut off';
  }
  const bytes = Buffer.concat(chunks);
  return { body: bytes.toString('utf8'), bytes, bodyProblem, isTooLong: size > largest };
}

function joinHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
}
