import type { ApiClient, Settled } from '../../../src/api/client.ts';
import type { EngineJournal } from '../../../src/import/contract.ts';
import type { NewRecord } from '../../../src/import/journal/journal.ts';

/** Engines with one promise taken out, to see that the proofs notice it. */
export type Variant = 'whole' | 'no-intents' | 'hasty' | 'naive-retries' | 'passwords-in-memory';

export function journalOf(variant: Variant, journal: EngineJournal): EngineJournal {
  return { ...readerOf(journal), append: (record) => appendAs(variant, journal, record) };
}

function readerOf(journal: EngineJournal): Omit<EngineJournal, 'append'> {
  return {
    state: (login) => journal.state(login),
    readIntent: (login) => journal.readIntent(login),
    hashInput: (fields) => journal.hashInput(fields),
    check: () => journal.check(),
  };
}

const underWay = new Map<string, Promise<void>>();
const held = new Map<string, NewRecord>();

async function appendAs(
  variant: Variant,
  journal: EngineJournal,
  record: NewRecord,
): Promise<void> {
  if (variant === 'hasty' && record.kind === 'intent') {
    underWay.set(record.login, journal.append(record));
    return;
  }
  if (variant === 'hasty' && record.kind === 'outcome') await underWay.get(record.login);
  if (variant === 'no-intents') {
    if (record.kind === 'intent') {
      held.set(record.login, record);
      return;
    }
    const intent = record.kind === 'outcome' ? held.get(record.login) : undefined;
    if (intent !== undefined) await journal.append(intent);
    return journal.append(record);
  }
  if (variant === 'passwords-in-memory' && record.kind === 'intent') {
    const { generated_password, ...rest } = record;
    return journal.append(rest);
  }
  return journal.append(record);
}

/** Repeats whatever went wrong, as loops around curl do. */
export function clientOf(variant: Variant, client: ApiClient): ApiClient {
  if (variant !== 'naive-retries') return client;
  return {
    ...client,
    async call(...call) {
      let settled: Settled;
      let left = 3;
      do {
        settled = await client.call(...call);
        left -= 1;
      } while (settled.outcome.class === 'unknown' && left > 0);
      return settled;
    },
  };
}
