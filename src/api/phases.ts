const SLOWEST_LOOKUP_SECONDS = 10;
const SLOWEST_CONNECT_SECONDS = 10;
const SLOWEST_UPLOAD_SECONDS = 30;

/** Shorter than what servers keep idle connections for, so that a stale one is seldom met. */
export const IDLE_MILLISECONDS = 4_000;

/** Certificates are always verified, and TLS is 1.2 at least. */
export const TLS_RULES = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;

/** Milliseconds for each phase of a request, none longer than the wait for the answer. */
export function phaseLimits(timeoutSeconds: number) {
  const atMost = (seconds: number) => Math.min(seconds, timeoutSeconds) * 1000;
  return {
    lookup: atMost(SLOWEST_LOOKUP_SECONDS),
    connect: atMost(SLOWEST_CONNECT_SECONDS),
    upload: atMost(SLOWEST_UPLOAD_SECONDS),
  };
}

/** The end of patience with one phase. */
export class OutOfTime extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Ctrl-C. */
export class Interrupted extends Error {
  readonly code = 'ERR_ABORTED';
}
