import { isSecretName, MASK, maskPairs } from '../output/masking.ts';
import { type Mask, maskBody } from './failure-words.ts';
import type { Attempt, HttpRequest } from './http.ts';

/** Headers that may be shown; all others are named without their value. */
const SHOWN_HEADERS =
  /^(?:accept|content-(?:type|length|encoding)|date|location|retry-after|server|user-agent|(?:x-)?request-id|cf-ray)$/i;

/** What `--debug` prints: never a key, a password or a hidden header's value. */
export interface Trace {
  request(request: HttpRequest, proxy: string | null): void;
  attempt(attempt: Attempt): void;
}

/** `mask` hides the secrets of this run, before others are hidden by their names. */
export function createTrace(
  print: (line: string) => void,
  monotonic: () => number,
  mask: Mask,
): Trace {
  let began = 0;
  return {
    request(request, proxy) {
      began = monotonic();
      const by = proxy === null ? '' : ` by proxy ${proxy}`;
      print(`> ${request.method} ${maskQuery(request.url, mask)}${by}`);
      for (const line of headerLines(request.headers, mask)) print(`> ${line}`);
      if (request.body !== undefined) {
        const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
        print(`> ${isForm ? maskForm(request.body, mask) : maskBody(request.body, mask)}`);
      }
    },
    attempt(attempt) {
      const milliseconds = Math.round(monotonic() - began);
      if (attempt.kind === 'failure') {
        const where = attempt.sent ? 'after the request was sent' : 'before anything was sent';
        print(`< ${attempt.message}, ${where} (${milliseconds} ms)`);
        return;
      }
      print(`< ${attempt.status} (${milliseconds} ms)`);
      for (const line of headerLines(attempt.headers, mask)) print(`< ${line}`);
      print(`< ${maskBody(attempt.body, mask)}`);
      if (attempt.bodyProblem !== null) print(`< ${attempt.bodyProblem}`);
    },
  };
}

/** A raw call may have anything in its query. */
function maskQuery(url: URL, mask: Mask): string {
  if (url.search === '') return url.href;
  const shown = new URL(url);
  shown.search = maskForm(url.search.slice(1), mask);
  return shown.href;
}

/** Fields as forms and queries have them. */
function maskForm(text: string, mask: Mask): string {
  const pairs = [...new URLSearchParams(text)].map(([name, value]): [string, string] => [
    name,
    isSecretName(name) ? MASK : maskPairs(mask(value)),
  ]);
  return new URLSearchParams(pairs).toString();
}

function headerLines(headers: Readonly<Record<string, string>>, mask: Mask): string[] {
  return Object.entries(headers).map(([name, value]) => {
    const shown = SHOWN_HEADERS.test(name) && !isSecretName(name);
    return `${name}: ${shown ? maskPairs(mask(value)) : MASK}`;
  });
}
