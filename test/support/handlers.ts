import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/** One request that arrived whole: headers and the entire body. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query, as it stood in the request line. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `undefined` when the body is empty or no JSON. */
  readonly json: unknown;
}

/** Answers one request; `index` counts the requests of the server from 0, in order of arrival. */
export interface Handler {
  (request: ReceivedRequest, response: ServerResponse, index: number): void | Promise<void>;
  /** True: call it as soon as the headers are there, and leave the body unread and unrecorded. */
  readonly beforeBody?: (index: number) => boolean;
}

/** The documented success of a create, with what the request asked for. */
export const createdClient: Handler = (request, response) => {
  const { name, login, email, company } = (request.json ?? {}) as Record<string, unknown>;
  const id = 'client123-4567-8901-2345-678901234567';
  // JSON leaves out a company that was not sent.
  const data = { id, plesk_client_id: '123', name, login, email, company };
  send(response, 200, { success: true, message: 'Client created successfully', data });
};

/** An object is sent as JSON, a string or bytes as they are, without a Content-Type of their own. */
export function answer(
  status: number,
  body: object | string = '',
  headers: OutgoingHttpHeaders = {},
): Handler {
  return (_request, response) => send(response, status, body, headers);
}

/** The first handler for the first request and so on; the last one for all that follow. */
export function sequence(...handlers: [Handler, ...Handler[]]): Handler {
  const pick = (index: number) => handlers[Math.min(index, handlers.length - 1)] ?? handlers[0];
  const handler: Handler = (request, response, index) => pick(index)(request, response, index);
  return Object.assign(handler, {
    beforeBody: (index: number) => pick(index).beforeBody?.(index) === true,
  });
}

/** Reset (RST) when the headers are there; the body has not been read. */
export const resetBeforeReading: Handler = Object.assign(
  (_request: ReceivedRequest, response: ServerResponse) => reset(response),
  { beforeBody: () => true },
);

/** Reset (RST) when the whole request has been read: it may have been carried out. */
export const resetAfterReading: Handler = (_request, response) => reset(response);

/** An orderly end (FIN) of the connection without an answer. */
export const closeAfterReading: Handler = (_request, response) => {
  socketOf(response).end();
};

/** Reads the request and never answers. */
export const hang: Handler = () => {};

/** Announces the whole text, sends its first `sent` bytes, and closes. */
export function cutBody(text: string, sent: number): Handler {
  return (_request, response) => {
    const bytes = announce(response, text);
    response.write(bytes.subarray(0, sent), () => socketOf(response).end());
  };
}

function announce(response: ServerResponse, text: string): Buffer {
  const bytes = Buffer.from(text);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  return bytes;
}

/** Headers at once, then the body a byte at a time. */
export function trickle(text: string, millisecondsPerByte: number): Handler {
  return async (_request, response) => {
    const bytes = announce(response, text);
    response.flushHeaders();
    for (const byte of bytes) {
      await delay(millisecondsPerByte);
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
    }
    response.end();
  };
}

/** A complete, empty JSON answer whose every byte, from the status line on, comes late. */
export function trickleHeaders(millisecondsPerByte: number): Handler {
  const text =
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}';
  return async (_request, response) => {
    const socket = socketOf(response);
    for (const character of text) {
      await delay(millisecondsPerByte);
      if (socket.destroyed) return;
      socket.write(character);
    }
    socket.end();
  };
}

export const brokenStatusLine: Handler = (_request, response) => {
  socketOf(response).end('HTTP/1.1 fine\r\nContent-Length: 2\r\n\r\n{}');
};

/** A good answer behind a header of that many bytes (Node's clients stop at 16 kB by default). */
export function hugeHeaders(bytes: number): Handler {
  return (_request, response) => send(response, 200, {}, { 'x-filler': 'a'.repeat(bytes) });
}

/** Sends until the client goes away. */
export const endlessBody: Handler = async (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  await sendUntilClosed(response, longJson(Number.POSITIVE_INFINITY));
};

/** Valid JSON of that many megabytes once unpacked, about a thousandth of it on the wire. */
export function gzipBomb(megabytes: number): Handler {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    await sendUntilClosed(response, longJson(megabytes), createGzip());
  };
}

export function redirect(status: 301 | 302 | 303 | 307 | 308, location: string): Handler {
  return answer(status, '', { location });
}

function* longJson(megabytes: number): Generator<Buffer> {
  const megabyte = Buffer.alloc(1_000_000, 'a');
  yield Buffer.from('{"success":true,"message":"');
  for (let sent = 0; sent < megabytes; sent += 1) yield megabyte;
  yield Buffer.from('"}');
}

async function sendUntilClosed(
  response: ServerResponse,
  chunks: Iterable<Buffer>,
  filter: Duplex = new PassThrough(),
): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), filter, response);
  } catch (error) {
    // A client that protects itself leaves early.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: OutgoingHttpHeaders = {},
): void {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, raw ? headers : { 'content-type': 'application/json', ...headers });
  response.end(raw ? body : JSON.stringify(body));
}

function reset(response: ServerResponse): void {
  const socket = socketOf(response);
  // Only a plain TCP socket can send a reset; a TLS socket keeps the one below it here.
  const plain = (socket as { _parent?: Socket | null })._parent ?? socket;
  plain.resetAndDestroy();
  socket.destroy();
}

function socketOf(response: ServerResponse): Socket {
  // Of the request, which keeps it even when the client has gone.
  return response.req.socket;
}
