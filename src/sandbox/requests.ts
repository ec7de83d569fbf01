import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { refuse } from './answers.ts';
import { type Endpoint, parseJson } from './fields.ts';

/** The largest body that is read, in bytes. */
export const largestBody = 1_048_576;

/**
 * A request that arrived whole. It holds the key and passwords as they were sent: whoever shows or
 * keeps it has to hide them.
 */
export interface ReceivedRequest {
  readonly method: string;
  /** The path as sent, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** `too large` beyond `largestBody`; it was then read to its end, so that the client sees why. */
  readonly body: Buffer | 'too large';
}

/** Reads a request; `undefined` when the client went away before its end. */
export async function receive(request: IncomingMessage): Promise<ReceivedRequest | undefined> {
  let chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > largestBody) chunks = [];
      else chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  const { method = '', url = '', headers } = request;
  const body = length > largestBody ? 'too large' : Buffer.concat(chunks);
  return { method, path: url, headers, body };
}

const formType = 'application/x-www-form-urlencoded';

/** The values that a request carries by name: a Map, so that no name is special. @throws Refusal */
export function readValues(
  encoding: Endpoint['encoding'],
  { path, headers, body }: ReceivedRequest,
): ReadonlyMap<string, unknown> {
  if (body === 'too large') refuse(413, `The request body is larger than ${largestBody} bytes`);
  if (encoding === 'query') return new Map(new URLSearchParams(path.replace(/^[^?]*/, '')));
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (encoding === 'form' && type !== formType) refuse(415, `The Content-Type must be ${formType}`);
  if (!isUtf8(body)) refuse(400, 'The request body is not valid UTF-8');
  const text = body.toString('utf8');
  if (encoding === 'form') return new Map(new URLSearchParams(text));
  const parsed = parseJson(text);
  if (parsed === undefined) refuse(400, 'The request body is not valid JSON');
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    refuse(400, 'The request body must be a JSON object');
  }
  return new Map(Object.entries(parsed));
}
