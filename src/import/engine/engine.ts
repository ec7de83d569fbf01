import { setMaxListeners } from 'node:events';
import { createClient } from '../../api/operations/clients.ts';
import { OxhostError } from '../../errors.ts';
import { maskPairs } from '../../output/masking.ts';
import {
  type EngineOptions,
  type EngineResult,
  intentOf,
  newPassword,
  startTask,
  type Task,
  valuesOf,
} from './attempt.ts';
import { Gate } from './gate.ts';
import { heldBack, interpret, type Meaning, putOff, Stops, stopAfter } from './meaning.ts';

/**
 * Sends the rows, each at most once, and writes everything that it must not forget to the journal
 * before it acts on it.
 * A row's intent is on disk before its request may touch the socket. A row that certainly was not
 * created, and may be sent again (a wait that the server asked for, no connection, a refusal that
 * concerns the whole run), has the outcome `not_sent`; each further request has an intent of its
 * own. So there is an open intent only while a request is out, however long the pauses are, and
 * being killed in a pause leaves nothing unknown. It never throws.
 */
export function runEngine(options: EngineOptions): Promise<EngineResult> {
  return new Run(options).run();
}

/** Every wait is the run's own, since it concerns all rows. */
const NO_WAITS = { retries: 0, maxWaitSeconds: 0 };

/**
 * With one worker more for so many requests, the next intent is on the disk when an answer makes
 * room for its request. Those intents are the price: after a kill they too count as unknown.
 */
const REQUESTS_PER_SPARE_WORKER = 8;

class Run {
  readonly #options: EngineOptions;
  readonly #gate: Gate;
  readonly #stops: Stops;
  /** Aborts when no further request is to go out, for whatever reason. */
  readonly #halt = new AbortController();
  /** Never aborts: whoever does not want to wait for answers ends the process. */
  readonly #answers = new AbortController();
  readonly #unrecorded: string[] = [];
  /** Refused by a firewall's page, and not reported until it shows whether that is about them. */
  #firewalled: { task: Task; meaning: Meaning }[] = [];
  #next = 0;
  #attempts = 0;
  #inFlight = 0;
  #stop: Error | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#gate = new Gate(options);
    this.#stops = new Stops(options.maxErrors);
    // As many workers wait for it as the person asks for.
    setMaxListeners(0, this.#halt.signal, this.#answers.signal);
  }

  async run(): Promise<EngineResult> {
    const { drain, concurrency } = this.#options;
    const halt = () => this.#halt.abort();
    if (drain.aborted) halt();
    drain.addEventListener('abort', halt);
    const workers = concurrency + Math.floor(concurrency / REQUESTS_PER_SPARE_WORKER);
    await Promise.all(Array.from({ length: workers }, () => this.#work()));
    await this.#guard(() => this.#reportFirewalled());
    drain.removeEventListener('abort', halt);
    return { attempts: this.#attempts, unrecorded: this.#unrecorded, stop: this.#stop };
  }

  async #work(): Promise<void> {
    const worker = { recording: Promise.resolve() };
    await this.#guard(async () => {
      // Not to take a new row in a pause, after which those that have to wait for it come first.
      while (await this.#gate.rest(this.#halt.signal)) {
        const planned = this.#options.rows[this.#next];
        if (planned === undefined) break;
        this.#next += 1;
        await this.#handle(startTask(planned, this.#options), worker);
      }
    });
    await worker.recording;
  }

  /** All attempts of a row. While its outcome is written, the next row's intent joins the same flush. */
  async #handle(task: Task, worker: { recording: Promise<void> }): Promise<void> {
    while (await this.#gate.pass(this.#halt.signal)) {
      const meaning = await this.#attempt(task);
      await worker.recording;
      if (meaning === null) break;
      worker.recording = this.#record(task, meaning);
      if (meaning.next === 'end') return;
      await worker.recording;
      if (meaning.next !== 'with_new_password') continue;
      // But not a third one.
      task.password = newPassword(task.row, this.#options);
      task.mayReplacePassword = false;
    }
    // It was handled, certainly was not created, and would have been sent again.
    if (task.attempt > 0) await this.#report(task, []);
  }

  /** Intent, request, and what the answer means for the run; null when no intent could be written. */
  async #attempt(task: Task): Promise<Meaning | null> {
    const { journal, system } = this.#options;
    const intent = intentOf(task, journal);
    try {
      await journal.intend(intent);
    } catch (error) {
      this.#fail(error);
      return null;
    }
    task.attempt = intent.attempt;
    await this.#gate.enter();
    try {
      if (this.#gate.isPaused) return putOff();
      // Whoever was suspended after the intent may find the journal moved, and another in its place.
      await this.#guard(() => journal.check());
      if (this.#halt.signal.aborted) return heldBack(this.#stop);
      return await this.#send(task, system.monotonic());
    } finally {
      this.#gate.leave();
    }
  }

  /** A trace, and the words of the server, may show the password as long as it is under way. */
  async #send(task: Task, sentAt: number): Promise<Meaning> {
    const { client, journal, redactor } = this.#options;
    const { password } = task;
    redactor.add(password);
    try {
      this.#changeInFlight(1);
      const settled = await client
        .call(createClient, valuesOf(task), { signal: this.#answers.signal, limits: NO_WAITS })
        .finally(() => this.#changeInFlight(-1));
      this.#attempts += settled.attempts;
      const sent = {
        ...task.row,
        mayReplacePassword: task.mayReplacePassword,
        earlierUnknown: journal.states.get(task.row.login)?.earlierUnknown ?? false,
        origin: client.origin,
        mask: (text: string) => maskPairs(redactor.apply(text)),
      };
      const meaning = interpret(settled, sent, this.#stops.hasWorked);
      const mayGoOn = this.#passGate(meaning, sentAt, settled.retryAfterSeconds);
      this.#end(
        this.#stops.see(settled, meaning, sent) ?? (mayGoOn ? null : stopAfter(settled, sent)),
      );
      return meaning;
    } finally {
      redactor.remove(password);
    }
  }

  #changeInFlight(by: 1 | -1): void {
    this.#inFlight += by;
    this.#options.onInFlight(this.#inFlight);
  }

  #passGate({ next, outcome }: Meaning, sentAt: number, asked: number | null): boolean {
    if (next === 'after_pause') return this.#gate.throttled(sentAt, asked);
    if (next === 'after_failure') return this.#gate.notSent(sentAt);
    this.#gate.answered(sentAt, outcome.status !== 'unknown');
    return true;
  }

  async #record(task: Task, meaning: Meaning): Promise<void> {
    if (meaning.isFirewall) {
      this.#firewalled.push({ task, meaning });
      if (this.#stops.isFirewalled) return this.#takeBackFirewalled();
    }
    await this.#settle(task, meaning.outcome);
    if (meaning.isFirewall || meaning.next !== 'end') return;
    await this.#guard(async () => {
      if (meaning.outcome.status !== 'not_sent') await this.#reportFirewalled();
      await this.#report(task, meaning.warnings);
    });
  }

  async #settle(task: Task, outcome: Meaning['outcome']): Promise<void> {
    const { login } = task.row;
    try {
      await this.#options.journal.settle({ login, attempt: task.attempt, ...outcome });
    } catch (error) {
      this.#unrecorded.push(login);
      this.#fail(error);
    }
  }

  /** The pages are about whoever sends, and not about these rows: they are to be sent again. */
  async #takeBackFirewalled(): Promise<void> {
    await Promise.all(
      this.#firewalled.map(({ task, meaning }) =>
        this.#settle(task, { ...meaning.outcome, status: 'not_sent' }),
      ),
    );
    await this.#guard(() => this.#reportFirewalled());
  }

  async #reportFirewalled(): Promise<void> {
    const refused = this.#firewalled;
    this.#firewalled = [];
    for (const { task, meaning } of refused) await this.#report(task, meaning.warnings);
  }

  async #report(task: Task, warnings: Meaning['warnings']): Promise<void> {
    const state = this.#options.journal.states.get(task.row.login);
    if (state !== undefined) await this.#options.onRow(state, warnings);
  }

  async #guard(action: () => Promise<void> | void): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(thrown: unknown): void {
    const isJournal = thrown === this.#options.journal.failure;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#end(isJournal ? journalFailed(thrown as OxhostError) : error);
  }

  #end(stop: Error | null): void {
    if (stop === null) return;
    this.#stop ??= stop;
    this.#halt.abort();
  }
}

function journalFailed({ message, details }: OxhostError): OxhostError {
  const stopped = `The import stopped: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return new OxhostError('config_error', stopped, { ...details, retry: 'after_fix' });
}
