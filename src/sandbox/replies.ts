import type { Answer } from './answers.ts';
import type { ReplacingFault } from './faults.ts';

/** What goes over the wire: a whole HTTP reply, or a connection that is reset. */
export type Reply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | 'reset';

const page = `<!DOCTYPE html>
<html lang="en">
<head><title>Please wait</title></head>
<body><h1>Checking your browser</h1></body>
</html>
`;

/** An answer as it is meant to be sent. */
export function jsonReply(answer: Answer): Exclude<Reply, 'reset'> {
  return {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...answer.headers },
    body: JSON.stringify(answer.body),
  };
}

/**
 * The reply to a request that a fault strikes.
 *
 * @param carryOut - handles the request and stores what it asks for; not called by the faults that
 *   store nothing
 * @param location - where a redirecting status points to
 */
export function faultyReply(
  fault: ReplacingFault,
  location: string,
  carryOut: () => Answer,
): Reply {
  switch (fault.kind) {
    case 'status':
      return statusReply(fault.status, location);
    case 'status-after': {
      const answer = carryOut();
      const isSuccess = fault.status < 300;
      return isSuccess && hasBody(fault.status)
        ? jsonReply({ ...answer, status: fault.status })
        : statusReply(fault.status, location);
    }
    case 'reset':
      return 'reset';
    case 'reset-after':
      carryOut();
      return 'reset';
    case 'broken': {
      const { headers, body } = jsonReply(carryOut());
      return { status: 200, headers, body: body.slice(0, Math.floor(body.length / 2)) };
    }
    case 'html':
      carryOut();
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
}

function statusReply(status: number, location: string): Reply {
  if (!hasBody(status)) {
    return { status, headers: {}, body: '' };
  }
  return jsonReply({
    status,
    headers: {
      ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
      ...([301, 302, 303, 307, 308].includes(status) ? { location } : {}),
    },
    body: { success: status < 300, message: `Status ${status}, as a fault rule asked for` },
  });
}

/** Whether HTTP lets a response of this status have content (RFC 9110 sections 15.3.5 to 15.4.5). */
function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}
