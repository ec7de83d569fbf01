import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A client that the server made, whatever the caller was answered. */
export interface Commit {
  readonly id: string;
  readonly password: string;
}

export interface ChaosServer {
  readonly url: string;
  /** By login; more than one is a duplicate, which this server does nothing against. */
  readonly commits: ReadonlyMap<string, readonly Commit[]>;
  /** Requests that arrived whole. */
  readonly requests: number;
  /** Logins of these. */
  readonly logins: ReadonlySet<string>;
  /** How often each thing happened. */
  readonly happened: ReadonlyMap<string, number>;
  /** Called for each request that arrived whole. */
  onRequest: () => void;
  /** Logins that may be sent once more, and are refused then if they exist. */
  mayRepeat: ReadonlySet<string>;
  /** Resolves when the caller is gone and all that it sent is carried out, also what is to be late. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Later than any client of the tests waits. */
const LATE_MILLISECONDS = 900;

/** What happens to one request in so many hundred; the rest is done and answered as documented. */
const CHANCES: Readonly<Record<string, number>> = {
  resetBefore: 3,
  resetAfter: 3,
  throttle: 4,
  takeLater: 1,
  errorBefore: 3,
  gatewayAfter: 3,
  brokenJson: 2,
  cutBody: 2,
  emptyAnswer: 1,
  lateCommit: 1,
  hang: 1,
  weakPassword: 3,
  refuse: 2,
  firewallPage: 1,
  goAway: 0.5,
};

const WAITS = ['1', '2', '0', '-5', 'abc', undefined, new Date(0).toUTCString()];

/**
 * An API that makes a client of whatever comes, also twice of the same login, and that answers
 * rightly, wrongly, late or not at all, as a seeded random has it.
 */
export async function startChaosServer(random: () => number): Promise<ChaosServer> {
  const commits = new Map<string, Commit[]>();
  const logins = new Set<string>();
  const happened = new Map<string, number>();
  const working = new Set<Promise<void>>();
  let requests = 0;
  let port = 0;
  let isOver = false;

  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    track(handle(request, response).catch(() => void response.destroy()));
  });
  const track = (work: Promise<void>) => {
    working.add(work);
    void work.finally(() => working.delete(work));
  };
  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen();
  port = (server.address() as AddressInfo).port;

  const chaos: ChaosServer = {
    url: `http://127.0.0.1:${port}`,
    commits,
    logins,
    happened,
    get requests() {
      return requests;
    },
    onRequest: () => {},
    mayRepeat: new Set(),
    async settled() {
      const open = () => promisify(server.getConnections.bind(server))();
      while (working.size > 0 || (await open()) > 0) {
        await Promise.all(working);
        await sleep(1);
      }
    },
    async close() {
      isOver = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function draw(): string {
    let left = random() * 100;
    for (const [name, chance] of Object.entries(CHANCES)) {
      left -= chance;
      if (left < 0) return name;
    }
    return 'answer';
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (!request.complete) return;
    const fields = JSON.parse(body) as { login: string; password: string };
    requests += 1;
    logins.add(fields.login);
    const what = draw();
    happened.set(what, (happened.get(what) ?? 0) + 1);
    chaos.onRequest();
    await sleep(random() * 6);
    await act(what, fields, request, response);
  }

  function commit({ login, password }: { login: string; password: string }): string {
    const id = `id-${login}-${requests}`;
    commits.set(login, [...(commits.get(login) ?? []), { id, password }]);
    return id;
  }

  async function act(
    what: string,
    fields: { login: string; password: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const refuse = (status: number, message: string) => answer(status, { success: false, message });
    switch (what) {
      case 'resetBefore':
        return void request.socket.resetAndDestroy();
      case 'throttle': {
        const wait = WAITS[Math.floor(random() * WAITS.length)];
        return answer(429, 'slow down', wait === undefined ? {} : { 'retry-after': wait });
      }
      case 'takeLater':
        return refuse([408, 421, 425][Math.floor(random() * 3)] ?? 425, 'later');
      case 'errorBefore':
        return refuse(500, 'it went wrong');
      case 'weakPassword':
        return refuse(400, 'Your password is not complex enough.');
      case 'refuse':
        return refuse(422, 'This client is not wanted.');
      case 'firewallPage':
        return answer(403, '<html><title>Blocked</title></html>');
      case 'hang':
        return;
    }
    if (chaos.mayRepeat.has(fields.login) && commits.has(fields.login)) {
      happened.set('refuseRepeat', (happened.get('refuseRepeat') ?? 0) + 1);
      return refuse(409, 'This login is already taken.');
    }
    if (what === 'lateCommit') {
      return track(sleep(LATE_MILLISECONDS).then(() => void commit(fields)));
    }
    const id = commit(fields);
    const done = {
      success: true,
      message: 'Client created successfully',
      data: { id, plesk_client_id: `p-${id}`, login: fields.login },
    };
    await sleep(random() * 6);
    switch (what) {
      case 'resetAfter':
        return void request.socket.resetAndDestroy();
      case 'gatewayAfter':
        return answer(502, '<html>Bad gateway</html>');
      case 'brokenJson':
        return answer(200, JSON.stringify(done).slice(0, -9));
      case 'emptyAnswer':
        return answer(200, '');
      case 'cutBody': {
        const whole = JSON.stringify(done);
        response.writeHead(200, { 'content-length': String(whole.length) });
        response.write(whole.slice(0, 20));
        await sleep(1);
        return void request.socket.destroy();
      }
      case 'goAway':
        answer(201, done);
        // Closed for new connections, and for those that are idle.
        server.close(() => {});
        return void setTimeout(() => {
          if (!server.listening && !isOver) void listen();
        }, 20);
      default:
        return answer(201, done);
    }
  }

  return chaos;
}
