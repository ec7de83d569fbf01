import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import type { CheckedFile } from './check.ts';
import { runEngine } from './engine/engine.ts';
import { countRows } from './findings.ts';
import type { Journal } from './journal/journal.ts';
import type { LoginState } from './journal/record.ts';
import type { Places } from './places.ts';
import type { Plan } from './plan.ts';
import { startProgress } from './report/progress.ts';
import { reportOf, reportOfBad, rowWriter } from './report/results.ts';
import { type Answers, takeAnswers } from './report/unknown.ts';
import type { ImportSettings } from './settings.ts';

/** An import whose file has been checked, and whose rows have their place in the plan. */
export interface Run {
  readonly name: string;
  readonly file: CheckedFile;
  readonly plan: Plan;
  readonly answers: Answers;
  readonly places: Places;
  readonly settings: ImportSettings;
}

export interface Sent {
  readonly attempts: number;
  /** What stopped it, other than a signal; null when it came to the last row. */
  readonly failure: unknown;
  /** Answers that could not be followed. */
  readonly kept: Answers;
  readonly seconds: number;
}

/** A shorter one is nothing to speak of where no bar shows it. */
const LONG_PAUSE_SECONDS = 10;

/** Runs the engine and shows how far it is. Whatever goes wrong, what is known comes back. */
export async function sendRows(
  context: Context,
  run: Run,
  journal: Journal,
  client: ApiClient,
): Promise<Sent> {
  const { system, output, signal, settings } = context;
  const { file, plan, places, answers } = run;
  const began = system.monotonic();
  const drain = new AbortController();
  let failure: unknown = null;
  const write = rowWriter(context, (error) => {
    failure ??= error;
    drain.abort(error);
  });
  const rowOf = new Map(plan.send.map(({ row }) => [row.login, row.row]));
  const counts = { created: 0, already_exists: 0, rejected: 0, unknown: 0, not_sent: 0 };
  let inFlight = 0;
  let pause: { until: number; reason: string } | null = null;

  function stage(): string | null {
    if (signal.aborted) return `stopping, ${inFlight} to come`;
    const left = pause === null ? 0 : Math.ceil((pause.until - system.monotonic()) / 1000);
    return pause === null || left <= 0 ? null : `waiting ${left} s: ${pause.reason}`;
  }
  const progress = startProgress(context, () => ({
    total: file.rows.length,
    done: plan.skip.length + Object.values(counts).reduce((sum, count) => sum + count, 0),
    skipped: plan.skip.length,
    created: counts.created,
    refused: counts.rejected + counts.already_exists,
    unknown: counts.unknown,
    stage: stage(),
  }));
  const releaseSignals = onStop(
    context,
    () => {
      drain.abort(signal.reason);
      const count = inFlight === 1 ? '1 answer' : `${inFlight} answers`;
      output.note('stopping', `Stopping: waiting for ${count}; press Ctrl-C again to leave now.`);
      progress.refresh();
    },
    () => {
      progress.stop();
      output.note('continue', leftText(inFlight, places.results));
    },
  );

  let attempts = 0;
  let kept = answers;
  try {
    kept = await takeAnswers(journal, answers, plan, places.journal, system.platform);
    for (const bad of file.bad) await write(reportOfBad(bad));
    const result = await runEngine({
      ...settings,
      ...run.settings,
      rows: plan.send,
      journal,
      client,
      drain: drain.signal,
      system,
      async onRow(state, warnings) {
        counts[state.status] += 1;
        for (const { code, message } of warnings) output.warning(code, message);
        await write(reportOf(state, rowOf.get(state.login)));
        progress.refresh();
      },
      onInFlight(count) {
        inFlight = count;
      },
      onPause(seconds, reason) {
        pause = { until: system.monotonic() + seconds * 1000, reason };
        if (output.mayAnimate || seconds < LONG_PAUSE_SECONDS) return;
        output.note('waiting', `Waiting ${Math.ceil(seconds)} s: ${reason}.`);
      },
      redactor: context.redactor,
    });
    attempts = result.attempts;
    failure ??= result.stop;
    for (const login of result.unrecorded) {
      const state = journal.states.get(login);
      if (state !== undefined && state.status !== 'unknown') {
        output.warning('not_recorded', unrecordedText(state));
      }
    }
  } catch (error) {
    failure ??= error;
  } finally {
    progress.stop();
    releaseSignals();
  }
  const seconds = Math.round(system.monotonic() - began) / 1000;
  return { attempts, failure, kept, seconds };
}

function onStop({ system, signal }: Context, first: () => void, second: () => void): () => void {
  let signals = 0;
  if (signal.aborted) {
    signals = 1;
    first();
  } else signal.addEventListener('abort', first, { once: true });
  const release = system.onSignal(() => {
    signals += 1;
    if (signals > 1) second();
  });
  return () => {
    signal.removeEventListener('abort', first);
    release();
  };
}

function leftText(inFlight: number, results: string): string {
  const left =
    inFlight === 0
      ? ''
      : `; ${countRows(inFlight)} under way ${inFlight === 1 ? 'counts' : 'count'} as unknown`;
  return `What was answered is recorded${left}, but ${results} is not up to date. Run the same command again: it continues.`;
}

function unrecordedText({ login, status, id }: LoginState): string {
  const what = status === 'created' ? 'was created' : `is ${status.replaceAll('_', ' ')}`;
  const which = id === undefined ? '' : ` (id ${id})`;
  return `${login} ${what}${which}, but that could not be recorded; the next run will call it unknown.`;
}
