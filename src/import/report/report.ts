import { join, parse } from 'node:path';
import { createClient } from '../../api/operations/clients.ts';
import type { Context, GivenFlag } from '../../context.ts';
import { describe, type ErrorDetails, OxhostError } from '../../errors.ts';
import { fileWord, shellWord } from '../../output/text.ts';
import { countRows, formatCount } from '../findings.ts';
import type { Journal } from '../journal/journal.ts';
import type { Run, Sent } from '../send.ts';
import { writeResults } from './results.ts';
import {
  exitCodeOf,
  type FinalRows,
  finalRows,
  nextSteps,
  type Summary,
  summarise,
  summaryLines,
} from './rows.ts';
import { unknownPath, writeUnknown } from './unknown.ts';

/**
 * Writes the results, says what became of the rows and what is to be done next, and gives the exit
 * code. All of it follows from the file and the journal's states.
 * @throws OxhostError for a run that a signal or a failure stopped, and when the results are lost.
 */
export async function report(
  context: Context,
  run: Run,
  journal: Journal,
  sent: Sent,
): Promise<number> {
  const { output, signal } = context;
  const rows = finalRows(run.file, journal.states, notReached(signal, sent.failure));
  const lost = await writeFiles(context, run, journal, sent, rows);
  const createdNow = run.file.rows.filter(({ login }) => {
    const state = journal.states.get(login);
    return state?.isNew === true && state.status === 'created';
  }).length;
  const summary = summarise(rows, createdNow, {
    seconds: sent.seconds,
    journal: run.places.journal,
    results: lost === null ? run.places.results : null,
  });
  showSummary(context, run, rows, summary, sent);
  await noteInHistory(context, journal);
  const stopped = signal.aborted ? interrupted(signal, summary) : sent.failure;
  if (lost !== null && stopped) output.warning('results_not_written', lost.message);
  const failure = stopped ?? lost;
  if (failure) throw withEffect(failure, summary, sent.attempts);
  return exitCodeOf(summary);
}

function notReached({ aborted }: AbortSignal, failure: unknown): string {
  if (!aborted && failure instanceof OxhostError) return failure.message;
  return 'the run ended before its turn';
}

/** @returns why there are no results, or null. */
async function writeFiles(
  { system: { platform, randomUUID } }: Context,
  { places: { journal: folder, results, resultsFormat } }: Run,
  journal: Journal,
  { kept }: Sent,
  { ofFile, others }: FinalRows,
): Promise<OxhostError | null> {
  try {
    if (!journal.isForeign) journal.check();
  } catch {
    // Whatever it found is known to the journal now.
  }
  // Another run may have begun there, and a deleted journal may have held the only copy of passwords.
  const { dir, name, ext } = parse(results);
  const aside = join(dir, `${name}-${randomUUID().slice(0, 8)}${ext}`);
  const path = journal.isForeign ? aside : results;
  try {
    await writeResults(path, resultsFormat, [...ofFile, ...others], platform);
    if (journal.isForeign) {
      const message = `The results in ${results} were left as they are, since they may be another run's. What this run knows, generated passwords too, is in ${aside}.`;
      return new OxhostError('config_error', message);
    }
    await writeUnknown(folder, journal.states, kept, platform);
    return null;
  } catch (error) {
    const hint = error instanceof OxhostError ? error.details.hint : undefined;
    return new OxhostError('config_error', `The results could not be written. ${describe(error)}`, {
      hint: hint ?? 'Fix this and run the same command again. The journal has it all.',
      retry: 'safe',
    });
  }
}

function showSummary(
  { output, givenFlags, settings, signal, system }: Context,
  { name, places, settings: { operand, generatePasswords } }: Run,
  { ofFile, others }: FinalRows,
  summary: Summary,
  { failure }: Sent,
): void {
  const options = { input: name, generatesPasswords: generatePasswords };
  const [first = '', ...lines] = output.isJson ? [] : summaryLines(summary, options);
  const unknown = [...ofFile, ...others].filter(({ status }) => status === 'unknown').length;
  const steps = nextSteps(ofFile, {
    input: name,
    results: summary.results,
    unknownFile: unknownPath(places.journal),
    unknown,
    isStopped: failure !== null,
  });
  if (output.isJson) for (const step of steps) output.note('next_step', step);
  output.summary({ ...summary }, first);
  if (output.isJson) return;
  for (const line of lines) output.summary({}, line);
  const isUnfinished = steps.length > 0 || summary.not_sent > 0 || signal.aborted;
  // To an embedded sandbox there is no second run.
  const isAgain = isUnfinished && !settings.sandbox;
  if (isAgain) steps.push('Run the same command again:');
  if (steps.length > 0) output.summary({}, 'What to do next:');
  steps.forEach((step, index) => {
    output.summary({}, steps.length === 1 ? `  ${step}` : `  ${index + 1}. ${step}`);
  });
  if (isAgain) output.lines([`       ${againCommand(operand, givenFlags, system.platform)}`]);
  if (summary.created > 0) {
    const text =
      'New clients cannot log in before they have hosting; order that next, with their ids.';
    output.note('hosting', text);
  }
}

/** What says how a run looks or asks, or was meant for that one run, and not what is done. */
const NOT_REPEATED =
  /^--(?:json|fields|get|quiet|debug|color|no-color|no-input|yes|dry-run|retry-\w+|same-account)$/;

/** The command that imports as this one did, every other flag as it was given. Pure. */
export function againCommand(
  operand: string,
  given: readonly GivenFlag[],
  platform?: NodeJS.Platform,
): string {
  const flags = given.flatMap(({ name, value }) => {
    if (NOT_REPEATED.test(name)) return [];
    const between = value?.startsWith('-') ? '=' : ' ';
    return value === null ? [name] : [`${name}${between}${shellWord(value, platform)}`];
  });
  const file = operand === '-' ? operand : fileWord(operand, platform);
  return [`oxhost plesk client import ${file}`, ...flags].join(' ');
}

function interrupted({ reason }: AbortSignal, summary: Summary): OxhostError {
  const handled = formatCount(summary.rows - summary.not_sent);
  return new OxhostError('cancelled', `Stopped after ${handled} of ${countRows(summary.rows)}.`, {
    exitCode: reason === 'SIGTERM' ? 143 : 130,
    hint: 'Run the same command again to continue.',
  });
}

/** Of the rows of the file, whichever run they settled in: the same as the summary says. */
function withEffect(failure: unknown, summary: Summary, attempts: number): unknown {
  if (!(failure instanceof OxhostError)) return failure;
  const { unknown, created, already_created } = summary;
  const outcome =
    unknown > 0 ? 'unknown' : created + already_created > 0 ? 'created' : 'not_created';
  const effect: Pick<ErrorDetails, 'outcome' | 'attempts'> = { outcome, attempts };
  return new OxhostError(failure.code, failure.message, { ...failure.details, ...effect });
}

/** Notes in the machine's history what was created since this was done last, by a killed run too. */
async function noteInHistory(
  { system, settings, output }: Context,
  journal: Journal,
): Promise<void> {
  const made = [...journal.states.values()].filter(
    ({ status, isInHistory }) => status === 'created' && isInHistory !== true,
  );
  // An embedded sandbox is gone with the run; what cannot be recorded is noted by the next one.
  if (settings.sandbox || made.length === 0 || journal.failure !== undefined) return;
  try {
    const { openHistory } = await import('../../store/history.ts');
    await openHistory(system).addSettled(
      made.map(({ login, echoed_login: echoed = login, id, plesk_client_id, by_hand }) => ({
        ...{ operation: createClient.command, origin: journal.origin, login: echoed },
        ids: { ...(id && { id }), ...(plesk_client_id && { plesk_client_id }) },
        ...(by_hand === true && { by_hand }),
      })),
    );
    await journal.rememberHistory();
  } catch (error) {
    output.warning('history', `The new clients are not in the history. ${describe(error)}`);
  }
}
