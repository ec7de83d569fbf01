import type { HttpRequest } from './http.ts';
import type { JsonObject, Operation } from './operation.ts';

/** Headers and body of a call, also for `--dry-run`. */
export function buildRequest(
  origin: string,
  operation: Operation,
  values: JsonObject,
  identity: { key: string; userAgent: string },
): HttpRequest {
  return {
    method: operation.method,
    url: new URL(operation.path, origin),
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': identity.userAgent,
      'x-api-key': identity.key,
    },
    body: JSON.stringify(values),
  };
}
