import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';
import { checkApiKey } from './account.ts';
import { type Journal, openJournal } from './journal/journal.ts';
import type { JournalView } from './journal/view.ts';
import { type Mapping, mappingSources } from './mapping/mapping.ts';
import type { Places } from './places.ts';
import type { PlanOptions } from './plan.ts';
import type { ImportSettings } from './settings.ts';

/** A journal that is this process's alone, and a client for the API that it belongs to. */
export interface OpenImport {
  readonly journal: Journal;
  readonly known: Pick<PlanOptions, 'states' | 'hash'>;
  readonly client: ApiClient;
}

/** @throws JournalError, LockedError; OxhostError `usage` for the journal of another account. */
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
  return { journal, client, known: knownBy(journal) };
}

/** What a plan asks a journal for. */
export function knownBy(view: JournalView): Pick<PlanOptions, 'states' | 'hash'> {
  return {
    hash: (fields) => view.hashInput(fields),
    states: {
      get(login) {
        const state = view.state(login);
        const intent = state && view.readIntent(login);
        return (
          state && {
            ...state,
            fingerprint: intent?.input ?? '',
            passwordFingerprint: intent?.given_password,
            generatedPassword: intent?.generated_password,
          }
        );
      },
    },
  };
}
