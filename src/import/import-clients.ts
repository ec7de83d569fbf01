import type { Context } from '../context.ts';
import { withActivity } from '../output/activity.ts';
import { warnOfOtherKey } from './account.ts';
import type { ImportRow } from './contract.ts';
import { dryRun, originOf, PLAN_FIELDS } from './dry-run.ts';
import { decide } from './engine/decision.ts';
import { asOxhostError } from './failures.ts';
import { countRows, findingText, formatCount } from './findings.ts';
import { badRowsError, type FirstPass, firstPass, noRowsError } from './first-pass.ts';
import { changed } from './input.ts';
import { JournalFolderError } from './journal/errors.ts';
import { type JournalView, viewJournal } from './journal/view.ts';
import { findColumns, type Opened, openPlaces } from './open.ts';
import type { Places } from './places.ts';
import { checkRowFields, ROW_FIELDS } from './reporter.ts';
import type { RowPlan } from './row-source.ts';
import type { RunEngine } from './send.ts';
import type { ImportSettings } from './settings.ts';

/**
 * Creates the clients of a file, each once: first the whole file is checked, then it is sent.
 * @param runEngine what sends; left out, the real one.
 * @returns the exit code. @throws OxhostError for everything that stops it early.
 */
export async function importClients(
  context: Context,
  settings: ImportSettings,
  runEngine?: RunEngine,
): Promise<number> {
  checkRowFields(context.settings.fields, settings.dryRun ? PLAN_FIELDS : ROW_FIELDS);
  try {
    // Nobody should wait for a long check to hear that there is no key.
    if (!settings.dryRun) await context.access();
    const opened = await openPlaces(context, settings);
    try {
      return await checkAndSend(context, settings, opened, runEngine);
    } finally {
      await opened.input.dispose();
    }
  } catch (error) {
    throw asOxhostError(error, settings.operand);
  }
}

async function checkAndSend(
  context: Context,
  settings: ImportSettings,
  { input, places }: Opened,
  runEngine: RunEngine | undefined,
): Promise<number> {
  const { shape, mapping } = await findColumns(context, input, settings);
  const { generatePasswords } = settings;
  const reading = { input, shape, mapping, generatePasswords };
  const first = await withActivity(context, `Checking ${input.name}`, async () => {
    const earlier = await earlierRun(context, settings, places);
    // Of the login alone, only what is created needs no word; a row may also be left alone this time.
    const isSettled = (login: string, row?: ImportRow): boolean => {
      const status = earlier?.state(login)?.status;
      if (earlier === undefined || status === undefined) return false;
      return (
        status === 'created' ||
        (row !== undefined && decide(row, earlier, settings).kind !== 'send')
      );
    };
    try {
      return await firstPass({ ...reading, path: input.path, signal: context.signal, isSettled });
    } finally {
      await earlier?.close();
    }
  });
  const plan: RowPlan = { ...reading, repeated: first.repeated };
  if (await input.hasChanged()) throw changed(input, false);
  showFindings(context, first);
  if (first.rows === 0) throw noRowsError(input.name, shape);
  const isRefused = first.invalid > 0 && !settings.skipInvalid;
  // A dry run tells what would become of the other rows, too.
  if (isRefused && !settings.dryRun) throw badRowsError(first);
  if (first.invalid > 0 && !isRefused) {
    context.output.warning(
      'invalid_rows',
      `${countRows(first.invalid)} of ${formatCount(first.rows)} cannot be used and will be left out.`,
    );
  }
  if (settings.dryRun) {
    const journal =
      settings.operand === '-' && settings.journal === undefined ? null : places.journal;
    await dryRun(context, {
      ...settings,
      ...plan,
      journal: context.settings.sandbox ? null : journal,
    });
    if (isRefused) throw badRowsError(first);
    return 0;
  }
  const { runImport } = await import('./run.ts');
  const engine = runEngine ?? (await import('./engine.ts')).runEngine;
  return runImport(context, { plan, places, first, settings }, engine);
}

/** The journal as it is now; an embedded sandbox is another server each time. */
async function earlierRun(
  context: Context,
  { operand, journal, dryRun }: ImportSettings,
  places: Places,
): Promise<JournalView | undefined> {
  if (context.settings.sandbox || (operand === '-' && journal === undefined)) return undefined;
  try {
    const view = await viewJournal(places.journal, await originOf(context));
    if (view !== undefined && dryRun) await warnOfOtherKey(context, view);
    return view;
  } catch (error) {
    // Whoever opens the folder to write says better what is wrong with it.
    if (error instanceof JournalFolderError) return undefined;
    throw error;
  }
}

function showFindings({ output }: Context, { findings }: FirstPass): void {
  for (const finding of findings) output.warning(finding.code, `${findingText(finding)}.`);
}
