import type { HttpRequest } from './http.ts';
import {
  type Field,
  type JsonObject,
  type Method,
  membersOf,
  type Operation,
  operation,
} from './operation.ts';

/** Who calls; without a key none is sent. */
export interface Identity {
  key: string | null;
  userAgent: string;
}

/** Headers and body of a call, also for `--dry-run`. Values are texts, as people give them. */
export function buildRequest(
  origin: string,
  called: Operation,
  values: JsonObject,
  identity: Identity,
): HttpRequest {
  const { method, path, encoding } = called;
  const encoded = encodeValues(called, values);
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

/** A call of which nothing is known beforehand. */
export interface RawRequest {
  method: Method;
  /** On the client's own origin. */
  url: URL;
  contentType: string | null;
  body: string | null;
}

/** Nothing is known of the call but whether its method only reads (RFC 9110 section 9.2.1). */
export function rawOperation(method: Method): Operation {
  const isRead = method === 'GET' || method === 'HEAD';
  return operation({
    ...{ command: 'api', thing: 'call', verbs: ['make', 'carried out', 'Making'], path: '/' },
    ...{ effect: isRead ? 'read' : 'change', fields: [], identity: [] },
    ...{ method: method === 'GET' ? 'GET' : 'POST', answer: { in: 'whole', members: [] } },
    doubt: 'what it asked for may or may not have been done',
  });
}

/** A call as it was given, with the key if there is one. */
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
  if (kind === 'integer') return /^\d+$/.test(value) ? Number(value) : value;
  if (kind === 'switch') return Number(value);
  return kind === 'list' ? membersOf(value) : value;
}

/** As the URL Standard writes forms and queries. */
function formText(values: JsonObject): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) form.append(name, String(value));
  return form.toString();
}
