import type { Context } from '../context.ts';
import { describe, OxhostError } from '../errors.ts';
import { asOxhostError } from './failures.ts';
import { formatCount } from './findings.ts';
import { writeOutcome } from './finish.ts';
import type { Journal } from './journal/journal.ts';
import { rejectedPath } from './places.ts';
import type { Run, Sent } from './send.ts';
import { summaryText } from './summary-text.ts';
import { exitCodeOf, type Summary, summarise } from './tally.ts';

/**
 * Writes the results, says what became of the rows, and gives the exit code.
 * @throws OxhostError for a run that a signal or a failure stopped, and when the results are lost.
 */
export async function endRun(
  context: Context,
  run: Run,
  journal: Journal,
  sent: Sent,
): Promise<number> {
  const { signal } = context;
  const { first, places } = run;
  const summary = summarise(first.rows, first.invalid, sent.counts, sent.result, {
    seconds: sent.seconds,
    journal: places.journal,
    results: places.results,
  });
  const files = await writeFiles(context, run, journal, sent, summary);
  if (summary.created > 0) {
    context.output.note(
      'next_step',
      'New clients cannot log in before they have hosting; order that next, with their ids.',
    );
  }
  showSummary(context, run, files.failure === null ? summary : { ...summary, results: null }, {
    rejected: files.rejected,
    stopped: signal.aborted || sent.failure !== null || summary.not_sent > 0,
  });
  if (files.failure !== null && (signal.aborted || sent.failure !== null)) {
    context.output.warning('results_not_written', files.failure.message);
  }
  if (signal.aborted) throw interrupted(signal, summary);
  if (sent.failure !== null) throw withOutcome(sent.failure, summary);
  if (files.failure !== null) throw withOutcome(files.failure, summary);
  return exitCodeOf(summary);
}

interface Files {
  /** The file of rows to be mended, or null. */
  readonly rejected: string | null;
  readonly failure: OxhostError | null;
}

async function writeFiles(
  { system, output }: Context,
  { plan, places }: Run,
  journal: Journal,
  { result }: Sent,
  summary: Summary,
): Promise<Files> {
  const path = rejectedPath(places.journal, plan.shape.format, plan.input.path);
  const options = {
    ...plan,
    journal,
    places,
    rejectedPath: path,
    platform: system.platform,
    unrecorded: result.unrecorded,
  };
  const isReadable = !(await plan.input.hasChanged());
  if (!isReadable) {
    output.warning(
      'results_partial',
      'The file changed, so the results list only the rows that were sent.',
    );
  }
  const hasOthers = isReadable && summary.invalid + summary.not_sent + summary.rejected > 0;
  try {
    const hasRejected = await writeOutcome({ ...options, hasOthers, keepRejected: !isReadable });
    return { rejected: hasRejected ? path : null, failure: null };
  } catch (error) {
    const reason = asOxhostError(error);
    return {
      rejected: null,
      failure: new OxhostError(
        'config_error',
        `The results could not be written. ${describe(reason)}`,
        {
          hint: 'Nothing is lost: the journal has it all. Mend this and run the same command again.',
          retry: 'safe',
        },
      ),
    };
  }
}

function showSummary(
  { output }: Context,
  { plan, settings }: Run,
  summary: Summary,
  ending: { rejected: string | null; stopped: boolean },
): void {
  if (output.isJson) {
    output.summary({ ...summary }, '');
    return;
  }
  const lines = summaryText(summary, {
    input: plan.input.name,
    generatesPasswords: settings.generatePasswords,
    ...ending,
  });
  for (const line of lines) output.summary({}, line);
}

function interrupted(signal: AbortSignal, summary: Summary): OxhostError {
  const handled = summary.rows - summary.not_sent;
  return new OxhostError(
    'cancelled',
    `Stopped after ${formatCount(handled)} of ${formatCount(summary.rows)} rows.`,
    {
      exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
      hint: 'Run the same command again to continue.',
      ...outcomeOf(summary),
    },
  );
}

/** Running the same command again is always safe, unknown rows being left alone. */
function withOutcome(failure: unknown, summary: Summary): unknown {
  if (!(failure instanceof OxhostError)) return failure;
  return new OxhostError(failure.code, failure.message, {
    ...failure.details,
    ...outcomeOf(summary),
  });
}

function outcomeOf({ unknown }: Summary) {
  return { outcome: unknown > 0 ? 'unknown' : 'not_created' } as const;
}
