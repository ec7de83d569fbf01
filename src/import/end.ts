import { join, parse } from 'node:path';
import type { Context } from '../context.ts';
import { describe, type ErrorDetails, OxhostError } from '../errors.ts';
import { asOxhostError } from './failures.ts';
import { formatCount } from './findings.ts';
import { type FinishOptions, writeKnown, writeOutcome } from './finish.ts';
import type { Journal } from './journal/journal.ts';
import type { Run, Sent } from './send.ts';
import { showSummary } from './show-summary.ts';
import { unknownElsewhere } from './summary-text.ts';
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
  const { file, places } = run;
  const rows = file.rows.length + file.bad.length;
  const summary = summarise(rows, file.bad.length, sent.counts, sent.result, {
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
  showSummary(context, run, files.hasResults ? summary : { ...summary, results: null }, {
    attention: sent.attention,
    refusedByAddress: isRefusedByAddress(sent.failure, summary),
    stopped: signal.aborted || sent.failure !== null || summary.not_sent > 0,
  });
  if (files.failure !== null && (signal.aborted || sent.failure !== null)) {
    context.output.warning('results_not_written', files.failure.message);
  }
  if (signal.aborted) throw interrupted(signal, summary, sent);
  if (sent.failure !== null) throw withOutcome(sent.failure, summary, sent);
  if (files.failure !== null) throw withOutcome(files.failure, summary, sent);
  return exitCodeOf(summary);
}

interface Files {
  readonly hasResults: boolean;
  /** Why one of the files is missing, or null. */
  readonly failure: OxhostError | null;
}

async function writeFiles(
  { system, output }: Context,
  { file, places }: Run,
  journal: Journal,
  { result }: Sent,
  summary: Summary,
): Promise<Files> {
  const options = { file, journal, places, system, unrecorded: result.unrecorded };
  if ((await journal.findForeignWriter()) !== undefined) {
    return { hasResults: false, failure: await writeAside(options) };
  }
  try {
    const unknown = await writeOutcome(options);
    if (unknown > summary.unknown) {
      const { results } = places;
      output.warning('unknown_elsewhere', unknownElsewhere(unknown - summary.unknown, results));
    }
    return { hasResults: true, failure: null };
  } catch (error) {
    return { hasResults: false, failure: notWritten('results', error) };
  }
}

function notWritten(what: string, error: unknown): OxhostError {
  return new OxhostError(
    'config_error',
    `The ${what} could not be written. ${describe(asOxhostError(error))}`,
    {
      hint: 'Nothing is lost: the journal has it all. Mend this and run the same command again.',
      retry: 'safe',
    },
  );
}

/**
 * Where another run may have begun, results are that run's; a deleted journal
 * may have held the only copy of generated passwords.
 */
async function writeAside(options: FinishOptions): Promise<OxhostError> {
  const { places, system } = options;
  const { dir, name, ext } = parse(places.results);
  const aside = join(dir, `${name}-${system.randomUUID().slice(0, 8)}${ext}`);
  const known = await writeKnown({ ...options, places: { ...places, results: aside } }).then(
    () => `What this run knows, generated passwords too, is in ${aside}.`,
    (error: unknown) =>
      `What this run recorded, generated passwords too, is only in the journal that it had open (${describe(error)}).`,
  );
  return new OxhostError(
    'config_error',
    `The results in ${places.results} were left as they are, since they may be another run's. ${known}`,
  );
}

function interrupted(signal: AbortSignal, summary: Summary, sent: Sent): OxhostError {
  const handled = summary.rows - summary.not_sent;
  return new OxhostError(
    'cancelled',
    `Stopped after ${formatCount(handled)} of ${formatCount(summary.rows)} rows.`,
    {
      exitCode: signal.reason === 'SIGTERM' ? 143 : 130,
      hint: 'Run the same command again to continue.',
      ...effectOf(summary, sent),
    },
  );
}

/** Running the same command again is always safe, unknown rows being left alone. */
function withOutcome(failure: unknown, summary: Summary, sent: Sent): unknown {
  if (!(failure instanceof OxhostError)) return failure;
  const { hint = '' } = failure.details;
  return new OxhostError(failure.code, failure.message, {
    ...failure.details,
    ...(isRefusedByAddress(failure, summary) && { hint: `${hint} ${SEND_REFUSED}`.trim() }),
    ...effectOf(summary, sent),
  });
}

/** Of the rows of the file, whichever run they settled in: the same as the summary says. */
function effectOf(summary: Summary, { result }: Sent): Pick<ErrorDetails, 'outcome' | 'attempts'> {
  const { unknown, created, already_created } = summary;
  const isCreated = created + already_created > 0;
  const outcome = unknown > 0 ? 'unknown' : isCreated ? 'created' : 'not_created';
  return { outcome, attempts: result.attempts };
}

const SEND_REFUSED =
  'Rows that were refused so before that are sent again only with --retry-rejected.';

/** Some rows count as refused before it shows that the address has gone wrong. */
function isRefusedByAddress(failure: unknown, { rejected }: Summary): boolean {
  const status = failure instanceof OxhostError ? failure.details.http?.status : undefined;
  return rejected > 0 && (status === 404 || status === 405);
}
