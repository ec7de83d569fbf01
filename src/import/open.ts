import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';
import { checkApiKey } from './account.ts';
import type { Journal } from './journal/journal.ts';
import { openJournal } from './journal/open.ts';
import { type Mapping, mappingSources } from './mapping/mapping.ts';
import type { Places } from './places.ts';
import type { ImportSettings } from './settings.ts';

/** A journal that is this process's alone, and a client for the API that it belongs to. */
export interface OpenImport {
  readonly journal: Journal;
  readonly client: ApiClient;
}

/** @throws OxhostError, `usage` for the journal of another account. */
export async function openImport(
  context: Context,
  {
    places,
    settings,
    mapping,
  }: { readonly places: Places; readonly settings: ImportSettings; readonly mapping: Mapping },
): Promise<OpenImport> {
  const { system, output } = context;
  const client = await context.client({ concurrency: settings.concurrency });
  const journal = await openJournal({
    folder: places.journal,
    origin: client.origin,
    toolVersion: VERSION,
    mapping: mappingSources(mapping),
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
  try {
    await checkApiKey(context, journal, settings.sameAccount);
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { journal, client };
}
