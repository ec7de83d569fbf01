import type { RawRequest } from './client.ts';
import type { HttpRequest } from './http.ts';
import { type Field, type JsonObject, membersOf, type Operation } from './operation.ts';

/** Who calls; without a key none is sent. */
export interface Identity {
  key: string | null;
  userAgent: string;
}

/** Headers and body of a call, also for `--dry-run`. Values are texts, as people give them. */
export function buildRequest(
  origin: string,
  operation: Operation,
  values: JsonObject,
  identity: Identity,
): HttpRequest {
  const { method, path, encoding } = operation;
  const encoded = encodeValues(operation, values);
  const url = new URL(path, origin);
  const headers = { accept: 'application/json' };
  const known = identityHeaders(identity);
  if (encoding === 'query') {
    url.search = formText(encoded);
    return { method, url, headers: { ...headers, ...known } };
  }
  return {
    method,
    url,
    headers: { ...headers, 'content-type': CONTENT_TYPES[encoding], ...known },
    body: encoding === 'json' ? JSON.stringify(encoded) : formText(encoded),
  };
}

/** A call as it was given, with the key. */
export function rawRequest(
  { method, url, contentType, body }: RawRequest,
  identity: Identity,
): HttpRequest {
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      ...(contentType === null ? {} : { 'content-type': contentType }),
      ...identityHeaders(identity),
    },
    // Without a body got would wait for one to be written.
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: body ?? '' }),
  };
}

function identityHeaders({ key, userAgent }: Identity): Record<string, string> {
  return { 'user-agent': userAgent, ...(key === null ? {} : { 'x-api-key': key }) };
}

const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' };

/** What is sent for the texts that people give, in the order given. Pure. */
export function encodeValues({ fields }: Operation, values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = fields.find((candidate) => candidate.name === name);
      const encoded = field === undefined ? value : encode(field, value);
      return encoded === undefined ? [] : [[name, encoded] as const];
    }),
  );
}

function encode({ kind }: Field, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  switch (kind) {
    case 'integer':
      return /^\d+$/.test(value) ? Number(value) : value;
    case 'switch':
      return Number(value);
    case 'list':
      return membersOf(value);
    default:
      return value;
  }
}

/** As the URL Standard writes forms and queries. */
function formText(values: JsonObject): string {
  const pairs = Object.entries(values).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new URLSearchParams(pairs).toString();
}
