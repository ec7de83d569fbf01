import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import { DEFAULT_ORIGIN } from '../settings.ts';
import { lockBy } from '../store/lock.ts';
import { VERSION } from '../version.ts';
import type { Journal, ReadJournal } from './journal/journal.ts';
import { openJournal, viewJournal } from './journal/open.ts';
import { type Mapping, mappingSources } from './mapping/mapping.ts';
import type { Places } from './places.ts';
import type { ImportSettings } from './settings.ts';

/** @throws OxhostError, `usage` for the journal of another account. */
export async function openImport(
  context: Context,
  places: Places,
  settings: ImportSettings,
  mapping: Mapping,
) {
  const { system, output } = context;
  const client = await context.client({ concurrency: settings.concurrency });
  const journal = await openJournal({
    folder: places.journal,
    origin: client.origin,
    toolVersion: VERSION,
    mapping: mappingSources(mapping),
    userId: system.userId(),
    randomBytes: (size) => system.randomBytes(size),
    lock: lockBy(system, 'plesk client import'),
  });
  if (journal.tornFile !== undefined) {
    output.warning(
      'journal_repaired',
      `The journal's last line was cut off by the end of an earlier run; its bytes are in ${journal.tornFile}. Nothing was done on the strength of them.`,
    );
  }
  try {
    const { key } = await context.access();
    const known = journal.knowsKey(key);
    if (known === false && !settings.sameAccount) await askForAccount(context, journal);
    if (known !== true) await journal.rememberKey(key);
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { journal, client };
}

const OTHER_KEY = 'This journal was used with another API key before';

/**
 * What a journal has as created exists in one account only, and with the key of another one would
 * be passed over. Keys of one account change, though, so a person can say that it is the same.
 */
async function askForAccount(
  { mayAsk, prompter }: Pick<Context, 'mayAsk' | 'prompter'>,
  { path }: Journal,
): Promise<void> {
  const question = `${OTHER_KEY}. Is today's key of the same account?`;
  if (mayAsk && (await (await prompter()).confirm(question))) return;
  throw new OxhostError('usage', `${OTHER_KEY}: ${path}.`, {
    hint: 'If only the key is new, run this again with --same-account. If it is another account, name a new folder with --journal: the clients in this one are not in yours.',
    outcome: 'not_created',
  });
}

const NOTHING_KNOWN: Pick<ReadJournal, 'states' | 'hash'> = { states: new Map(), hash: () => '' };

export async function viewImport(
  context: Context,
  { journal }: Places,
  { operand, journal: given, sameAccount }: ImportSettings,
): Promise<Pick<ReadJournal, 'states' | 'hash'>> {
  // An embedded sandbox is another server each time.
  const hasNone = context.settings.sandbox || (operand === '-' && given === undefined);
  if (hasNone) return NOTHING_KNOWN;
  const { key, origin } = await context.access().catch((error: unknown) => {
    if (!(error instanceof OxhostError) || error.code !== 'no_api_key') throw error;
    return { key: undefined, origin: context.settings.apiUrl ?? DEFAULT_ORIGIN };
  });
  const view = await viewJournal(journal, origin);
  if (key !== undefined && view?.knowsKey(key) === false && !sameAccount) {
    const taken = 'what it has as created is taken to be in this account';
    context.output.warning('other_api_key', `${OTHER_KEY} (${view.path}); ${taken}.`);
  }
  return view ?? NOTHING_KNOWN;
}
