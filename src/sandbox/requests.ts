import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import { type Answer, refusal } from './answers.ts';
import type { Encoding } from './endpoints/endpoint.ts';

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
  /** The body as text; empty when there was none. */
  readonly body: string;
}

/** A body that is too large is read to its end, so that the client gets to see the refusal. */
export type Body = { readonly bytes: Buffer } | 'too large' | 'incomplete';

/** Reads the body of a request; `incomplete` when the client went away before its end. */
export function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestBody) {
        chunks = [];
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      resolve(length > largestBody ? 'too large' : { bytes: Buffer.concat(chunks) });
    });
    request.on('error', () => resolve('incomplete'));
  });
}

/** The path of a request target, and its query without the question mark. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

const formType = 'application/x-www-form-urlencoded';

/** The values that a request carries by name (a Map, so that no name is special), or a refusal. */
export function readValues(
  encoding: Encoding,
  query: string,
  contentType: string | undefined,
  bytes: Buffer,
): { readonly values: ReadonlyMap<string, unknown> } | { readonly refused: Answer } {
  if (encoding === 'query') {
    return { values: new Map(new URLSearchParams(query)) };
  }
  const isForm = contentType?.split(';')[0]?.trim().toLowerCase() === formType;
  if (encoding === 'form' && !isForm) {
    return { refused: refusal(415, `The Content-Type must be ${formType}`) };
  }
  const text = decode(bytes);
  if (text === undefined) {
    return { refused: refusal(400, 'The request body is not valid UTF-8') };
  }
  return encoding === 'form' ? { values: new Map(new URLSearchParams(text)) } : readJson(text);
}

function readJson(
  text: string,
): { readonly values: ReadonlyMap<string, unknown> } | { readonly refused: Answer } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { refused: refusal(400, 'The request body is not valid JSON') };
    }
    throw error;
  }
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? { values: new Map(Object.entries(parsed)) }
    : { refused: refusal(400, 'The request body must be a JSON object') };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
