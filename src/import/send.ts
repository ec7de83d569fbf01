import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import { Attention } from './attention.ts';
import type { EngineResult } from './contract.ts';
import { runEngine } from './engine.ts';
import { asOxhostError } from './failures.ts';
import type { Input } from './input.ts';
import type { Journal } from './journal/journal.ts';
import type { Places } from './places.ts';
import { startProgress } from './progress.ts';
import { Reporter } from './reporter.ts';
import type { BadRow, CheckedFile, ClientRow } from './row.ts';
import type { ImportSettings } from './settings.ts';
import { leftText, onStop } from './stop-signals.ts';
import type { Counts } from './tally.ts';
import { unrecordedText } from './unrecorded.ts';

/** An import whose file has been checked. */
export interface Run {
  readonly input: Input;
  readonly file: CheckedFile;
  readonly places: Places;
  readonly settings: ImportSettings;
}

/** How the sending ended. */
export interface Sent {
  readonly result: EngineResult;
  /** Rows of this run. */
  readonly counts: Counts;
  readonly attention: Attention;
  /** What stopped it, other than a signal; null when it came to the last row. */
  readonly failure: unknown;
  readonly seconds: number;
}

/** Runs the engine and shows how far it is. Whatever goes wrong, what is known comes back. */
export async function sendRows(
  context: Context,
  { file, settings }: Run,
  journal: Journal,
  client: ApiClient,
): Promise<Sent> {
  const { system, output, signal } = context;
  const began = system.monotonic();
  const drain = new AbortController();
  let failure: unknown = null;
  const stop = (error: unknown) => {
    failure ??= error;
    drain.abort(error);
  };
  const reporter = new Reporter(context, stop);
  const { counts } = reporter;
  const attention = new Attention();
  const calls = countCalls(client);
  let skipped = 0;
  let pause: { until: number; reason: string } | null = null;

  const progress = startProgress(context, () => ({
    total: file.rows.length,
    done: skipped + settledNow(counts),
    skipped,
    created: counts.created,
    refused: counts.rejected + counts.already_exists,
    unknown: counts.unknown,
    stage: signal.aborted ? `stopping, ${calls.inFlight} to come` : pauseText(),
  }));
  function pauseText(): string | null {
    const left = pause === null ? 0 : Math.ceil((pause.until - system.monotonic()) / 1000);
    return pause === null || left <= 0 ? null : `waiting ${left} s: ${pause.reason}`;
  }
  const releaseSignals = onStop(
    context,
    () => {
      drain.abort(signal.reason);
      const answers = calls.inFlight === 1 ? '1 answer' : `${calls.inFlight} answers`;
      output.note('stopping', `Stopping: waiting for ${answers}; press Ctrl-C again to leave now.`);
      progress.refresh();
    },
    () => {
      progress.stop();
      output.note('continue', leftText(calls.inFlight));
    },
  );

  let result = NOTHING_KNOWN;
  try {
    for (const row of file.bad) await reporter.report(invalidReport(row));
    result = await runEngine({
      rows: eachOf(file.rows),
      journal,
      client: calls.client,
      concurrency: settings.concurrency,
      rate: settings.rate,
      maxWaitSeconds: context.settings.maxWaitSeconds,
      retries: context.settings.retries,
      maxErrors: settings.maxErrors,
      retryUnknown: settings.retryUnknown,
      retryRejected: settings.retryRejected,
      passwordLength: settings.passwordLength,
      drain: drain.signal,
      system,
      async onRow(report) {
        attention.see(report, journal.state(report.login));
        await reporter.report(report);
        progress.refresh();
      },
      onSkip(row, skip) {
        skipped += 1;
        attention.skip(row, skip, journal.state(row.login));
        progress.refresh();
      },
      onPause(seconds, reason) {
        pause = { until: system.monotonic() + seconds * 1000, reason };
        if (!output.mayAnimate) {
          output.note('waiting', `Waiting ${Math.ceil(seconds)} s: ${reason}.`);
        }
      },
      redactor: context.redactor,
    });
    for (const report of result.unrecorded) {
      attention.see(report, journal.state(report.login));
      await reporter.report(report);
      const text = unrecordedText(report);
      if (text !== null) output.warning('not_recorded', text);
    }
  } catch (error) {
    failure ??= asOxhostError(error);
  } finally {
    progress.stop();
    releaseSignals();
  }
  const seconds = Math.round(system.monotonic() - began) / 1000;
  return { result, counts, attention, failure: failure ?? asOxhostError(result.stop), seconds };
}

/** When the engine itself failed: what its rows came to is in the journal. */
const NOTHING_KNOWN: EngineResult = {
  alreadyCreated: 0,
  skipped: { unknown: 0, rejected: 0, already_exists: 0 },
  unrecorded: [],
  attempts: 0,
  stop: null,
  signal: null,
};

async function* eachOf(rows: readonly ClientRow[]): AsyncGenerator<ClientRow, void, undefined> {
  yield* rows;
}

function countCalls(client: ApiClient) {
  const calls = { inFlight: 0, client };
  calls.client = {
    ...client,
    async call(...call) {
      calls.inFlight += 1;
      try {
        return await client.call(...call);
      } finally {
        calls.inFlight -= 1;
      }
    },
  };
  return calls;
}

function settledNow(counts: Counts): number {
  const { created, already_exists, rejected, unknown, not_sent } = counts;
  return created + already_exists + rejected + unknown + not_sent;
}

function invalidReport({ row, login, problems }: BadRow) {
  return {
    row,
    login: login ?? '',
    status: 'invalid' as const,
    id: null,
    plesk_client_id: null,
    error: { code: 'invalid_input', message: problems.join('; ') },
  };
}
