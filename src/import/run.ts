import type { Context } from '../context.ts';
import { declined } from '../errors.ts';
import { VERSION } from '../version.ts';
import { checkApiKey } from './account.ts';
import { endRun } from './end.ts';
import { countRows, formatCount } from './findings.ts';
import { changed, removeLeftSpools } from './input.ts';
import { type Journal, openJournal } from './journal/journal.ts';
import { mappingSources } from './mapping.ts';
import { type Run, type RunEngine, sendRows } from './send.ts';

/**
 * Sends what is to be sent, with the journal open; then writes results and summary, however it
 * ended.
 * @returns the exit code. @throws OxhostError for a run that stopped early.
 */
export async function runImport(context: Context, run: Run, runEngine: RunEngine): Promise<number> {
  const client = await context.client({ concurrency: run.settings.concurrency });
  const journal = await open(context, run, client.origin);
  try {
    await removeLeftSpools(run.places.journal, run.plan.input.path);
    await checkApiKey(context, journal);
    await confirm(context, run, journal, client.origin);
    if (await run.plan.input.hasChanged()) throw changed(run.plan.input);
    const sent = await sendRows(context, run, journal, client, runEngine);
    return await endRun(context, run, journal, sent);
  } finally {
    await journal.close();
  }
}

async function open(
  context: Context,
  { places, plan, first }: Run,
  origin: string,
): Promise<Journal> {
  const { system, output } = context;
  const journal = await openJournal({
    folder: places.journal,
    origin,
    toolVersion: VERSION,
    mapping: mappingSources(plan.mapping),
    expectedLogins: first.rows,
    userId: system.userId(),
    randomBytes: (size) => system.randomBytes(size),
    lock: {
      platform: system.platform,
      pid: system.pid,
      doing: 'plesk client import',
      clock: {
        now: () => system.now().getTime(),
        sleep: (milliseconds) => system.sleep(milliseconds),
      },
      random: () => system.random(),
    },
  });
  if (journal.tornFile !== undefined) {
    output.warning(
      'journal_repaired',
      `The journal's last line was cut off by the end of an earlier run; its bytes are in ${journal.tornFile}. Nothing was done on the strength of them.`,
    );
  }
  return journal;
}

/** Asks once, before the first request; a script is not asked. */
async function confirm(
  context: Context,
  { first, settings }: Run,
  journal: Journal,
  origin: string,
): Promise<void> {
  if (!context.mayAsk || context.settings.yes) return;
  const { created, unknown, rejected } = journal.counts;
  const earlier = [
    created > 0 ? `${formatCount(created)} created` : '',
    unknown > 0 ? `${formatCount(unknown)} unknown` : '',
    rejected > 0 ? `${formatCount(rejected)} refused` : '',
  ].filter((part) => part !== '');
  const known = earlier.length === 0 ? '' : ` (the journal has ${earlier.join(', ')} already)`;
  const rows = countRows(first.rows - first.invalid);
  const prompter = await context.prompter();
  const agreed = await prompter.confirm(
    `Create the clients of ${rows} at ${origin}, ${settings.concurrency} at a time${known}?`,
  );
  if (!agreed) throw declined();
}
