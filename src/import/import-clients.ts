import type { Context } from '../context.ts';
import { declined } from '../errors.ts';
import type { CheckedFile } from './check.ts';
import { PLAN_FIELDS, showPlan } from './dry-run.ts';
import { countRows, type Finding, findingText, formatCount } from './findings.ts';
import { badRowsError, checkInput, readInput } from './input.ts';
import type { ReadJournal } from './journal/journal.ts';
import { openImport, viewImport } from './open.ts';
import { checkResultsPlace, type Places, placesOf } from './places.ts';
import { findingsOf, type Plan, planRows } from './plan.ts';
import { report } from './report/report.ts';
import { checkRowFields, ROW_FIELDS } from './report/results.ts';
import { type Answers, readAnswers } from './report/unknown.ts';
import { sendRows } from './send.ts';
import type { ImportSettings } from './settings.ts';

/**
 * Creates the clients of a file, each once, however often it is run.
 * @returns the exit code. @throws OxhostError for everything that stops it early.
 */
export async function importClients(context: Context, settings: ImportSettings): Promise<number> {
  checkRowFields(context.settings.fields, settings.dryRun ? PLAN_FIELDS : ROW_FIELDS);
  // Nobody should wait for a long check to hear that there is no key.
  if (!settings.dryRun) await context.access();
  const places = await placesOf(context, settings);
  await checkResultsPlace(places, settings.operand);

  const input = await readInput(context, settings);
  const file = await checkInput(context, input, settings);
  if (settings.dryRun) {
    const view = await viewImport(context, places, settings);
    const { plan } = await planImport(context, file, view, places, settings);
    await showPlan(context, plan, file.bad, settings.skipInvalid);
    if (file.bad.length > 0 && !settings.skipInvalid) throw badRowsError(file);
    return 0;
  }
  stopAtBadRows(context, file, settings);
  const { journal, client } = await openImport(context, places, settings, input.mapping);
  try {
    const { answers, plan } = await planImport(context, file, journal, places, settings);
    await confirm(context, plan, settings);
    const run = { name: input.name, file, plan, answers, places, settings };
    const sent = await sendRows(context, run, journal, client);
    return await report(context, run, journal, sent);
  } finally {
    await journal.close();
  }
}

async function planImport(
  context: Context,
  file: CheckedFile,
  { states, hash }: Pick<ReadJournal, 'states' | 'hash'>,
  places: Places,
  settings: ImportSettings,
): Promise<{ answers: Answers; plan: Plan }> {
  const answers = await readAnswers(places.journal, states);
  const plan = planRows(file.rows, { ...settings, states, hash, answers });
  warn(context, findingsOf(file, plan));
  return { answers, plan };
}

function stopAtBadRows(context: Context, file: CheckedFile, { skipInvalid }: ImportSettings): void {
  if (file.bad.length === 0) return;
  warn(context, skipInvalid ? file.problems : file.findings);
  if (!skipInvalid) throw badRowsError(file);
  const count = `${countRows(file.bad.length)} of ${formatCount(file.rows.length + file.bad.length)}`;
  context.output.warning('invalid_rows', `${count} cannot be used and will be left out.`);
}

function warn({ output }: Context, findings: readonly Finding[]): void {
  for (const finding of findings) output.warning(finding.code, `${findingText(finding)}.`);
}

/** Asks once, before the first request; a script is not asked, nor is anybody where none follows. */
async function confirm(
  context: Context,
  { send, skip }: Plan,
  { concurrency }: ImportSettings,
): Promise<void> {
  if (send.length === 0) {
    context.output.note('nothing_to_send', 'No row of the file is to be sent.');
    return;
  }
  if (!context.mayAsk || context.settings.yes) return;
  const clients = send.length === 1 ? '1 client' : `${formatCount(send.length)} clients`;
  const skipped = skip.length === 0 ? '' : ` (${countRows(skip.length)} skipped)`;
  const prompter = await context.prompter();
  const agreed = await prompter.confirm(
    `Create ${clients} at ${await context.origin()}, ${concurrency} at a time${skipped}?`,
  );
  if (!agreed) throw declined();
}
