import { setMaxListeners } from 'node:events';
import type { Settled } from '../../api/client.ts';
import { createClient } from '../../api/operations/clients.ts';
import { OxhostError } from '../../errors.ts';
import type { EngineOptions, EngineResult, ImportRow, RowReport } from '../contract.ts';
import { JournalError } from '../journal/errors.ts';
import { decide } from './decision.ts';
import { Gate } from './gate.ts';
import { interpret, type Meaning } from './meaning.ts';
import { Queue } from './queue.ts';
import { Slots } from './slots.ts';
import { journalFailed, signalOf, stopAfter } from './stop.ts';
import {
  HELD_BACK,
  intentOf,
  outcomeOf,
  PUT_OFF,
  replacePassword,
  reportOf,
  reportOtherPassword,
  startTask,
  type Task,
  valuesOf,
} from './task.ts';
import { Watch } from './watch.ts';

/** Every wait is the run's own, since it concerns all rows. */
const NO_WAITS = { retries: 0, maxWaitSeconds: 0 };

/**
 * With one worker more for so many requests, the next intent is on the disk when an answer makes
 * room for its request. Those intents are the price: after a kill they too count as unknown.
 */
const REQUESTS_PER_SPARE_WORKER = 8;

/** One pass over the rows by workers that share a queue, a gate and a reason to stop. */
export class Run {
  readonly #options: EngineOptions;
  readonly #queue: Queue<ImportRow, Task>;
  readonly #gate: Gate;
  readonly #watch: Watch;
  readonly #slots: Slots;
  /** Aborts when no further request is to go out, for whatever reason. */
  readonly #halt = new AbortController();
  /** Never aborts: whoever does not want to wait for answers ends the process. */
  readonly #patience = new AbortController();
  readonly #skipped = { created: 0, unknown: 0, rejected: 0, already_exists: 0 };
  readonly #unrecorded: RowReport[] = [];
  #attempts = 0;
  #stop: OxhostError | null = null;
  /** What nobody expected; says more than the reason to stop. */
  #failure: Error | null = null;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#queue = new Queue(options.rows);
    this.#gate = new Gate(options);
    this.#watch = new Watch(options.maxErrors);
    this.#slots = new Slots(options.concurrency);
    // As many workers wait for it as the person asks for.
    setMaxListeners(0, this.#halt.signal, this.#patience.signal);
  }

  async run(): Promise<EngineResult> {
    const { drain, concurrency } = this.#options;
    const halt = () => this.#halt.abort();
    if (drain.aborted) halt();
    drain.addEventListener('abort', halt);
    try {
      const workers = concurrency + Math.floor(concurrency / REQUESTS_PER_SPARE_WORKER);
      await Promise.all(Array.from({ length: workers }, () => this.#work()));
      await this.#guard(() => this.#reportLeft());
      await this.#guard(() => this.#queue.close());
    } finally {
      drain.removeEventListener('abort', halt);
    }
    const { created, ...skipped } = this.#skipped;
    return {
      alreadyCreated: created,
      skipped,
      unrecorded: this.#unrecorded,
      attempts: this.#attempts,
      stop: this.#failure ?? this.#stop,
      signal: signalOf(drain),
    };
  }

  /** While one row's outcome is written, the next one's intent already joins the same flush. */
  async #work(): Promise<void> {
    let recording: Promise<void> = Promise.resolve();
    await this.#guard(async () => {
      for (;;) {
        const task = await this.#next();
        if (task === null) break;
        const meaning = await this.#attempt(task);
        await recording;
        if (meaning !== null) recording = this.#record(task, meaning);
      }
    });
    await recording;
  }

  /** A row whose turn it is; null when there is none or the run is to end. */
  async #next(): Promise<Task | null> {
    const halt = this.#halt.signal;
    // Not to take a new row in a pause, after which those that have to wait for it come first.
    while (await this.#gate.rest(halt)) {
      const taken = await this.#queue.take(halt);
      if (taken === null) return null;
      const task = 'task' in taken ? taken.task : await this.#begin(taken.row);
      if (task !== null) {
        if (await this.#gate.pass(halt)) return task;
        this.#putBack(task);
      }
      this.#queue.done();
    }
    return null;
  }

  async #begin(row: ImportRow): Promise<Task | null> {
    const { journal, onRow, onSkip } = this.#options;
    const decision = decide(row, journal, this.#options);
    if (decision.kind === 'send') return startTask(row, decision, journal, this.#options);
    if (decision.kind === 'skip') {
      this.#skipped[decision.because] += 1;
      onSkip?.(row, decision);
    } else await onRow(reportOtherPassword(row));
    return null;
  }

  /** Intent, request, and what the answer means for the run; null when no intent could be written. */
  async #attempt(task: Task): Promise<Meaning | null> {
    const { journal, system } = this.#options;
    try {
      await journal.append(intentOf(task));
    } catch (error) {
      this.#fail(error);
      this.#putBack(task);
      this.#queue.done();
      return null;
    }
    task.attempts += 1;
    await this.#slots.take();
    try {
      if (this.#gate.isPaused) return PUT_OFF;
      // Whoever was suspended after the intent may find the journal moved, and another in its place.
      await this.#guard(() => journal.check());
      if (this.#halt.signal.aborted) return HELD_BACK;
      const sentAt = system.monotonic();
      return this.#weigh(task, await this.#send(task), sentAt);
    } finally {
      this.#slots.release();
    }
  }

  /** A trace of the request may show what the answer says while it is under way. */
  async #send(task: Task): Promise<Settled> {
    const { client, redactor } = this.#options;
    const { password } = task;
    redactor?.add(password);
    try {
      const settled = await client.call(createClient, valuesOf(task), {
        signal: this.#patience.signal,
        limits: NO_WAITS,
      });
      this.#attempts += settled.attempts;
      return settled;
    } finally {
      redactor?.remove(password);
    }
  }

  #weigh(task: Task, settled: Settled, sentAt: number): Meaning {
    const { origin } = this.#options.client;
    const redact = (text: string) => this.#options.redactor?.apply(text) ?? text;
    const { endpointWorks } = this.#watch;
    const meaning = interpret(settled, task, { origin, endpointWorks, redact });
    const mayGoOn = this.#passGate(meaning, sentAt, settled.retryAfterSeconds);
    const stop =
      this.#watch.see(meaning, settled.outcome) ??
      (mayGoOn ? null : stopAfter(settled, { ...task, origin, redact }));
    if (stop !== null) this.#end(stop);
    return meaning;
  }

  #passGate({ next, outcome }: Meaning, sentAt: number, asked: number | null): boolean {
    if (next === 'after_pause') return this.#gate.throttled(sentAt, asked);
    if (next === 'after_failure') return this.#gate.notSent(sentAt);
    this.#gate.answered(sentAt, outcome.status !== 'unknown');
    return true;
  }

  /** Outcome on the disk, then what follows from it. */
  async #record(task: Task, meaning: Meaning): Promise<void> {
    const { journal, onRow } = this.#options;
    try {
      await journal.append(outcomeOf(task, meaning));
      task.last = meaning;
      if (meaning.next === 'with_new_password') replacePassword(task, this.#options);
      if (meaning.next === 'end') await onRow(this.#report(task, meaning));
      else this.#queue.giveBack(task);
    } catch (error) {
      if (task.last !== meaning) this.#unrecorded.push(reportOf(task, meaning));
      this.#fail(error);
    }
    this.#queue.done();
  }

  #report(task: Task, meaning: Meaning): RowReport {
    return reportOf(task, meaning, this.#options.journal.state(task.login)?.status);
  }

  /** Rows that were handled, certainly were not created, and would have been sent again. */
  async #reportLeft(): Promise<void> {
    for (const task of this.#queue.left) {
      if (task.last !== null) await this.#options.onRow(this.#report(task, task.last));
    }
  }

  #putBack(task: Task): void {
    if (task.last !== null) this.#queue.giveBack(task);
  }

  async #guard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(thrown: unknown): void {
    if (thrown instanceof JournalError) this.#stop ??= journalFailed(thrown);
    else if (thrown instanceof OxhostError) this.#stop ??= thrown;
    else this.#failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#halt.abort();
  }

  #end(stop: OxhostError): void {
    this.#stop ??= stop;
    this.#halt.abort();
  }
}
