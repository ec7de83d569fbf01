import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type Handler, startServer } from '../support/server.ts';

/** A client that the server made, whatever the caller was told. */
export interface Commit {
  readonly id: string;
  readonly password: string;
}

export interface TrustingServer extends AsyncDisposable {
  readonly url: string;
  /** By login; more than one is a duplicate. */
  readonly commits: ReadonlyMap<string, readonly Commit[]>;
  /** Requests that arrived whole. */
  readonly requests: number;
  /** Logins that were sent once more with another password than they had. */
  readonly otherPasswords: readonly string[];
  /** Called for each request that arrived whole. */
  onRequest: () => void;
  /** Logins that may be sent once more, and are refused then if they exist. */
  mayRepeat: ReadonlySet<string>;
  /** Resolves when the caller is gone and all that it sent is carried out. */
  settled(): Promise<void>;
}

export const UNWANTED = 'Unwanted Company';

const LONGEST_STEP_MILLISECONDS = 8;

/**
 * An API that makes a client of whatever comes, also twice of the same login, in random time before
 * and after. It refuses one company, and loses some answers.
 */
export async function startTrustingServer(random: () => number): Promise<TrustingServer> {
  const commits = new Map<string, Commit[]>();
  const otherPasswords: string[] = [];
  const working = new Set<Promise<void>>();
  let requests = 0;

  async function act(...[request, response, index]: Parameters<Handler>): Promise<void> {
    const { login, password, company } = request.json as Record<string, string>;
    if (login === undefined || password === undefined) throw new Error('the request has no login');
    const step = () => sleep(random() * LONGEST_STEP_MILLISECONDS);
    const losesAnswer = random() < 0.02;
    await step();
    if (company === UNWANTED) {
      const body = { success: false, message: 'This company is not wanted.' };
      return answer(422, body)(request, response, index);
    }
    const [known] = commits.get(login) ?? [];
    if (known !== undefined && trusting.mayRepeat.has(login)) {
      if (known.password !== password) otherPasswords.push(login);
      const body = { success: false, message: 'This login is already taken.' };
      return answer(409, body)(request, response, index);
    }
    const id = `id-${login}-${index}`;
    commits.set(login, [...(commits.get(login) ?? []), { id, password }]);
    await step();
    if (losesAnswer) return answer(502, 'Bad gateway')(request, response, index);
    const data = { id, plesk_client_id: `${index}`, login };
    return answer(201, { success: true, data })(request, response, index);
  }

  const server = await startServer(async (...call) => {
    requests += 1;
    trusting.onRequest();
    const work = act(...call);
    working.add(work);
    await work.finally(() => working.delete(work));
  });
  const trusting: TrustingServer = {
    url: server.url,
    commits,
    otherPasswords,
    get requests() {
      return requests;
    },
    onRequest: () => {},
    mayRepeat: new Set(),
    async settled() {
      while (working.size > 0 || server.open > 0) {
        await Promise.all(working);
        await sleep(1);
      }
    },
    [Symbol.asyncDispose]: server.close,
  };
  return trusting;
}
