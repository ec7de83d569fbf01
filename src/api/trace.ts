import {
  isSecretName,
  MASK,
  MOST_LEARNED,
  maskPairs,
  redactByName,
  secretsIn,
} from '../output/redact.ts';
import type { Attempt, HttpRequest } from './http.ts';
import { parseJson } from './json.ts';

/** Bytes of a body that are shown, at most. */
const LONGEST_BODY = 2_048;

/** Headers that may be shown; all others are named without their value. */
const SHOWN_HEADERS = new Set([
  'accept',
  'content-type',
  'content-length',
  'content-encoding',
  'date',
  'location',
  'retry-after',
  'server',
  'user-agent',
  'x-request-id',
  'request-id',
  'cf-ray',
]);

/** What `--debug` prints: never a key, a password or a hidden header's value. */
export interface Trace {
  request(request: HttpRequest, proxy: string | null): void;
  /** @param isTold whether anything of the answer may be said after it. */
  attempt(attempt: Attempt, isTold: boolean): void;
}

/**
 * `learn` is told of secrets that an answer gives away, before anything of it is printed.
 * @param print null where nobody asked for it: then no line is made.
 */
export function createTrace(
  print: ((line: string) => void) | null,
  monotonic: () => number,
  learn: (secret: string) => void = () => {},
): Trace {
  let began = 0;
  return {
    request(request, proxy) {
      if (print === null) return;
      began = monotonic();
      print(
        `> ${request.method} ${redactQuery(request.url)}${proxy === null ? '' : ` by proxy ${proxy}`}`,
      );
      for (const line of headerLines(request.headers)) print(`> ${line}`);
      if (request.body !== undefined) {
        const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
        print(`> ${isForm ? redactForm(request.body) : redactBody(request.body)}`);
      }
    },
    attempt(attempt, isTold) {
      if (attempt.kind === 'reply' && (print !== null || isTold)) learnFrom(attempt.body, learn);
      if (print === null) return;
      const milliseconds = Math.round(monotonic() - began);
      if (attempt.kind === 'failure') {
        const where = attempt.sent ? 'after the request was sent' : 'before anything was sent';
        print(`< ${attempt.message}, ${where} (${milliseconds} ms)`);
        return;
      }
      print(`< ${attempt.status} (${milliseconds} ms)`);
      for (const line of headerLines(attempt.headers)) print(`< ${line}`);
      print(`< ${redactBody(attempt.body)}`);
      if (attempt.bodyProblem !== null) print(`< ${attempt.bodyProblem}`);
    },
  };
}

function learnFrom(body: string, learn: (secret: string) => void): void {
  const parsed = parseJson(body);
  const given = secretsIn(parsed === undefined ? body : parsed.value);
  for (const secret of given.slice(0, MOST_LEARNED)) learn(secret);
}

/** A raw call may have anything in its query. */
function redactQuery(url: URL): string {
  if (url.search === '') return url.href;
  const shown = new URL(url);
  shown.search = redactForm(url.search.slice(1));
  return shown.href;
}

/** Fields as forms and queries have them, with the secret ones masked by name. */
function redactForm(text: string): string {
  const pairs = [...new URLSearchParams(text)].map(([name, value]): [string, string] => [
    name,
    isSecretName(name) ? MASK : maskPairs(value),
  ]);
  return redactBody(new URLSearchParams(pairs).toString());
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => {
    const shown = SHOWN_HEADERS.has(name.toLowerCase()) && !isSecretName(name);
    return `${name}: ${shown ? maskPairs(value) : MASK}`;
  });
}

/** A body of any kind with its secrets masked by name; secrets by value are masked where all lines pass. */
export function redactBody(body: string): string {
  const parsed = parseJson(body);
  const text = parsed === undefined ? maskPairs(body) : JSON.stringify(redactByName(parsed.value));
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_BODY) return text;
  const ellipsis = '…';
  const kept = bytes.subarray(0, LONGEST_BODY - Buffer.byteLength(ellipsis));
  // Streaming leaves out a character that the cut has split.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept, { stream: true }) + ellipsis;
}
