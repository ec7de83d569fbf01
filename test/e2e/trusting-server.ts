import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type Handler, startServer, type TestServer } from '../support/server.ts';

/** A client that the server made, whatever the caller was answered. */
export interface Commit {
  readonly id: string;
  readonly password: string;
}

export const UNWANTED = 'Unwanted Company';

const LONGEST_STEP_MILLISECONDS = 8;

/**
 * An API that makes a client of whatever comes, also twice of the same login, in random time before
 * and after. It refuses one company, and loses some answers.
 */
export class TrustingServer {
  /** By login; more than one is a duplicate. */
  readonly commits = new Map<string, Commit[]>();
  /** Logins that were sent once more with another password than they had. */
  readonly otherPasswords: string[] = [];
  /** Logins that may be sent once more, and are refused then if they exist. */
  mayRepeat: ReadonlySet<string> = new Set();
  /** Called for each request that arrived whole. */
  onRequest = () => {};
  server!: TestServer;
  readonly #random: () => number;
  readonly #working = new Set<Promise<void>>();

  constructor(random: () => number) {
    this.#random = random;
  }

  async start(): Promise<void> {
    this.server = await startServer(async (...call) => {
      this.onRequest();
      const work = this.#act(...call);
      this.#working.add(work);
      await work.finally(() => this.#working.delete(work));
    });
  }

  async #act(...[request, response, index]: Parameters<Handler>): Promise<void> {
    const { login = '', password = '', company } = request.json as Record<string, string>;
    const step = () => sleep(this.#random() * LONGEST_STEP_MILLISECONDS);
    const say = (status: number, body: object | string) =>
      answer(status, body)(request, response, index);
    const losesAnswer = this.#random() < 0.02;
    await step();
    if (company === UNWANTED) return say(422, { success: false, message: 'It is not wanted.' });
    const known = this.commits.get(login) ?? [];
    if (known.length > 0 && this.mayRepeat.has(login)) {
      if (known[0]?.password !== password) this.otherPasswords.push(login);
      return say(409, { success: false, message: 'This login is already taken.' });
    }
    const id = `id-${login}-${index}`;
    this.commits.set(login, [...known, { id, password }]);
    await step();
    if (losesAnswer) return say(502, 'Bad gateway');
    return say(201, { success: true, data: { id, plesk_client_id: `${index}`, login } });
  }

  /** Resolves when the caller is gone and all that it sent is carried out. */
  async settled(): Promise<void> {
    while (this.#working.size > 0 || this.server.open > 0) {
      await Promise.all(this.#working);
      await sleep(1);
    }
  }
}
